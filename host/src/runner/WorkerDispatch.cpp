#include "runner/WorkerDispatch.h"

#include "runner/WorkerMessages.h"

#include <algorithm>

namespace carillon {
namespace {

Poco::Message::Priority priorityOf(int level) {
    return static_cast<Poco::Message::Priority>(
        std::clamp<int>(level, Poco::Message::PRIO_FATAL, Poco::Message::PRIO_TRACE));
}

}  // namespace

void dispatchMessage(const std::string& kind, const JsonValue& value, TaskOutput& output) {
    if (kind == "log")
        output.log(priorityOf(value["level"].number<int>()), Poco::Timestamp(value["at"].number<std::int64_t>()),
                   value["text"].text());
    else if (kind == "progress")
        output.progress(value["done"].number<std::uint64_t>(), value["total"].number<std::uint64_t>(),
                        value["what"].text());
    else if (kind == "conceal")
        output.conceal(value.text());
    else if (kind == "check")
        output.check(checkFromJson(value));
    else if (kind == "reject")
        output.reject(rejectFromJson(value));
    else if (kind == "planned")
        output.planned(plannedItemFromJson(value));
    else if (kind == "mail_account")
        output.mailAccount(mailAccountFromJson(value));
    else if (kind == "fault")
        output.fault(faultFromJson(value));
    else if (kind == "plugin")
        output.plugin(pluginFromJson(value));
    else if (kind == "report")
        output.report(reportFromJson(value));
    else if (kind == "error")
        output.error(value.text());
    else if (kind == "done")
        output.done();
    else
        throw Poco::DataFormatException("a message of no known kind: " + kind);
}

}  // namespace carillon
