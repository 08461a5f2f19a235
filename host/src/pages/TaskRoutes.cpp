#include "pages/PageService.h"

#include "api/Filters.h"
#include "api/TaskAnswers.h"
#include "pages/CheckPage.h"
#include "pages/ItemsPage.h"
#include "pages/ProblemPage.h"
#include "pages/RejectsPage.h"

#include <memory>

namespace carillon {
namespace {

constexpr std::size_t kRejectsOfAPage = 100;
constexpr std::size_t kItemsOfAPage = 50;

HttpResponse showRejects(PageService& service, const RejectsPage& page, const PageRequest& request,
                         const WebCall& call) {
    const auto configuration = service.context().host.configuration();
    const AskedJob asked = askedJob(configuration, jobOf(call, *configuration));
    RejectsSource source;
    source.job = asked.job.name;
    source.plugin = asked.job.plugin;
    source.reason = call.request.query.get("reason", "");
    source.older = call.request.query.get("older", "");
    RejectQuery query = rejectQueryOf(call);
    query.limit = kRejectsOfAPage + 1;
    query.receivedBefore = receivedBefore(source.older, request.reader.now);
    source.isFirst = query.after == 0;
    source.keepsItems =
        service.context().abilities.of(service.context(), asked.configuration->host, asked.job).keepsItems;
    source.rejects = askRejects(service.context(), asked, query);
    if (source.rejects.size() > kRejectsOfAPage) {
        source.rejects.pop_back();
        source.next = nextPath(request, std::to_string(source.rejects.back().id));
    }
    return page.answer(service.frame(), request, source);
}

HttpResponse showItems(PageService& service, const ItemsPage& page, const PageRequest& request, const WebCall& call) {
    const auto configuration = service.context().host.configuration();
    const AskedJob asked = askedJob(configuration, jobOf(call, *configuration));
    ItemsSource source;
    source.job = asked.job.name;
    source.plugin = asked.job.plugin;
    source.since = call.request.query.get("since", "");
    source.query = itemQueryOf(service.context(), call, source.job);
    source.query.people = call.caller.mayReadPeople(source.job);
    source.query.limit = kItemsOfAPage + 1;
    source.items = askItems(service.context(), asked, source.query);
    if (source.items.size() > kItemsOfAPage) {
        source.items.pop_back();
        source.next = nextPath(request, std::to_string(source.items.back().id));
    }
    return page.answer(service.frame(), request, source);
}

std::string nameToActOn(PageService& service, const WebCall& call, WorkerRequest::Verb act) {
    const auto configuration = service.context().host.configuration();
    const JobRef ref = jobToActOn(call, *configuration);
    requireAbility(service.context(), configuration, ref, act);
    return ref.name();
}

/// What a check that is sent as it goes on needs beyond the request, which is gone by then.
struct CheckCall {
    HttpRequest request{};
    Caller caller{};
    Reader reader;
    std::shared_ptr<const PluginTexts> plugins{};
    AskedJob asked{};
};

void streamCheck(PageService& service, const CheckPage& page, const CheckCall& call, HttpStream& stream) {
    const PageRequest request{call.request, call.caller, call.reader, call.plugins};
    const Texts& texts = request.texts();
    const Texts& own = request.textsOf(call.asked.job.plugin);
    const std::string& job = call.asked.job.name;
    const PageHead head{texts.say("check.title", {{"job", job}}), "", {}, "/jobs/" + encodeUrl(job) + "/check"};
    const auto [before, after] = service.frame().split(request, head);
    stream.write(before + page.begin(request, job));
    std::size_t failed = 0;
    std::size_t warned = 0;
    const auto take = [&](const Check& check) {
        failed += check.state == CheckState::Failed;
        warned += check.state == CheckState::Warning;
        stream.write(page.item(request.reader, own, check));
    };
    try {
        askChecks(service.context(), call.asked, take);
    } catch (const HttpRefusal& refusal) {  // the head of the answer is sent
        const ProblemWords words = wordsOf(request.reader, refusal.answer());
        take({"plugin", CheckState::Failed, words.what, {}, words.todo});
    }
    stream.write(page.end(request, job, failed, warned) + after);
}

HttpResponse runCheck(PageService& service, const std::shared_ptr<const CheckPage>& page, const PageRequest& request,
                      const WebCall& call) {
    const auto configuration = service.context().host.configuration();
    AskedJob asked = askedJob(configuration, jobToActOn(call, *configuration));
    const auto kept = std::make_shared<const CheckCall>(
        CheckCall{call.request, call.caller, request.reader, request.plugins, std::move(asked)});
    HttpResponse answer = htmlAnswer("");
    answer.stream = [&service, page, kept](HttpStream& stream) { streamCheck(service, *page, *kept, stream); };
    return answer;
}

}  // namespace

void addTaskPages(Router& router, PageService& service) {
    const auto rejects = std::make_shared<const RejectsPage>();
    const auto check = std::make_shared<const CheckPage>();
    const std::string job = "/jobs/{job}";
    service.add(router, "GET", job + "/rejects", Need::Viewer,
                [&service, rejects](const auto& request, const auto& call) {
                    return showRejects(service, *rejects, request, call);
                });
    // Asks before it replays, and changes nothing.
    service.add(
        router, "POST", job + "/replay", Need::Operator, [&service, rejects](const auto& request, const auto& call) {
            return rejects->confirm(service.frame(), request, nameToActOn(service, call, WorkerRequest::Verb::Replay),
                                    replayWishOf(call.request));
        });
    const auto items = std::make_shared<const ItemsPage>();
    service.add(router, "GET", job + "/items", Need::Viewer, [&service, items](const auto& request, const auto& call) {
        return showItems(service, *items, request, call);
    });
    service.add(
        router, "POST", job + "/dismiss", Need::Operator, [&service, items](const auto& request, const auto& call) {
            return items->confirm(service.frame(), request, nameToActOn(service, call, WorkerRequest::Verb::Dismiss),
                                  dismissWishOf(call.request));
        });
    service.add(router, "GET", job + "/check", Need::Viewer, [&service, check](const auto& request, const auto& call) {
        const std::string name = jobOf(call, *service.context().host.configuration()).name();
        return check->show(service.frame(), request, name);
    });
    service.add(
        router, "POST", job + "/check", Need::Operator,
        [&service, check](const auto& request, const auto& call) { return runCheck(service, check, request, call); });
}

}  // namespace carillon
