#include "alerts/AlertDesk.h"

#include "alerts/RunJudgement.h"
#include "carillon/LogLine.h"
#include "scheduler/JobTable.h"
#include "shared/CrashPoint.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono_literals;
using Poco::Message;

/// More is not kept in memory: the history has the runs.
constexpr std::size_t kMostEvents = 10'000;

constexpr std::chrono::seconds kLateLook{5};  // for jobs that are late
constexpr std::chrono::seconds kMark{10};     // of the newest run
constexpr std::chrono::hours kTrim{1};        // of old alerts
constexpr std::chrono::days kKept{30};        // alerts that were sent
constexpr std::chrono::hours kLookBack{24};   // after a kill: what is older is no news
constexpr std::chrono::seconds kUndecidedLook{2};
constexpr std::size_t kRunsAtOnce = 1'000;

/// How long the desk, and after it the couriers, may go on when the host ends.
constexpr std::chrono::seconds kGrace{2};

}  // namespace

AlertDesk::AlertDesk(std::shared_ptr<const Configuration> configuration, const Clock& clock, Poco::Logger& log)
    : _clock(clock),
      _log(log),
      _host(configuration->host.hostName),
      _policy(std::make_shared<const AlertPolicy>(std::move(configuration))),
      _trouble(_host) {}

AlertDesk::~AlertDesk() {
    stop();
}

void AlertDesk::start() {
    for (const auto channel : kAlertChannels)
        _couriers[channel] = std::make_unique<AlertCourier>(
            channel, [this] { return current(); }, _clock, _log);
    _thread = std::thread([this] { run(); });
}

void AlertDesk::stop() {
    if (!_thread.joinable()) return;
    {
        const std::lock_guard lock(_mutex);
        _ending = true;
    }
    _changed.notify_all();
    _thread.join();
    const auto by = Steady::now() + kGrace;
    for (auto& [channel, courier] : _couriers) courier->finish(by);
    for (auto& [channel, courier] : _couriers) courier->stop();
}

void AlertDesk::apply(std::shared_ptr<const Configuration> configuration) {
    auto policy = std::make_shared<const AlertPolicy>(std::move(configuration));
    const std::lock_guard lock(_mutex);
    _policy.swap(policy);
}

std::shared_ptr<const AlertPolicy> AlertDesk::current() const {
    const std::lock_guard lock(_mutex);
    return _policy;
}

void AlertDesk::post(Event event) {
    {
        const std::lock_guard lock(_mutex);
        if (_events.size() < kMostEvents)
            _events.push_back(std::move(event));
        else
            _behind = true;
    }
    _changed.notify_all();
}

void AlertDesk::runClaimed(const RunIdentity& run) {
    _running[run.job] = {run.run, run.startedAt};
}

void AlertDesk::runStarted(const RunIdentity& run) {
    post(Started{run});
}

void AlertDesk::runEnded(const RunIdentity& run, const RunReport& report, TimePoint finishedAt) {
    if (const auto known = _running.find(run.job); known != _running.end() && known->second.first == run.run)
        _running.erase(known);
    EndedRun ended = withRetries(endedRunOf(run, report, finishedAt), run.attempt);
    // Of a run that a host which is gone had left nobody saw how long it took.
    const auto took = run.startedAt == TimePoint{} ? std::nullopt : std::optional(finishedAt - run.startedAt);
    judge(ended, report, took);
    post(std::move(ended));
}

void AlertDesk::retriesEnded(const std::string& job) {
    post(RetriesEnded{job});
}

void AlertDesk::slotEnded(const SlotRow& slot) {
    if (slot.ending == SlotEnding::Ran) return;
    Passed passed{slot, {}};
    if (const auto run = _running.find(slot.job); run != _running.end()) passed.runningSince = run->second.second;
    post(std::move(passed));
}

void AlertDesk::storeFailed(const std::string& problem, TimePoint since) {
    post(HostNews{HostNews::Kind::StoreFailed, problem, since});
}

void AlertDesk::storeRecovered(TimePoint at) {
    post(HostNews{HostNews::Kind::StoreRecovered, "", at});
}

