#include "pages/Pages.h"

#include "api/ApiContext.h"
#include "pages/PageFrame.h"
#include "words/HostTexts.h"

#include <charconv>
#include <limits>

namespace carillon {
namespace {

/// More of them would hide the jobs.
constexpr std::size_t kNamedTroubles = 10;
constexpr std::size_t kAllJobs = std::numeric_limits<std::size_t>::max();

/// How many jobs stand on the pages before.
std::size_t placeOf(const WebCall& call) {
    const std::string place = cursorOf(call).value_or("0");
    std::size_t first = 0;
    const auto [end, error] = std::from_chars(place.data(), place.data() + place.size(), first);
    if (error != std::errc{} || end != place.data() + place.size())
        throw HttpRefusal(problem(400, "", sayHost("request.cursor")));
    return first;
}

bool wantsPage(const HttpRequest& request) {
    return !request.path.starts_with("/api/") && request.header("Accept").find("text/html") != std::string::npos;
}

/// Back to where the form was, with a choice that is kept for a year.
HttpResponse keepChoice(const PageRequest& request, const std::string& cookie, const std::string& choice) {
    return seeOther(localPath(request.request.formField("to")))
        .with("Set-Cookie", cookie + '=' + choice + "; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
}

HttpResponse chooseLanguage(const PageRequest& request) {
    return keepChoice(request, kLanguageCookie, request.request.formField("language") == "fr" ? "fr" : "en");
}

HttpResponse chooseTheme(const PageRequest& request) {
    const auto theme = enumOf<Theme>(request.request.formField("theme")).value_or(Theme::Auto);
    return keepChoice(request, kThemeCookie, std::string(nameOf(theme)));
}

}  // namespace

Pages::Pages(ApiContext& context, WebAccess& access, const std::string& stateDir)
    : _service(context, access, stateDir), _signIn(access) {}

Pages::~Pages() {
    if (_warming.joinable()) _warming.join();
}

void Pages::addRoutes(Router& router) {
    const auto add = [&](const char* method, const char* path, Need need, PageService::Handler handler) {
        _service.add(router, method, path, need, std::move(handler));
    };
    add("GET", "/", Need::Viewer, [this](const auto& request, const auto& call) { return overview(request, call); });
    add("GET", "/sign-in", Need::Nobody,
        [this](const auto& request, const auto&) { return _signIn.show(_service.frame(), request); });
    add("POST", "/sign-in", Need::Nobody, [this](const auto& request, const auto&) {
        return _signIn.signIn(_service.context(), _service.frame(), request);
    });
    add("POST", "/sign-out", Need::Nobody,
        [this](const auto& request, const auto&) { return _signIn.signOut(_service.context(), request); });
    add("POST", "/language", Need::Nobody, [](const auto& request, const auto&) { return chooseLanguage(request); });
    add("POST", "/theme", Need::Nobody, [](const auto& request, const auto&) { return chooseTheme(request); });
    addJobPages(router, _service);
    addMarkRoute(router, _service);
    addLedgerPage(router, _service);
    addTimelinePage(router, _service);
    addChartsPage(router, _service);
    addTaskPages(router, _service);
    addActs(router, _service);
    addActivityPage(router, _service);
    addAlertsPage(router, _service);
    addCalendarsPage(router, _service);
    addUsersPage(router, _service);
    addHelpPage(router, _service);
    addAssetRoutes(router);
    _warming = std::thread([this] { warmUp(); });
}

/// So that the first one who looks does not wait for the whole ledger of a day.
void Pages::warmUp() {
    try {
        const Caller everybody{{}, true, "", {}};
        _service.dayBook().read(visibleJobs(everybody, *_service.context().host.configuration(), "", kAllJobs).names);
    } catch (const Poco::Exception&) {  // told to the first one who looks
    }
}

HttpResponse Pages::shown(const HttpRequest& request, HttpResponse answer) {
    if (answer.type != "application/problem+json") return answer;
    if (!wantsPage(request)) return inLanguage(std::move(answer), languageOf(request), *_service.pluginTexts());
    const Caller caller = _service.access().identify(request);
    const PageRequest page = _service.requestOf(request, caller);
    if (answer.status == 401) return seeOther("/sign-in?to=" + encodeUrl(page.place()));
    return _problem.answer(_service.frame(), page, answer);
}

HttpResponse Pages::overview(const PageRequest& request, const WebCall& call) {
    ApiContext& context = _service.context();
    const auto configuration = context.host.configuration();
    OverviewSource source;
    // All of them, whatever the page shows: the order is over all, and so are the sums.
    source.jobs = context.host.jobStates(visibleJobs(call.caller, *configuration, "", kAllJobs).names);
    std::vector<std::string> known;
    for (const auto& job : source.jobs) known.push_back(job.job);
    source.days = _service.days(known);
    // Some are about jobs that are not for these eyes.
    if (!call.caller.isLimited()) {
        const HostState state = context.host.state();
        source.alarms = alarmsOfHost(request.reader, state, *configuration, _service.access().accounts().fault());
        source.kept = state.kept;
    }
    const auto standings = context.standings.read();
    for (const auto& job : source.jobs)
        if (standings->isLate(job.job)) source.late.insert(job.job);
    source.progress = context.progress.all();
    source.unmet = standings->unmet;
    source.openRejects = standings->openRejects;
    auto troubles = standings->troubles;
    std::erase_if(troubles, [&call](const JobTrouble& trouble) { return !call.caller.mayView(trouble.job); });
    if (troubles.size() > kNamedTroubles) troubles.resize(kNamedTroubles);
    for (auto& alarm : alarmsOfJobs(request.reader, troubles)) source.alarms.push_back(std::move(alarm));
    source.state = call.request.query.get("state", "");
    source.text = call.request.query.get("text", "");
    source.order = overviewOrderOf(call.request.query.get("sort", ""));
    source.first = placeOf(call);
    source.notice = noticeOf(request);
    if (const std::string job = call.request.query.get("job", ""); configuration->find(job) && call.caller.mayView(job))
        source.noticeJob = job;
    return _overview.answer(_service.frame(), request, source);
}

}  // namespace carillon
