#include "serve/Host.h"

#include "api/MetricsRoute.h"
#include "carillon/LogLine.h"
#include "platform/ProcessFacts.h"
#include "runner/SeatPool.h"
#include "schedule/TimeText.h"
#include "serve/HostLog.h"
#include "serve/Reload.h"
#include "words/HostTexts.h"

#include <cstdlib>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kLook{500};

/// A scheduler that did not look around for so long hangs.
constexpr std::chrono::seconds kHeartbeat{10};

/// After the runs were told to end: their processes are ended within the grace of a worker.
constexpr std::chrono::seconds kLastWait = std::chrono::seconds(15);

std::string nameOf(const HostConfig& host, TimePoint since) {
    return "host " + host.hostName + " (process " + std::to_string(ownProcessNumber()) + ", since " + toRfc3339(since) +
           ", configuration " + host.file + ")";
}

/// Nobody may have read the answer to a reload: `systemctl reload` shows none.
Message describeKept(const ReloadResult& result) {
    return sayHost("state.kept", {{"why", result.faults.empty() ? result.reason : result.faults.front().message()}});
}

Keeping keepingOf(const HostConfig& host) {
    return {{host.historyKeep, host.ledgerKeep}, host.logsKeep};
}

/// Called while these live.
MakeSeats seatsOf(const HostConfig& host, const Clock& clock, const RunListeners& observers) {
    return [&host, &clock, observers](Seats::Finished finished) {
        const WorkerRecycling recycling{static_cast<std::size_t>(host.recycleRuns), host.recycleMemory};
        return std::make_unique<SeatPool>(static_cast<std::size_t>(host.workersMax), recycling, clock,
                                          std::move(finished), observers);
    };
}

}  // namespace

Host::Host(std::shared_ptr<const Configuration> configuration)
    : _log(hostLog()),
      _configuration(std::move(configuration)),
      _lock(_configuration->host.stateDir, nameOf(_configuration->host, _since)),
      _store(_configuration->host.stateDir, _configuration->host.hostName, _clock),
      _alerts(_configuration, _clock, _log),
      _activity(_configuration->host.stateDir, {_configuration->host.activityKeep}, _clock, _log),
      _history(_configuration->host.stateDir, _configuration->host.logsDir, keepingOf(_configuration->host), _clock,
               _log),
      _scheduler(_configuration, _store, _clock, _log,
                 seatsOf(_configuration->host, _clock, {&_metrics, &_live, &_alerts}),
                 {&_metrics, &_live, &_alerts, &_activity}) {
    const auto& host = _configuration->host;
    if (!host.http.listens()) return;
    _web = std::make_unique<Web>(host, _clock, _log, _acts, _activity, _live);
    addMetricsRoute(_web->router(), _web->context(), _metrics);
}

Host::~Host() {
    _web.reset();
    _control.reset();
    if (!_thread.joinable()) return;
    _scheduler.drain();
    _thread.join();
}

int Host::run() {
    _alerts.start();
    _activity.start();
    _history.start();
    _thread = std::thread([this] { _scheduler.run(); });
    const auto configuration = _configuration;  // once the control server exists, a reload may come at any time
    const auto& host = configuration->host;
    _control = std::make_unique<ControlServer>(host.stateDir, _acts);
    const SchedulerState state = _scheduler.state();
    logFindings(configuration->allFaults(), configuration->allWarnings());
    if (_web) {
        _web->start();
        LogLine(_log, "http.listening").field("address", _web->address());
    }
    LogLine(_log, "host.ready").field("host", host.hostName).field("jobs", state.jobs).field("enabled", state.enabled);
    _manager.tellReady(std::to_string(state.enabled) + " jobs enabled");
    recordOwn(Act::Start);
    const int code = waitUntilTold();
    _manager.tellEnding();
    drain();
    _web.reset();
    _control.reset();
    recordOwn(Act::End);
    _activity.stop();
    _history.stop();
    _alerts.stop();
    LogLine(_log, "host.ended");
    return code;
}

