#include "web/ApiTasks.h"

#include "report/JobLog.h"
#include "runner/TaskQuery.h"
#include "web/ApiJson.h"

#include <charconv>

namespace carillon {
namespace {

/// Processes that answer at once.
constexpr int kMostAsking = 4;

HttpAnswer faultyAnswer(const std::vector<ConfigFault>& faults, const std::string& error) {
    std::string detail = error;
    for (const auto& fault : faults) detail += (detail.empty() ? "" : "\n") + fault.sentence();
    return problem(502, "task-failed", detail);
}

JobConfig configOf(const JobRef& ref) {
    JobConfig config = ref.config();
    if (!config.faults.empty()) throw HttpRefusal(problem(409, "job-faulty", config.faults.front().sentence()));
    return config;
}

std::vector<Check> checksOf(const HostConfig& host, const JobConfig& job) {
    std::vector<Check> checks;
    JobLog log(job, host.logsDir);
    WorkerListener listener;
    listener.onCheck = [&checks](const Check& check) { checks.push_back(check); };
    listener.onLog = [&log](Poco::Message::Priority level, Poco::Timestamp at, const std::string& text) {
        log.write("check", level, at, text);
    };
    listener.onFault = [&checks](const ConfigFault& fault) {
        checks.push_back({"configuration",
                          CheckState::Failed,
                          fault.sentence(),
                          {},
                          "correct the job's file, then carillon validate"});
    };
    const auto error = askTask(host, job, WorkerRequest::Verb::Check, {}, listener, Launch::Spawn).error;
    if (!error.empty())
        checks.push_back(
            {"plugin", CheckState::Failed, error, {}, "see carillon plugins and carillon logs " + job.name});
    return checks;
}

HttpAnswer check(ApiContext& context, const WebCall& call) {
    const ApiPlace place(context.asking, kMostAsking);
    const auto configuration = context.host.configuration();
    const JobConfig job = configOf(jobToActOn(call, *configuration));
    JsonWriter json;
    json.beginObject().member("job", job.name).key("checks").beginArray();
    bool passed = true;
    for (const auto& check : checksOf(configuration->host, job)) {
        write(json, check);
        passed = passed && check.state != CheckState::Failed;
    }
    json.endArray().member("passed", passed).endObject();
    return jsonAnswer(json.takeLine());
}

RejectQuery rejectQueryOf(const WebCall& call) {
    RejectQuery query;
    query.limit = limitOf(call) + 1;
    query.reason = call.request.query.get("reason", "");
    const auto place = cursorOf(call);
    if (!place) return query;
    const auto [end, error] = std::from_chars(place->data(), place->data() + place->size(), query.after);
    if (error != std::errc{} || end != place->data() + place->size())
        throw HttpRefusal(problem(400, "", "the cursor is none that this host gave"));
    return query;
}

HttpAnswer rejects(ApiContext& context, const WebCall& call) {
    const auto configuration = context.host.configuration();
    const JobConfig job = configOf(jobOf(call, *configuration));
    const RejectQuery query = rejectQueryOf(call);
    const ApiPlace place(context.asking, kMostAsking);
    std::vector<Reject> found;
    std::vector<ConfigFault> faults;
    WorkerListener listener;
    listener.onReject = [&found](const Reject& reject) { found.push_back(reject); };
    listener.onFault = [&faults](const ConfigFault& fault) { faults.push_back(fault); };
    const auto error =
        askTask(configuration->host, job, WorkerRequest::Verb::Rejects, query, listener, Launch::Spawn).error;
    if (!faults.empty() || !error.empty()) return faultyAnswer(faults, error);
    const bool more = found.size() == query.limit;
    if (more) found.pop_back();
    JsonPage page;
    for (const auto& reject : found) write(page.item(), reject);
    return jsonAnswer(page.end(more ? encodeCursor(std::to_string(found.back().id)) : ""));
}

}  // namespace

void addTaskRoutes(Router& router, ApiContext& context) {
    router.add("POST", "/api/v1/jobs/{job}/check", Need::Operator,
               [&context](const WebCall& call) { return check(context, call); });
    router.add("GET", "/api/v1/jobs/{job}/rejects", Need::Viewer,
               [&context](const WebCall& call) { return rejects(context, call); });
}

}  // namespace carillon
