#include "cli/JsonOutput.h"

#include "schedule/LocalTime.h"

#include "Poco/JSON/Parser.h"

namespace carillon {

Poco::Dynamic::Var runJson(const RunRow& run) {
    if (run.report && !run.report->empty()) {
        Poco::JSON::Parser parser(new Poco::JSON::ParseHandler(true));
        return parser.parse(*run.report);
    }
    auto json = orderedObject();
    json->set("job", run.job);
    json->set("run", run.id);
    json->set("trigger", run.trigger);
    json->set("outcome", run.outcome ? std::string(outcomeName(*run.outcome)) : "running");
    json->set("message", run.message);
    json->set("scheduled_at", toRfc3339(run.scheduledAt));
    json->set("started_at", toRfc3339(run.startedAt));
    json->set("finished_at", run.finishedAt ? Poco::Dynamic::Var(toRfc3339(*run.finishedAt)) : Poco::Dynamic::Var());
    json->set("attempt", run.attempt);
    json->set("host", run.host);
    return json;
}

}  // namespace carillon