/// Nothing within the limit, or only word of a child: None.
HostEvent Host::waitForEvent(std::chrono::milliseconds limit) {
    const HostEvent event = awaitHostEvent(limit);
    if (_adopts && (event == HostEvent::Child || !_orphansReaped)) _orphansReaped = reapOrphans();
    return event == HostEvent::Child ? HostEvent::None : event;
}

/// Returns the exit code.
int Host::waitUntilTold() {
    for (;;) {
        const HostEvent event = waitForEvent(kLook);
        if (event == HostEvent::End) return EXIT_SUCCESS;
        if (event == HostEvent::Reload) _acts.reload({});
        if (!keepLock()) return EXIT_FAILURE;
        tellWatchdog();
    }
}

/// Two hosts on one state harm no slot, but each would answer, alert and reload for itself. False: this one is to end.
bool Host::keepLock() {
    const auto found = _lock.look();
    if (found == HostLock::Look::Restored)
        LogLine(_log, "lock.restored", Poco::Message::PRIO_WARNING)
            .field("problem", "its file was removed or replaced");
    {
        const std::lock_guard lock(_mutex);
        if (std::exchange(_lockProblem, _lock.problem()) == _lock.problem()) return true;
    }
    if (_lock.problem().empty()) return true;
    LogLine(_log, "lock.lost", Poco::Message::PRIO_ERROR).field("problem", _lock.problem().text);
    _alerts.hostTrouble(_lock.problem());
    return found != HostLock::Look::Lost;
}

/// Not when the scheduler hangs: then the manager is to start another host.
void Host::tellWatchdog() {
    if (_manager.watchdog() && Steady::now() - _scheduler.lastStep() < kHeartbeat) _manager.tellAlive();
}

/// All runs are over, and their ends cannot be written.
bool Host::waitsForStoreOnly() {
    try {
        const SchedulerState state = _scheduler.state();
        return state.running == 0 && !state.storeProblem.empty();
    } catch (const Poco::IllegalStateException&) {  // it has just ended
        return false;
    }
}

void Host::drain() {
    const auto limit = configuration()->host.drainTimeout;
    LogLine(_log, "host.draining").field("running", _scheduler.state().running).field("limit_ms", limit.count());
    _scheduler.drain();
    auto deadline = Steady::now() + limit;
    bool told = false;
    while (!_scheduler.isEnded()) {
        const bool again = waitForEvent(10ms) == HostEvent::End;
        if (!again && Steady::now() < deadline) continue;
        const bool forStore = waitsForStoreOnly();
        if (forStore || (told && (again || Steady::now() >= deadline))) {
            LogLine(_log, "host.aborted", Poco::Message::PRIO_ERROR)
                .field("reason",
                       forStore ? "the store does not work: ends of runs are not written" : "runs did not end");
            std::_Exit(EXIT_FAILURE);  // a task in a thread cannot be ended otherwise
        }
        told = true;
        deadline = Steady::now() + kLastWait;
        _scheduler.stopRuns(sayHost("run.hostends"));
        if (again) _scheduler.stopRuns(sayHost("run.hostends"));  // at once
    }
    _thread.join();
}

HostState Host::state() {
    const auto all = configuration();
    HostState state{
        HostPhase::Ready, all->host.hostName, CARILLON_VERSION, all->host.file, "", ownProcessNumber(), _since};
    state.workersMax = static_cast<std::size_t>(all->host.workersMax);
    state.scheduler = _scheduler.state();
    if (_web) state.http = _web->address();
    state.kept = _history.kept();
    const auto& scheduler = state.scheduler;
    if (!scheduler.storeProblem.empty())
        state.problems.push_back(sayHost(
            "state.nostore", {{"since", dateTimeText(scheduler.storeFailedSince)}, {"why", scheduler.storeProblem}}));
    {
        const std::lock_guard lock(_mutex);
        for (const auto& problem : {_lockProblem, _reloadProblem})
            if (!problem.empty()) state.problems.push_back(problem);
    }
    state.problems.insert(state.problems.end(), scheduler.lostLocks.begin(), scheduler.lostLocks.end());
    if (scheduler.seenUntil - _clock.now() > kMisfireGrace)
        state.problems.push_back(sayHost("state.clock", {{"until", dateTimeText(scheduler.seenUntil)}}));
    for (const auto& fault : all->allFaults()) state.problems.push_back(fault.message());
    if (_web && !_web->access().accounts().fault().empty())
        state.problems.push_back(sayHost("state.nousers", {{"why", _web->access().accounts().fault()}}));
    if (scheduler.enabled == 0) state.problems.push_back(sayHost("state.nojobs", {{"file", all->host.file}}));
    if (!state.problems.empty()) state.phase = HostPhase::Degraded;
    if (scheduler.draining) state.phase = HostPhase::Draining;
    return state;
}

