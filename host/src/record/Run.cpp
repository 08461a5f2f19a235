#include "record/Run.h"

namespace carillon {

void writePublic(JsonWriter& json, const RunRow& run) {
    if (run.report && !run.report->empty())
        json.raw(*run.report);
    else
        writeJson<JsonForm::Public>(json, run);
}

}  // namespace carillon