void AlertDesk::lockLost(const RunIdentity& run, const std::string& how) {
    hostTrouble("run " + run.run + " of " + run.job + ' ' + how);
}

void AlertDesk::hostTrouble(const std::string& what) {
    post(HostNews{HostNews::Kind::Happened, what, _clock.now()});
}

/// As the scheduler decides it; where it decides otherwise it tells that next.
EndedRun AlertDesk::withRetries(EndedRun ended, std::int64_t attempt) const {
    if (ended.outcome != Outcome::Failed || ended.givenUp) return ended;
    if (const auto job = current()->configuration().find(ended.job))
        ended.triedAgain = attempt <= job->settings()->retries;
    return ended;
}

/// Most jobs are not judged, and the scheduler's thread does nothing for them.
void AlertDesk::judge(EndedRun& ended, const RunReport& report, std::optional<std::chrono::microseconds> took) const {
    const auto policy = current();
    if (!ended.isReplay && policy->expectsAnything())
        ended.findings = judgeRun(policy->expectationsOf(ended.job), report, took);
}

void AlertDesk::run() {
    for (;;) {
        bool ending = false;
        std::deque<Event> fresh;
        {
            std::unique_lock lock(_mutex);
            _changed.wait_for(lock, _storeFails ? kUndecidedLook : 1s,
                              [this] { return _ending || (!_storeFails && !_events.empty()); });
            ending = _ending;
            if (ending) _workUntil = Steady::now() + kGrace;
            fresh.swap(_events);
        }
        for (Event& event : fresh) take(std::move(event));
        tellHost();
        try {
            work();
            _storeFails = false;
        } catch (const StoreException& e) {
            if (!_storeFails) LogLine(_log, "alert.undecided", Message::PRIO_WARNING).field("problem", e.message());
            _storeFails = true;
        } catch (const std::exception& e) {
            LogLine(_log, "alert.undecided", Message::PRIO_WARNING).field("problem", e.what());
            _storeFails = true;
        }
        if (ending) return;
    }
}

void AlertDesk::takeNews(const HostNews& news) {
    switch (news.kind) {
        case HostNews::Kind::StoreFailed:
            return _trouble.storeFailed(news.what, news.at);
        case HostNews::Kind::StoreRecovered:
            return _trouble.storeRecovered(news.at);
        case HostNews::Kind::Happened:
            return _trouble.happened(news.what, news.at);
    }
}

void AlertDesk::tellHost() {
    const AlertRules rules = current()->settings().rules;
    for (const Alert& alert : _trouble.take(_clock.now(), rules.late)) {
        if (!rules.has(AlertKind::Host)) continue;
        for (const auto channel : channelsFor(rules)) _couriers[channel]->sendAtOnce(alert);
    }
}

void AlertDesk::take(Event&& event) {
    if (const auto* news = std::get_if<HostNews>(&event)) return takeNews(*news);
    if (const auto* passed = std::get_if<Passed>(&event)) {
        if (auto late = lateOf(passed->slot, passed->runningSince, _clock.now(), allowanceOf(passed->slot.job)))
            addLate(std::move(*late));
        return;
    }
    if (const auto* started = std::get_if<Started>(&event)) addLateStart(started->identity);
    _taken.push_back(std::move(event));
}

/// Throws StoreException; what is not decided then is decided later.
void AlertDesk::work() {
    const auto policy = current();
    if (!policy->usesAny()) {
        _taken.clear();
        _late.clear();
        if (!policy->expectsAnything()) return;
    }
    if (!_store) _store.emplace(policy->configuration().host.stateDir, _clock);
    // Also where nobody is alerted: 'carillon status' counts from then on.
    _successes.follow(policy, *_store, _clock.now());
    if (!policy->usesAny()) return;
    catchUp();
    // Before the ends of runs: an end says that the job runs again.
    tellLate();
    // What a host that ends has no time for is in the history.
    for (; !_taken.empty() && Steady::now() < _workUntil; _taken.pop_front()) handle(_taken.front());
    lookForSlowRuns();
    lookForLateJobs();
    keepHouse();
}

