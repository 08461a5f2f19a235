#include "api/TaskAnswers.h"

#include "runner/TaskQuery.h"
#include "words/HostTexts.h"

namespace carillon {
namespace {

HttpResponse faultyAnswer(const std::vector<ConfigFault>& faults, const Message& error) {
    Message detail = error;
    for (const auto& fault : faults) detail += (detail.empty() ? Message() : Message("\n")) + fault.message();
    return problem(502, "task-failed", detail);
}

}  // namespace

AskedJob askedJob(std::shared_ptr<const Configuration> configuration, const JobRef& ref) {
    AskedJob asked{std::move(configuration), ref.config()};
    if (!asked.job.faults.empty()) throw HttpRefusal(problem(409, "job-faulty", asked.job.faults.front().message()));
    return asked;
}

void requireRejects(ApiContext& context, const AskedJob& asked) {
    if (!context.abilities.of(context, asked.configuration->host, asked.job).keepsRejects)
        throw HttpRefusal(problem(404, "no-rejects", sayHost("request.norejects", {{"job", asked.job.name}})));
}

void requireItems(ApiContext& context, const AskedJob& asked) {
    if (!context.abilities.of(context, asked.configuration->host, asked.job).keepsItems)
        throw HttpRefusal(problem(404, "no-items", sayHost("request.noitems", {{"job", asked.job.name}})));
}

void requireAbility(ApiContext& context, const std::shared_ptr<const Configuration>& configuration, const JobRef& ref,
                    WorkerRequest::Verb act) {
    if (act == WorkerRequest::Verb::Replay) requireRejects(context, askedJob(configuration, ref));
    if (act == WorkerRequest::Verb::Dismiss) requireItems(context, askedJob(configuration, ref));
}

void askChecks(ApiContext& context, const AskedJob& asked, const CheckSink& sink) {
    const ApiPlace place(context.asking, kMostAsking);
    checkJob(asked.configuration->host, asked.job, sink, Launch::Spawn);
}

namespace {

/// What the task says of one kind, asked by `ask` with a listener. Throws HttpRefusal.
template <class Answer, class Ask>
std::vector<Answer> answersOf(ApiContext& context, const Ask& ask) {
    const ApiPlace place(context.asking, kMostAsking);
    const Turnstile::Break aside(context.turns);
    std::vector<Answer> found;
    std::vector<ConfigFault> faults;
    WorkerListener listener;
    listener.onMessage = Hearing([&found](const Answer& answer) { found.push_back(answer); },
                                 [&faults](const ConfigFault& fault) { faults.push_back(fault); });
    const WorkerEnd end = ask(listener);
    if (!faults.empty() || !end.error.empty()) throw HttpRefusal(faultyAnswer(faults, end.error));
    return found;
}

}  // namespace

std::vector<Reject> askRejects(ApiContext& context, const AskedJob& asked, const RejectQuery& query) {
    requireRejects(context, asked);
    return answersOf<Reject>(context, [&](const WorkerListener& listener) {
        return askTask(asked.configuration->host, asked.job, WorkerRequest::Verb::Rejects, query, listener,
                       Launch::Spawn);
    });
}

std::vector<Item> askItems(ApiContext& context, const AskedJob& asked, const ItemQuery& query) {
    requireItems(context, asked);
    return answersOf<Item>(context, [&](const WorkerListener& listener) {
        return askItems(asked.configuration->host, asked.job, WorkerRequest::Verb::Items, query, listener,
                        Launch::Spawn);
    });
}

}  // namespace carillon
