#include "web/pages/ActRoutes.h"

#include "store/RunRows.h"
#include "web/RunStart.h"
#include "web/pages/JobWords.h"
#include "web/pages/ProblemPage.h"
#include "web/pages/RejectsPage.h"

namespace carillon {
namespace {

/// Leads to the run: of a form that is sent twice, to the same one; of a job that is busy, to the one in progress.
HttpAnswer begin(PageService& service, const PageRequest& request, const WebCall& call, RunAsk ask) {
    ask.job = jobToActOn(call, *service.context().host.configuration()).name();
    const RunOnce once{call.asker.who->name, call.request.formField("key"), std::chrono::seconds(10)};
    try {
        return seeOther(runPath(beginRun(service.context(), once, ask)) + "?done=started");
    } catch (const HttpRefusal& refusal) {
        const ProblemWords words = wordsOf(request.texts(), refusal.answer());
        if (words.kind != "job-busy" || words.run.empty() || ask.verb == WorkerRequest::Verb::Replay) throw;
        return seeOther(runPath(words.run) + "?done=busy");
    }
}

HttpAnswer run(PageService& service, const PageRequest& request, const WebCall& call) {
    RunAsk ask;
    ask.trigger = "web";
    return begin(service, request, call, std::move(ask));
}

HttpAnswer replay(PageService& service, const PageRequest& request, const WebCall& call) {
    RunAsk ask;
    ask.verb = WorkerRequest::Verb::Replay;
    ask.trigger = kReplayTrigger;
    ask.replay.ids = replayWishOf(call.request).ids;
    return begin(service, request, call, std::move(ask));
}

HttpAnswer setPaused(PageService& service, const WebCall& call, bool paused) {
    const std::string job = jobToActOn(call, *service.context().host.configuration()).name();
    service.context().host.setPaused(job, paused);
    return seeOther(jobPath(job) + (paused ? "?done=paused" : "?done=resumed"));
}

}  // namespace

void addActs(Router& router, PageService& service) {
    const std::string job = "/jobs/{job}";
    service.add(router, "POST", job + "/run", Need::Operator,
                [&service](const auto& request, const auto& call) { return run(service, request, call); });
    service.add(router, "POST", job + "/replay/confirmed", Need::Operator,
                [&service](const auto& request, const auto& call) { return replay(service, request, call); });
    service.add(router, "POST", job + "/pause", Need::Operator,
                [&service](const auto&, const auto& call) { return setPaused(service, call, true); });
    service.add(router, "POST", job + "/resume", Need::Operator,
                [&service](const auto&, const auto& call) { return setPaused(service, call, false); });
}

}  // namespace carillon