/// What ended without this host's knowing, or while it had no room to keep it.
void AlertDesk::catchUp() {
    {
        const std::lock_guard lock(_mutex);
        if (!_behind) return;
        _behind = false;
    }
    try {
        const auto mark = _store->mark(_host);
        _seenUntil = std::max(_seenUntil, mark ? std::max(*mark, _clock.now() - kLookBack) : _clock.now());
        std::set<std::string> awaited;
        for (;;) {
            const auto runs = _store->runsEndedAfter(_host, _seenUntil, kRunsAtOnce);
            for (const auto& row : runs) lookBack(row, awaited);
            if (runs.size() < kRunsAtOnce) break;
        }
        // No host tries again what somebody ran without one.
        for (const auto& job : awaited)
            if (!_store->hasRetry(job)) endRetries(job);
    } catch (...) {
        const std::lock_guard lock(_mutex);
        _behind = true;
        throw;
    }
}

void AlertDesk::lookBack(const RunRow& row, std::set<std::string>& awaited) {
    addLateStart(identityOf(row));
    tellLate();
    auto run = withRetries(endedRunOf(row), row.attempt);
    if (!run.isReplay) run.findings = judgeRun(current()->expectationsOf(row.job), row, _clock.now());
    end(run, Source::History);
    if (run.triedAgain) awaited.insert(run.job);
    _seenUntil = std::max(_seenUntil, run.finishedAt);
}

void AlertDesk::handle(const Event& event) {
    if (const auto* started = std::get_if<Started>(&event)) begin(*started);
    if (const auto* ended = std::get_if<EndedRun>(&event)) end(*ended, Source::Scheduler);
    if (const auto* ended = std::get_if<RetriesEnded>(&event)) endRetries(ended->job);
}

void AlertDesk::begin(const Started& started) {
    _runs.began(started.identity, *current());
    if (!current()->rulesOf(started.identity.job).pingUrl.empty())
        _couriers[AlertChannel::Ping]->noteStart(started.identity.job, started.identity.run);
}

void AlertDesk::end(const EndedRun& run, Source source) {
    _runs.ended(run.run);
    if (!run.isReplay && (run.outcome == Outcome::Succeeded || run.outcome == Outcome::NothingToDo))
        _successes.succeeded(run.job, run.finishedAt);
    const AlertRules rules = current()->rulesOf(run.job);
    AlertStore::Question question;
    question.job = run.job;
    question.decide = [&](const AlertState& state, TimePoint snoozedUntil) -> AlertDecision {
        // A run before the newest one that mattered was looked at; that it was is not kept of each.
        if (source == Source::History && run.finishedAt <= state.seenUntil) return {state, {}};
        return decideAlerts(state, rules, run, snoozedUntil, _clock.now());
    };
    question.channels = channelsFor(rules);
    const bool isToldByPing = !rules.pingUrl.empty() && !run.triedAgain;
    if (isToldByPing) _couriers[AlertChannel::Ping]->noteEnd(run.job, run.run);
    // Of a run that was stopped a monitor would have to say that it failed or succeeded.
    if (isToldByPing && run.outcome != Outcome::Stopped) {
        Alert ping;
        ping.kind = run.outcome == Outcome::Failed ? AlertKind::Failed : AlertKind::Recovered;
        ping.job = run.job;
        ping.host = _host;
        ping.event = ping.run = run.run;
        ping.at = run.finishedAt;
        ping.message = run.message;
        question.ping = std::move(ping);
    }
    ask(std::move(question));
    _seenUntil = std::max(_seenUntil, run.finishedAt);
}

void AlertDesk::endRetries(const std::string& job) {
    const AlertRules rules = current()->rulesOf(job);
    AlertStore::Question question;
    question.job = job;
    question.decide = [&](const AlertState& state, TimePoint snoozedUntil) {
        return decideRetriesEnded(job, state, rules, snoozedUntil, _clock.now());
    };
    question.channels = channelsFor(rules);
    ask(std::move(question));
}

