#include "pages/Acting.h"

#include "access/Secrets.h"

namespace carillon {

void setActing(Fields& fields, const Caller& caller, const std::string& job) {
    const bool may = caller.mayOperate(job) && !caller.csrf.empty();
    fields.set("mayAct", asFlag(may));
    fields.set("csrf", caller.csrf);
    fields.set("key", may ? randomText() : "");
    fields.set("nobody", asFlag(!may && caller.isLocalReader));
    fields.set("onlyLooks", asFlag(!may && !caller.isLocalReader));
}

}  // namespace carillon
