#include "pages/Acting.h"

#include "access/Secrets.h"

namespace carillon {

void setActing(Fields& fields, const Asker& asker, const std::string& job) {
    const bool may = asker.mayOperate(job) && !asker.csrf.empty();
    fields.set("mayAct", asFlag(may));
    fields.set("csrf", asker.csrf);
    fields.set("key", may ? randomText() : "");
    fields.set("nobody", asFlag(!may && asker.isLocalReader));
    fields.set("onlyLooks", asFlag(!may && !asker.isLocalReader));
}

}  // namespace carillon