std::vector<JobState> Host::jobStates(const std::string& pattern, std::size_t most) {
    return _scheduler.jobStates(pattern, most);
}

std::vector<JobState> Host::jobStates(const std::vector<std::string>& jobs) {
    return _scheduler.jobStates(jobs);
}

std::vector<std::string> Host::setPaused(const std::string& pattern, const std::optional<Pause>& pause,
                                         const Actor& who) {
    const auto changed = _scheduler.setPaused(pattern, pause);
    for (const auto& job : changed)
        LogLine(_log, pause ? "job.paused" : "job.resumed").field("job", job).field("by", textOf(who));
    return changed;
}

StopResult Host::stop(const std::string& patternOrRun, const Actor& actor) {
    const std::string who = textOf(actor);
    const auto result = _scheduler.stop(patternOrRun, who);
    for (const auto& run : result.runs)
        LogLine(_log, "run.stopping", Poco::Message::PRIO_NOTICE)
            .field("job", run.job)
            .field("run", run.run)
            .field("by", who);
    if (result.withdrawn > 0)
        LogLine(_log, "requests.withdrawn", Poco::Message::PRIO_NOTICE)
            .field("count", result.withdrawn)
            .field("by", who);
    for (const auto& job : result.skipped)
        LogLine(_log, "slots.skipped", Poco::Message::PRIO_NOTICE).field("job", job).field("by", who);
    for (const auto& job : result.retries)
        LogLine(_log, "retry.cancelled", Poco::Message::PRIO_NOTICE).field("job", job).field("by", who);
    return result;
}

ReloadResult Host::reload(const Actor&) {
    const std::lock_guard one(_reloadMutex);
    _manager.tellReloading();
    Reload next(configuration());
    if (next.result().swapped) {
        _scheduler.apply(next.configuration());
        _alerts.apply(next.configuration());
        _activity.keepFor(next.configuration()->host.activityKeep);
        _history.keep(keepingOf(next.configuration()->host));
        setShownZone(next.configuration()->host.timezone);
        if (_web) _web->readPluginTexts(next.configuration()->host);
        _metrics.keepOnly([&next](const auto& job) { return next.configuration()->find(job).has_value(); });
        const std::lock_guard lock(_mutex);
        _configuration = next.configuration();
    }
    {
        const std::lock_guard lock(_mutex);
        _reloadProblem = next.result().swapped ? Message() : describeKept(next.result());
    }
    logReload(next.result());
    _manager.tellReady();
    return next.result();
}

void Host::recordOwn(Act what) {
    Activity activity;
    activity.what = what;
    activity.note = sayHost("act.version", {{"version", CARILLON_VERSION}});
    _activity.record(std::move(activity));
}

void Host::logFindings(const std::vector<ConfigFault>& faults, const std::vector<ConfigFault>& warnings) {
    for (const auto& fault : faults)
        LogLine(_log, "config.fault", Poco::Message::PRIO_ERROR).field("fault", fault.sentence());
    for (const auto& warning : warnings)
        LogLine(_log, "config.warning", Poco::Message::PRIO_WARNING).field("warning", warning.sentence());
}

void Host::logReload(const ReloadResult& result) {
    logFindings(result.faults, result.warnings);
    for (const auto& line : result.difference) LogLine(_log, "config.difference").field("change", line);
    if (result.swapped)
        LogLine(_log, "config.reloaded").field("changes", result.difference.size());
    else
        LogLine(_log, "config.kept", Poco::Message::PRIO_ERROR).field("reason", result.reason.text);
}

std::shared_ptr<const Configuration> Host::configuration() {
    const std::lock_guard lock(_mutex);
    return _configuration;
}

}  // namespace carillon
