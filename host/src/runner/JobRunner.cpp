#include "runner/JobRunner.h"

#include "logs/JobLog.h"
#include "shared/CrashPoint.h"
#include "words/HostTexts.h"
#include "worker/WorkerProcess.h"

#include "Poco/Thread.h"

#include <memory>
#include <optional>
#include <variant>

namespace carillon {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kLeaseRenewal = kLease / 3;
constexpr std::chrono::milliseconds kWaitPoll{100};

/// How long one call of the store may take: signals are looked at between two.
constexpr std::chrono::milliseconds kStorePatience{250};

/// One run of one job; the members are what lives as long as it does.
class JobRun {
public:
    JobRun(const RunOrder& order, const Clock& clock, const RunFollower& follower)
        : _order(order),
          _clock(clock),
          _follower(follower),
          _reporter(_log, follower),
          // First the process, then store and log: neither a connection to SQLite nor a thread must cross a fork.
          _worker(startWorker()),
          _storeOpened(openStore()),
          _log(order.job, order.host.logsDir) {}

    RunResult run() {
        auto& result = _reporter.result();
        if (!_storeOpened) return notBegun();
        const bool prepared = _worker->waitUntilPrepared();
        if (!result.faults.empty()) {
            result.kind = RunResult::Kind::BadConfiguration;
            return result;
        }
        if (!claim()) return result;
        if (prepared) _worker->begin(result.identity, _order.timeout, _log.level());
        const WorkerEnd end = _worker->finish();
        _reporter.end(end, _clock.now(), _stoppedBy);
        record();
        return result;
    }

private:
    /// Works while the store is opened.
    std::unique_ptr<TaskSeat> startWorker() {
        auto worker = std::make_unique<WorkerProcess>(Launch::Fork, _order.limits);
        WorkerRequest request = requestFor(_order.host, _order.job, _order.verb);
        request.replay = _order.replay;
        request.dismissal = _order.dismissal;
        worker->start(request, _reporter.listener([this] { tick(); }));
        return worker;
    }

    RunResult notBegun() {
        auto& result = _reporter.result();
        result.kind = RunResult::Kind::NotBegun;
        result.stoppedBy = stopSignals().number;
        return result;
    }

    /// Calls `action`, and again while it throws a `Fault`, for RunStore::kPatience, after which that is thrown. False:
    /// a signal came meanwhile.
    template <class Fault, class Action>
    bool waitForStore(Action action) {
        const int signals = stopSignals().count;
        for (const auto deadline = Steady::now() + RunStore::kPatience;;) {
            try {
                action();
                return true;
            } catch (const Fault&) {
                if (Steady::now() >= deadline) throw;
            }
            if (stopSignals().count > signals) return false;
            Poco::Thread::sleep(kWaitPoll.count());
        }
    }

    bool openStore() {
        return waitForStore<StoreBusyException>(
            [this] { _store.emplace(_order.host.stateDir, _clock, kStorePatience); });
    }

    bool claim() {
        auto& result = _reporter.result();
        ClaimRequest claim{_order.job.name,      "", _order.trigger,
                           _order.host.hostName, 1,  _order.slot.value_or(_clock.now())};
        claim.standsFor = _order.slot.has_value();
        claim.recordSkip = !_order.wait;
        for (;;) {
            ClaimAnswer answer;
            if (!waitForStore<StoreBusyException>([&] { answer = _store->claim(claim); })) return notBegun(), false;
            if (const auto* won = std::get_if<Claim>(&answer)) {
                _reporter.claimed(*won, won->identity.startedAt);
                _reporter.noteStart(*won);
                _claimed = true;
                crashPoint("run.claimed");
                return true;
            }
            if (const auto* standing = std::get_if<SlotHasRun>(&answer)) {
                result.kind = RunResult::Kind::SlotHasRun;
                result.holder.run = standing->run;
                return false;
            }
            result.holder = std::get<Holder>(answer);
            const StopSignals stops = stopSignals();
            if (!_order.wait || stops.count > 0) {
                result.kind = RunResult::Kind::Busy;
                result.stoppedBy = stops.count > 0 ? stops.number : 0;
                return false;
            }
            Poco::Thread::sleep(kWaitPoll.count());
        }
    }

    StopSignals stopSignals() const { return _follower.stopSignals ? _follower.stopSignals() : StopSignals{}; }

    void tick() {
        const StopSignals stops = stopSignals();
        for (; _stopsPassedOn < stops.count; ++_stopsPassedOn) {
            _reporter.result().stoppedBy = stops.number;
            if (_stoppedBy.empty()) _stoppedBy = stops.by;
            _worker->requestStop(sayHost("run.stoppedby", {{"by", nameOf(stops)}}));
        }
        if (_claimed && Steady::now() >= _renewAt) renewLease();
    }

    void renewLease() {
        _renewAt = Steady::now() + kLeaseRenewal;
        try {
            if (_store->renewLease(_reporter.result().identity)) return;
            _worker->requestStop(sayHost("run.locklost"));
        } catch (const Poco::Exception& e) {  // the store may be back before the lease is over
            _reporter.note(Poco::Message::PRIO_WARNING, "lease.unrenewed", {{"error", e.message()}});
        }
    }

    void record() {
        const auto& result = _reporter.result();
        crashPoint("run.ended");
        try {
            bool recorded = false;
            const HistoryKeeping keeping{_order.host.historyKeep, _order.host.ledgerKeep};
            FrenchTexts french;
            const RunEnding ending = endingOf(result, french, _order.host.pluginsDir);
            const auto finish = [&] { recorded = _store->finish(result.identity, ending, keeping); };
            if (!waitForStore<StoreException>(finish))
                unrecorded(sayHost("run.storeaway"));
            else if (!recorded)
                unrecorded(sayHost("run.locktaken"));
        } catch (const Poco::Exception& e) {
            unrecorded(e.message());
        }
        crashPoint("run.recorded");
    }

    /// The work is done or not done all the same; the next run finds the lock's holder gone.
    void unrecorded(const Message& why) {
        _reporter.note(Poco::Message::PRIO_ERROR, "run.unrecorded", {{"error", why.text}});
        _reporter.result().report.warn(sayHost("run.unrecorded", {{"why", why}}));
    }

    const RunOrder& _order;
    const Clock& _clock;
    const RunFollower& _follower;
    RunReporter _reporter;
    std::unique_ptr<TaskSeat> _worker;
    std::optional<RunStore> _store;
    const bool _storeOpened;
    JobLog _log;
    bool _claimed = false;
    int _stopsPassedOn = 0;
    std::string _stoppedBy;  // see StopSignals
    Steady::time_point _renewAt = Steady::now() + kLeaseRenewal;
};

}  // namespace

RunResult runJob(const RunOrder& order, const Clock& clock, const RunFollower& follower) {
    if (auto faults = JobLog::check(order.job, order.host.logsDir); !faults.empty()) {
        RunResult refused;
        refused.kind = RunResult::Kind::BadConfiguration;
        refused.faults = std::move(faults);
        return refused;
    }
    return JobRun(order, clock, follower).run();
}

}  // namespace carillon
