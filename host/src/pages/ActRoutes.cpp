#include "pages/PageService.h"

#include "api/PauseWish.h"
#include "api/RunStart.h"
#include "api/TaskAnswers.h"
#include "api/WebActs.h"
#include "pages/ItemsPage.h"
#include "pages/JobWords.h"
#include "pages/PageFrame.h"
#include "pages/ProblemPage.h"
#include "pages/RejectsPage.h"
#include "record/DismissWish.h"
#include "record/Run.h"

namespace carillon {
namespace {

/// To the page that the form came from, when it names one, with what was done; else to `usual`.
HttpResponse leadBack(const WebCall& call, const std::string& job, const std::string& done, const std::string& usual) {
    const std::string to = call.request.formField("to");
    if (to.empty()) return seeOther(usual + "?done=" + done);
    const std::string place = localPath(to);
    return seeOther(place + (place.find('?') == std::string::npos ? '?' : '&') + "done=" + done +
                    "&job=" + encodeUrl(job));
}

/// Leads to the run: of a form that is sent twice, to the same one; of a job that is busy, to the one in progress.
HttpResponse begin(PageService& service, const PageRequest& request, const WebCall& call, RunRequest run) {
    const auto configuration = service.context().host.configuration();
    const JobRef ref = jobToActOn(call, *configuration);
    requireAbility(service.context(), configuration, ref, run.verb);
    run.job = ref.name();
    run.actor = actorOf(call);
    const RunOnce once{call.caller.who->name, call.request.formField("key"), std::chrono::seconds(10)};
    try {
        const std::string id = beginRun(service.context(), once, run);
        return leadBack(call, run.job, "started", runPath(id));
    } catch (const HttpRefusal& refusal) {
        const ProblemWords words = wordsOf(request.reader, refusal.answer());
        if (words.kind != "job-busy" || words.run.empty() || run.verb != WorkerRequest::Verb::Run) throw;
        return seeOther(runPath(words.run) + "?done=busy");
    }
}

HttpResponse run(PageService& service, const PageRequest& request, const WebCall& call) {
    RunRequest run;
    run.trigger = Trigger::Web;
    return begin(service, request, call, std::move(run));
}

HttpResponse replay(PageService& service, const PageRequest& request, const WebCall& call) {
    RunRequest run;
    run.verb = WorkerRequest::Verb::Replay;
    run.trigger = Trigger::Replay;
    run.replay.ids = replayWishOf(call.request).ids;
    return begin(service, request, call, std::move(run));
}

HttpResponse dismiss(PageService& service, const PageRequest& request, const WebCall& call) {
    RunRequest run;
    run.verb = WorkerRequest::Verb::Dismiss;
    run.trigger = Trigger::Replay;
    run.dismissal = dismissWishOf(call.request);
    if (const auto fault = faultOfDismissal(run.dismissal)) throw HttpRefusal(problem(400, "no-reason", fault->text));
    return begin(service, request, call, std::move(run));
}

HttpResponse setPaused(PageService& service, const WebCall& call, bool paused) {
    auto& context = service.context();
    const std::string job = jobToActOn(call, *context.host.configuration()).name();
    std::optional<Pause> pause;
    if (paused) pause = pauseOf(context, {call.request.formField("until"), call.request.formField("note")});
    context.host.setPaused(job, pause, actorOf(call));
    return leadBack(call, job, paused ? "paused" : "resumed", jobPath(job));
}

/// A run, or what a job runs, and where it is shown.
struct StopPlace {
    std::string job{};
    std::string run{};
    std::string path{};
};

StopPlace jobPlace(PageService& service, const WebCall& call) {
    const std::string job = jobToActOn(call, *service.context().host.configuration()).name();
    return {job, "", jobPath(job)};
}

StopPlace runPlace(PageService& service, const WebCall& call) {
    const std::string& run = call.argument("run");
    return {jobOfRunToActOn(service.context(), call), run, runPath(run)};
}

HttpResponse confirmStop(PageService& service, const Template& page, const PageRequest& request,
                         const StopPlace& what) {
    const Texts& texts = request.texts();
    const Texts::Values names{{"job", what.job}, {"run", what.run}};
    const bool isJob = what.run.empty();
    const std::string title = isJob ? texts.say("stop.title.job", names) : texts.say("stop.title.run", names);
    Fields fields;
    setActing(fields, request.caller, what.job);
    fields.set("heading", title);
    fields.set("which", isJob ? texts.say("stop.which.job", names) : texts.say("stop.which.run", names));
    fields.set("place", what.path);
    const std::string to = request.request.formField("to");
    setText(fields, "to", to.empty() ? "" : localPath(to));
    fields.set("back", to.empty() ? what.path : localPath(to));
    return service.frame().page(request, {title, "", {}, what.path}, page.render(fields, texts));
}

HttpResponse stop(PageService& service, const WebCall& call, const StopPlace& what) {
    stopRuns(service.context(), call, what.job, what.run);
    return leadBack(call, what.job, "stopping", what.path);
}

/// Each asks first, and changes nothing before that.
void addStop(Router& router, PageService& service, const std::string& path,
             StopPlace (*placeOf)(PageService& service, const WebCall& call)) {
    const auto page = std::make_shared<const Template>("stop.html");
    service.add(router, "POST", path + "/stop", Need::Operator,
                [&service, page, placeOf](const auto& request, const auto& call) {
                    return confirmStop(service, *page, request, placeOf(service, call));
                });
    service.add(
        router, "POST", path + "/stop/confirmed", Need::Operator,
        [&service, placeOf](const auto&, const auto& call) { return stop(service, call, placeOf(service, call)); });
}

}  // namespace

void addActs(Router& router, PageService& service) {
    const std::string job = "/jobs/{job}";
    service.add(router, "POST", job + "/run", Need::Operator,
                [&service](const auto& request, const auto& call) { return run(service, request, call); });
    service.add(router, "POST", job + "/replay/confirmed", Need::Operator,
                [&service](const auto& request, const auto& call) { return replay(service, request, call); });
    service.add(router, "POST", job + "/dismiss/confirmed", Need::Operator,
                [&service](const auto& request, const auto& call) { return dismiss(service, request, call); });
    service.add(router, "POST", job + "/pause", Need::Operator,
                [&service](const auto&, const auto& call) { return setPaused(service, call, true); });
    service.add(router, "POST", job + "/resume", Need::Operator,
                [&service](const auto&, const auto& call) { return setPaused(service, call, false); });
    addStop(router, service, job, jobPlace);
    addStop(router, service, "/runs/{run}", runPlace);
}

}  // namespace carillon
