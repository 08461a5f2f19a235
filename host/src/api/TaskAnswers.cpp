#include "api/TaskAnswers.h"

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
    checkJob(asked.configuration->host, asked.job, sink, Launch::Spawn);
}

std::vector<Reject> askRejects(ApiContext& context, const AskedJob& asked, const RejectQuery& query) {
    const ApiPlace place(context.asking, kMostAsking);
    const Turnstile::Break aside(context.turns);
    std::vector<Reject> found;
    std::vector<ConfigFault> faults;
    WorkerListener listener;
    listener.onMessage = Hearing([&found](const Reject& reject) { found.push_back(reject); },
                                 [&faults](const ConfigFault& fault) { faults.push_back(fault); });
    const auto error =
        askTask(asked.configuration->host, asked.job, WorkerRequest::Verb::Rejects, query, listener, Launch::Spawn)
            .error;
    if (!faults.empty() || !error.empty()) throw HttpRefusal(faultyAnswer(faults, error));
    return found;
}

}  // namespace carillon
