#include "alerts/AlertDesk.h"

#include "alerts/RunJudgement.h"
#include "carillon/LogLine.h"
#include "words/HostTexts.h"

#include <utility>

namespace carillon {
namespace {

using namespace std::chrono_literals;

/// More is not kept in memory: the history has the runs.
constexpr std::size_t kMostEvents = 10'000;

constexpr std::chrono::seconds kUndecidedLook{2};

/// How long the desk, and after it the couriers, may go on when the host ends.
constexpr std::chrono::seconds kGrace{2};

}  // namespace

AlertDesk::AlertDesk(std::shared_ptr<const Configuration> configuration, const Clock& clock, Poco::Logger& log)
    : _clock(clock),
      _log(log),
      _policy(std::make_shared<const AlertPolicy>(std::move(configuration))),
      _trouble(_policy->configuration().host.hostName),
      _judge([this] { return current(); }, _policy->configuration().host.hostName, _clock, _couriers) {}

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
    post(StartedRun{run});
}

void AlertDesk::runEnded(const RunIdentity& run, const RunReport& report, TimePoint finishedAt) {
    if (const auto known = _running.find(run.job); known != _running.end() && known->second.first == run.run)
        _running.erase(known);
    const auto policy = current();
    EndedRun ended = withRetries(endedRunOf(run, report, finishedAt), run.attempt, policy->configuration());
    // Of a run that a host which is gone had left nobody saw how long it took.
    const auto took = run.startedAt == TimePoint{} ? std::nullopt : std::optional(finishedAt - run.startedAt);
    // Most jobs are not judged, and the scheduler's thread does nothing for them.
    if (!ended.isReplay && policy->expectsAnything())
        ended.findings = judgeRun(policy->expectationsOf(run.job), report, took);
    post(std::move(ended));
}

void AlertDesk::retriesEnded(const std::string& job) {
    post(RetriesEnded{job});
}

void AlertDesk::slotEnded(const SlotRow& slot) {
    if (slot.ending == SlotEnding::Ran) return;
    PassedSlot passed{slot, {}};
    if (const auto run = _running.find(slot.job); run != _running.end()) passed.runningSince = run->second.second;
    post(std::move(passed));
}

void AlertDesk::storeFailed(const std::string& problem, TimePoint since) {
    post(HostNews{HostNews::Kind::StoreFailed, problem, since});
}

void AlertDesk::storeRecovered(TimePoint at) {
    post(HostNews{HostNews::Kind::StoreRecovered, "", at});
}

void AlertDesk::lockLost(const RunIdentity& run, const Message& how) {
    hostTrouble(sayHost("host.runlostlock", {{"run", run.run}, {"job", run.job}, {"how", how}}));
}

void AlertDesk::hostTrouble(const Message& what) {
    post(HostNews{HostNews::Kind::Happened, what, _clock.now()});
}

void AlertDesk::run() {
    for (;;) {
        bool ending = false;
        bool behind = false;
        std::deque<Event> fresh;
        {
            std::unique_lock lock(_mutex);
            _changed.wait_for(lock, _storeFails ? kUndecidedLook : 1s,
                              [this] { return _ending || (!_storeFails && !_events.empty()); });
            ending = _ending;
            behind = std::exchange(_behind, false);
            fresh.swap(_events);
        }
        if (behind) _judge.fallBehind();
        for (Event& event : fresh) take(std::move(event));
        tellHost();
        try {
            _judge.work(ending ? Steady::now() + kGrace : Steady::time_point::max());
            _storeFails = false;
        } catch (const StoreException& e) {
            if (!_storeFails)
                LogLine(_log, "alert.undecided", Poco::Message::PRIO_WARNING).field("problem", e.message());
            _storeFails = true;
        } catch (const std::exception& e) {
            LogLine(_log, "alert.undecided", Poco::Message::PRIO_WARNING).field("problem", e.what());
            _storeFails = true;
        }
        if (ending) return;
    }
}

void AlertDesk::take(Event&& event) {
    if (auto* ofJob = std::get_if<JobEvent>(&event)) return _judge.take(std::move(*ofJob));
    const auto& news = std::get<HostNews>(event);
    switch (news.kind) {
        case HostNews::Kind::StoreFailed:
            return _trouble.storeFailed(news.what.text, news.at);
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
        for (const auto channel : current()->channelsFor(rules)) _couriers[channel]->sendAtOnce(alert);
    }
}

}  // namespace carillon
