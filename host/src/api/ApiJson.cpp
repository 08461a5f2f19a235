#include "api/ApiJson.h"

namespace carillon {
std::string JsonPage::end(const std::string& next) {
    _json.endArray();
    JsonOut<JsonForm::Public> members(_json);
    members.orNull("next", next);
    return _json.endObject().takeLine();
}

void writeMembers(JsonWriter& json, const JobState& job, const KnownStandings& standings) {
    JsonOut<JsonForm::Public> members(json);
    writeFields(members, job);
    members("snoozed_until", standings.snoozedUntil(job.job));
    members("unmet", standings.unmetOf(job.job));
    members("open_rejects", standings.openRejectsOf(job.job));
}

// The process, the file and the address are for who is on the machine.
void write(JsonWriter& json, const HostState& state, const std::vector<JobTrouble>& troubles) {
    HostState shown = state;
    shown.pid = 0;
    shown.config.clear();
    shown.http.clear();
    json.beginObject();
    JsonOut<JsonForm::Public> members(json);
    writeFields(members, shown);
    members("troubles", troubles);
    json.endObject();
}

}  // namespace carillon
