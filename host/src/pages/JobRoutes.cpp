#include "pages/PageService.h"

#include "alerts/RunJudgement.h"
#include "api/ApiContext.h"
#include "api/Filters.h"
#include "base/Fields.h"
#include "base/FilePath.h"
#include "pages/GoneRunPage.h"
#include "pages/JobPage.h"
#include "pages/LogPage.h"
#include "pages/RunPage.h"
#include "pages/RunProgress.h"
#include "pages/WhyPage.h"
#include "schedule/ZoneDatabase.h"
#include "words/HostTexts.h"

#include "Poco/Exception.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>

namespace carillon {
namespace {

constexpr std::size_t kRunsOfAPage = 25;
constexpr std::size_t kChartedRuns = 40;
constexpr std::size_t kFirings = 5;
constexpr std::size_t kLinesOfARun = 2'000;
/// Logs that are read for all jobs at once: those that ran last.
constexpr std::size_t kLogsAtOnce = 30;

HttpResponse showJob(PageService& service, const JobPage& page, const PageRequest& request, const WebCall& call) {
    auto& context = service.context();
    JobSource source;
    const auto configuration = context.host.configuration();
    source.job = jobOf(call, *configuration);
    const std::string name = source.job.name();
    if (!source.job.isFaulty())
        source.abilities = context.abilities.of(context, configuration->host, source.job.config());
    const auto states = context.host.jobStates(std::vector{name});
    if (states.empty()) refuseJob(name);
    source.state = states.front();
    source.day = service.days({name}).front();
    source.progress = context.progress.of(source.state.run);
    RunQuery query = runQueryOf(context, call, name);
    query.limit = kRunsOfAPage + 1;
    Found<RunRow> found;
    RunQuery charted{name, kChartedRuns};
    charted.ownWork = true;
    std::tie(source.lastRuns, found) =
        context.stores.with([&](RunStore& store) { return std::pair(store.history(charted), store.search(query)); });
    source.next = nextPath(request, cutOff(found, query));
    source.runs = std::move(found.rows);
    source.lookedBackTo = found.lookedBackTo;
    source.isFirst = !call.request.query.has("cursor");
    source.filter = filterWordsOf(call, "outcome");
    const auto standings = context.standings.read();
    source.snoozedUntil = standings->snoozedUntil(name);
    source.isLate = standings->isLate(name);
    const auto& pause = source.state.pause;
    if (source.state.next != kNever)
        source.firings = nextFirings(source.job, request.reader.now, kFirings);
    else if (pause && pause->until && source.state.enabled)  // one at that very moment fires
        source.firings = nextFirings(source.job, *pause->until - std::chrono::microseconds(1), kFirings);
    source.unmet = standings->unmetOf(name);
    source.openRejects = standings->openRejectsOf(name);
    source.notice = noticeOf(request);
    return page.answer(service.frame(), request, source);
}

/// What other tables than the history tell of a run. Throws HttpRefusal: 404, they know nothing, or it is not for
/// these eyes.
HttpResponse showGoneRun(PageService& service, const PageRequest& request, const WebCall& call) {
    static const GoneRunPage page;
    auto& context = service.context();
    const std::string& id = call.argument("run");
    const auto gone = context.stores.with([&](RunStore& store) { return store.goneRun(id); });
    const std::string name = gone ? gone->job() : "";
    if (name.empty() || !call.caller.mayView(name))
        throw HttpRefusal(problem(404, "no-run", sayHost("request.norun", {{"run", id}})));
    GoneRunSource source{id, *gone, false, {}};
    const auto configuration = context.host.configuration();
    if (const auto job = configuration->find(name)) {
        source.jobExists = true;
        const std::string path = job->isFaulty() ? "" : logPathOf(*job, configuration->host);
        RunRow run;
        run.id = id;
        run.job = name;
        run.startedAt = gone->claimedAt;
        if (!path.empty()) source.log = logEntriesOf(run, path, kLinesOfARun).entries;
    }
    return page.answer(service.frame(), request, source);
}

HttpResponse showRun(PageService& service, const RunPage& page, const PageRequest& request, const WebCall& call) {
    auto& context = service.context();
    const std::string& id = call.argument("run");
    const auto row = context.stores.with([&](RunStore& store) { return store.toldRun(id); });
    if (!row) return showGoneRun(service, request, call);
    if (!call.caller.mayView(row->job))
        throw HttpRefusal(problem(404, "no-run", sayHost("request.norun", {{"run", id}})));
    RunSource source{*row};
    const auto configuration = context.host.configuration();
    if (const auto job = configuration->find(row->job); job && !job->isFaulty()) {
        source.jobExists = true;
        source.plugin = job->settings()->plugin;
        source.keepsRejects = context.abilities.of(context, configuration->host, job->config()).keepsRejects;
        source.findings = judgeRun(job->settings()->expectations, *row, request.reader.now);
        const std::string path = logPathOf(*job, configuration->host);
        source.hasLogFile = !path.empty();
        if (source.hasLogFile) {
            LogFindings found = logEntriesOf(*row, path, kLinesOfARun);
            source.log = std::move(found.entries);
            source.isLogCut = found.isCut;
        }
    }
    if (!row->finishedAt) {
        source.progress = context.progress.of(id);
        source.usual = usualLength(service.days({row->job}).front());
    }
    source.notice = noticeOf(request);
    return page.answer(service.frame(), request, source);
}

HttpResponse showWhy(PageService& service, const WhyPage& page, const PageRequest& request, const WebCall& call) {
    auto& context = service.context();
    WhySource source;
    const JobRef ref = jobOf(call, *context.host.configuration());
    source.job = ref.name();
    source.text = call.request.query.get("at", "");
    try {
        context.stores.with([&](RunStore& store) {
            source.asked = store.askedTime(source.job, source.text, *request.reader.zone);
            source.story = store.dueStory(source.job, source.asked->from, source.asked->until);
            return true;
        });
        source.ofJob = jobOfStory(ref, *source.asked);
    } catch (const Poco::SyntaxException&) {
        source.isUnreadable = true;
    }
    return page.answer(service.frame(), request, source);
}

/// Those that the caller may see and that ran last.
std::vector<std::string> jobsThatRanLast(PageService& service, const std::vector<std::string>& names) {
    const auto days = service.days(names);
    std::vector<std::pair<TimePoint, std::string>> ran;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (days[i].last) ran.emplace_back(days[i].last->startedAt, names[i]);
    std::sort(ran.rbegin(), ran.rend());
    if (ran.size() > kLogsAtOnce) ran.resize(kLogsAtOnce);
    std::vector<std::string> jobs;
    for (auto& [at, name] : ran) jobs.push_back(std::move(name));
    return jobs;
}

/// Leaves the lines of the job's own runs.
void keepOwn(PageService& service, const std::string& job, std::vector<LogEntry>& entries) {
    std::map<std::string, bool> own;  // by run
    service.context().stores.with([&](RunStore& store) {
        return std::erase_if(entries, [&](const LogEntry& entry) {
            const auto [known, isNew] = own.try_emplace(entry.run, false);
            if (!isNew) return !known->second;
            const auto run = store.run(entry.run);
            known->second = run && run->job == job;
            return !known->second;
        });
    });
}

/// What a log viewer reads of one log after the other.
struct LogReading {
    PageService& service;
    const Caller& caller;
    const HostConfig& host;
    std::size_t bytes;  ///< Of each log.
};

void readLog(LogSource& source, const JobRef& job, const LogReading& reading) {
    if (job.isFaulty()) return;
    const std::string path = logPathOf(job, reading.host);
    if (path.empty()) return;
    auto found = lastLogEntries(job.name(), path, source.query, reading.bytes);
    // A file of another name may be the log of several jobs.
    if (reading.caller.isLimited() && pathFrom(path) != pathFrom(reading.host.logsDir) / pathFrom(job.name() + ".log"))
        keepOwn(reading.service, job.name(), found.entries);
    source.isCut = source.isCut || found.isCut;
    source.entries.insert(source.entries.end(), std::make_move_iterator(found.entries.begin()),
                          std::make_move_iterator(found.entries.end()));
}

/// Of those jobs that ran last.
void readLogs(PageService& service, const WebCall& call, const Configuration& configuration,
              const std::vector<std::string>& names, LogSource& source) {
    const auto jobs = jobsThatRanLast(service, names);
    const LogReading reading{service, call.caller, configuration.host,
                             kBytesLookedAt / std::max<std::size_t>(1, jobs.size())};
    for (const auto& name : jobs) readLog(source, *configuration.find(name), reading);
}

/// The jobs that a pattern means, of those that the caller may see; empty: all. Throws HttpRefusal: 404, there is none.
std::vector<std::string> jobsMeant(const WebCall& call, const Configuration& configuration,
                                   const std::string& pattern) {
    std::vector<std::string> names;
    for (const auto& job : configuration.match(pattern.empty() ? "*" : pattern))
        if (call.caller.mayView(job.name())) names.push_back(job.name());
    if (names.empty() && !pattern.empty() && pattern != "*") refuseJob(pattern);
    return names;
}

/// `GET /api/v1/logs`: the last lines of the jobs that a pattern means.
HttpResponse listLogs(PageService& service, const WebCall& call) {
    allowOnly(call, {"job", "level", "since", "until", "text", "limit"});
    const auto configuration = service.context().host.configuration();
    const std::string pattern = call.request.query.get("job", "*");
    LogSource source;
    source.query =
        logQueryOf(call, "limit", *findTimeZone(configuration->host.timezone), service.context().clock.now());
    readLogs(service, call, *configuration, jobsMeant(call, *configuration, pattern), source);
    JsonWriter json;
    json.beginObject().key("items").beginArray();
    for (const auto& entry : mergeLogEntries(std::move(source.entries), source.query.most)) {
        JsonOut<JsonForm::Public> members(json.beginObject());
        members.orNull("time", entry.time);
        members.orNull("level", entry.level);
        json.member("job", entry.job).member("run", entry.run).member("text", entry.text).endObject();
    }
    json.endArray().member("is_cut", source.isCut).endObject();
    return jsonAnswer(json.takeLine());
}

HttpResponse showLog(PageService& service, const LogPage& page, const PageRequest& request, const WebCall& call) {
    const auto configuration = service.context().host.configuration();
    LogSource source;
    source.jobs = visibleJobs(call.caller, *configuration, "", kJobsOfAPage).names;
    source.job = call.request.query.get("job", "");
    source.query = logQueryOf(call, "n", *request.reader.zone, request.reader.now);
    source.since = call.request.query.get("since", "");
    source.until = call.request.query.get("until", "");
    const auto job = configuration->find(source.job);
    source.isOfOne = job && call.caller.mayView(source.job);
    if (source.isOfOne)
        readLog(source, *job, {service, call.caller, configuration->host, kBytesLookedAt});
    else
        readLogs(service, call, *configuration, jobsMeant(call, *configuration, source.job), source);
    source.entries = mergeLogEntries(std::move(source.entries), source.query.most);
    return page.answer(service.frame(), request, source);
}

}  // namespace

void addJobPages(Router& router, PageService& service) {
    const auto add = [&](const std::string& path, auto page, auto show) {
        service.add(router, "GET", path, Need::Viewer, [&service, page, show](const auto& request, const auto& call) {
            return show(service, *page, request, call);
        });
    };
    add("/jobs/{job}", std::make_shared<const JobPage>(), showJob);
    add("/jobs/{job}/why", std::make_shared<const WhyPage>(), showWhy);
    add("/runs/{run}", std::make_shared<const RunPage>(), showRun);
    add("/log", std::make_shared<const LogPage>(), showLog);
    router.add("GET", "/api/v1/logs", Need::Viewer,
               [&service](const WebCall& call) { return listLogs(service, call); });
}

}  // namespace carillon