void AlertDesk::ask(AlertStore::Question question) {
    question.complete = [this](Alert& alert) {
        const auto job = current()->configuration().find(alert.job);
        alert.title = job ? job->title() : "";
        alert.host = _host;
        alert.lastSuccess = _store->lastSuccess(alert.job);
    };
    if (!_store->decide(question)) return;
    crashPoint("alert.decided");
    for (auto& [channel, courier] : _couriers) courier->wake();
}

void AlertDesk::addLateStart(const RunIdentity& run) {
    if (auto late = lateOf(run, allowanceOf(run.job))) addLate(std::move(*late));
}

void AlertDesk::addLate(LateSlots slots) {
    const auto [known, isNew] = _late.try_emplace(slots.job, slots);
    if (isNew) return;
    known->second.first = std::min(known->second.first, slots.first);
    known->second.last = std::max(known->second.last, slots.last);
    known->second.count += slots.count;
}

void AlertDesk::tellLate() {
    for (; !_late.empty(); _late.erase(_late.begin())) {
        const LateSlots& slots = _late.begin()->second;
        const AlertRules rules = current()->rulesOf(slots.job);
        AlertStore::Question question;
        question.job = slots.job;
        question.decide = [&](const AlertState& state, TimePoint snoozedUntil) {
            return decideAlerts(state, rules, slots, snoozedUntil, _clock.now());
        };
        question.channels = channelsFor(rules);
        ask(std::move(question));
    }
}

/// By the clock: whatever keeps a job from running, also a host that is gone.
void AlertDesk::lookForLateJobs() {
    if (Steady::now() < _nextLook) return;
    _nextLook = Steady::now() + kLateLook;
    const auto policy = current();
    const TimePoint now = _clock.now();
    for (const auto& [job, slot] : _store->lateJobs(now)) {
        const auto ref = policy->configuration().find(job);
        if (!ref || !ref->enabled()) continue;
        const auto why = ref->isFaulty() ? kLateFaulty : kLateWaits;
        if (now - slot > allowanceOf(job)) addLate({job, slot, slot, 1, std::string(why)});
    }
    tellLate();
    lookForSuccesses();
}

template <class Finding>
void AlertDesk::tellByClock(const Finding& finding) {
    const AlertRules rules = current()->rulesOf(finding.job);
    AlertStore::Question question;
    question.job = finding.job;
    question.decide = [&](const AlertState& state, TimePoint snoozedUntil) {
        return decideAlerts(state, rules, finding, snoozedUntil, _clock.now());
    };
    question.channels = channelsFor(rules);
    ask(std::move(question));
}

/// By the clock, so that a run is told of that never ends.
void AlertDesk::lookForSlowRuns() {
    for (const auto& run : _runs.slow(*current(), _clock.now())) tellByClock(run);
}

/// By the clock: whatever keeps a job from succeeding, also that it never runs.
void AlertDesk::lookForSuccesses() {
    for (const auto& overdue : _successes.overdue(*_store, _clock.now())) tellByClock(overdue);
}

void AlertDesk::keepHouse() {
    const auto now = Steady::now();
    if (now >= _nextMark && _seenUntil != _markedUntil) {
        _nextMark = now + kMark;
        _store->setMark(_host, _seenUntil);
        _markedUntil = _seenUntil;
    }
    if (now < _nextTrim) return;
    _nextTrim = now + kTrim;
    _store->trim(_clock.now() - kKept);
}

/// How much later than its slot a job may begin.
std::chrono::microseconds AlertDesk::allowanceOf(const std::string& job) const {
    const auto policy = current();
    const auto ref = policy->configuration().find(job);
    return policy->rulesOf(job).late + (ref ? splayOf(ref->settings()->splay, job) : std::chrono::microseconds(0));
}

/// A ping is told of every run, and nothing else.
std::vector<AlertChannel> AlertDesk::channelsFor(const AlertRules& rules) const {
    std::vector<AlertChannel> channels;
    if (!rules.mailTo.empty()) channels.push_back(AlertChannel::Mail);
    if (!current()->settings().webhook.url.empty()) channels.push_back(AlertChannel::Webhook);
    return channels;
}

}  // namespace carillon
