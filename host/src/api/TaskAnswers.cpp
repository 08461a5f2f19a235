#include "api/TaskAnswers.h"

#include "logs/JobLog.h"
#include "runner/TaskQuery.h"

namespace carillon {
namespace {

/// Processes that answer at once.
constexpr int kMostAsking = 4;

HttpResponse faultyAnswer(const std::vector<ConfigFault>& faults, const std::string& error) {
    std::string detail = error;
    for (const auto& fault : faults) detail += (detail.empty() ? "" : "\n") + fault.sentence();
    return problem(502, "task-failed", detail);
}

}  // namespace

AskedJob askedJob(std::shared_ptr<const Configuration> configuration, const JobRef& ref) {
    AskedJob asked{std::move(configuration), ref.config()};
    if (!asked.job.faults.empty()) throw HttpRefusal(problem(409, "job-faulty", asked.job.faults.front().sentence()));
    return asked;
}

void askChecks(ApiContext& context, const AskedJob& asked, const CheckSink& sink) {
    const ApiPlace place(context.asking, kMostAsking);
    const auto& host = asked.configuration->host;
    JobLog log(asked.job, host.logsDir);
    WorkerListener listener;
    listener.onCheck = sink;
    listener.onLog = [&log](Poco::Message::Priority level, Poco::Timestamp at, const std::string& text) {
        log.write("check", level, at, text);
    };
    listener.onFault = [&sink](const ConfigFault& fault) {
        sink({"configuration",
              CheckState::Failed,
              fault.sentence(),
              {},
              "correct the job's file, then carillon validate"});
    };
    const auto error = askTask(host, asked.job, WorkerRequest::Verb::Check, {}, listener, Launch::Spawn).error;
    if (!error.empty())
        sink({"plugin", CheckState::Failed, error, {}, "see carillon plugins and carillon logs " + asked.job.name});
}

std::vector<Reject> askRejects(ApiContext& context, const AskedJob& asked, const RejectQuery& query) {
    const ApiPlace place(context.asking, kMostAsking);
    const Turnstile::Break aside(context.turns);
    std::vector<Reject> found;
    std::vector<ConfigFault> faults;
    WorkerListener listener;
    listener.onReject = [&found](const Reject& reject) { found.push_back(reject); };
    listener.onFault = [&faults](const ConfigFault& fault) { faults.push_back(fault); };
    const auto error =
        askTask(asked.configuration->host, asked.job, WorkerRequest::Verb::Rejects, query, listener, Launch::Spawn)
            .error;
    if (!faults.empty() || !error.empty()) throw HttpRefusal(faultyAnswer(faults, error));
    return found;
}

}  // namespace carillon
