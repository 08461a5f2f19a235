#include "runner/JobRunner.h"

#include "carillon/LogLine.h"
#include "plugins/PluginLibrary.h"
#include "report/JobLog.h"
#include "runner/WorkerMessages.h"

#include "Poco/JSON/Array.h"
#include "Poco/Thread.h"

#include <csignal>
#include <cstring>
#include <memory>

namespace carillon {
namespace {

using Poco::Message;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kLeaseRenewal = kLease / 3;
constexpr std::chrono::milliseconds kWaitPoll{100};

/// One run of one job; the members are what lives as long as it does.
class JobRun {
public:
    JobRun(const RunOrder& order, const Clock& clock, const RunFollower& follower)
        : _order(order),
          _clock(clock),
          _follower(follower),
          // First the process, then the store: a connection to SQLite must not cross a fork.
          _worker(startWorker()),
          _store(order.host.stateDir, clock),
          _log(order.job, order.host.logsDir) {}

    RunResult run() {
        const bool prepared = _worker->waitUntilPrepared();
        if (!_result.faults.empty()) {
            _result.kind = RunResult::Kind::BadConfiguration;
            return _result;
        }
        if (!claim()) return _result;
        if (prepared) _worker->begin(_result.identity, _order.timeout, _log.level());
        const WorkerEnd end = _worker->finish();
        _result.report = end.report          ? *end.report
                         : end.error.empty() ? RunReport::failed("the plugin ended without a report")
                                             : RunReport::failed(end.error);
        _result.finishedAt = _clock.now();
        record();
        return _result;
    }

private:
    /// Works while the store is opened.
    std::unique_ptr<TaskSeat> startWorker() {
        auto worker = std::make_unique<WorkerProcess>(Launch::Fork, _order.limits);
        worker->start(request(_order), listener());
        return worker;
    }

    static WorkerRequest request(const RunOrder& order) {
        WorkerRequest request;
        request.verb = order.verb;
        request.library = pluginPath(order.host.pluginsDir, order.job.plugin);
        request.task = order.job.task;
        request.config = order.job.source;
        request.ids = order.ids;
        return request;
    }

    WorkerListener listener() {
        WorkerListener listener;
        listener.onLog = [this](Message::Priority level, Poco::Timestamp at, const std::string& text) {
            write(level, at, text);
        };
        listener.onProgress = _follower.onProgress;
        listener.onFault = [this](const ConfigFault& fault) { _result.faults.push_back(fault); };
        listener.onTick = [this] { tick(); };
        return listener;
    }

    void write(Message::Priority level, Poco::Timestamp at, const std::string& text) {
        _log.write(_result.identity.run, level, at, text);
        if (_follower.onLogLine) _follower.onLogLine(text);
    }
    void note(Message::Priority level, const std::string& event,
              std::initializer_list<std::pair<std::string_view, std::string>> fields) {
        std::string text = event;
        for (const auto& [key, value] : fields) {
            text += ' ' + std::string(key) + '=';
            appendLogValue(text, value);
        }
        write(level, Poco::Timestamp(), text);
    }

    bool claim() {
        ClaimRequest claim{_order.job.name, "", _order.trigger, _order.host.hostName, 1, _clock.now(), !_order.wait};
        for (;;) {
            auto answer = _store.claim(claim);
            if (const auto* won = std::get_if<Claim>(&answer)) {
                _result.identity = won->identity;
                if (won->abandoned) note(Message::PRIO_ERROR, "run.abandoned", {{"abandoned", won->abandoned->id}});
                note(Message::PRIO_INFORMATION, "run.started", {{"trigger", _order.trigger}});
                _claimed = true;
                return true;
            }
            _result.holder = std::get<Holder>(answer);
            const auto [stops, number] = stopSignals();
            if (!_order.wait || stops > 0) {
                _result.kind = RunResult::Kind::Busy;
                _result.stoppedBy = stops > 0 ? number : 0;
                return false;
            }
            Poco::Thread::sleep(kWaitPoll.count());
        }
    }

    std::pair<int, int> stopSignals() const {
        return _follower.stopSignals ? _follower.stopSignals() : std::pair<int, int>{0, 0};
    }

    void tick() {
        const auto [count, number] = stopSignals();
        for (; _stopsPassedOn < count; ++_stopsPassedOn) {
            _result.stoppedBy = number;
            _worker->requestStop(std::string("stopped by SIG") + ::sigabbrev_np(number));
        }
        if (_claimed && Steady::now() >= _renewAt) renewLease();
    }

    void renewLease() {
        _renewAt = Steady::now() + kLeaseRenewal;
        try {
            if (_store.renewLease(_order.job.name, _result.identity.fence)) return;
            _worker->requestStop("lost the job's lock to another run");
        } catch (const Poco::Exception& e) {  // the store may be back before the lease is over
            note(Message::PRIO_WARNING, "lease.unrenewed", {{"error", e.message()}});
        }
    }

    void record() {
        const auto& report = _result.report;
        const bool failed = report.outcome == Outcome::Failed;
        const auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(_result.finishedAt - _result.identity.startedAt);
        note(failed ? Message::PRIO_ERROR : Message::PRIO_INFORMATION, "run.finished",
             {{"outcome", std::string(outcomeName(report.outcome))},
              {"ms", std::to_string(took.count())},
              {"message", report.message}});
        try {
            if (!_store.finish(_result.identity,
                               {report.outcome, report.message, toLine(*reportJson(_result)), _result.finishedAt}))
                unrecorded("another run has taken the job's lock");
        } catch (const Poco::Exception& e) {
            unrecorded(e.message());
        }
    }

    /// The work is done or not done all the same; the next run finds the lock's holder gone.
    void unrecorded(const std::string& why) {
        note(Message::PRIO_ERROR, "run.unrecorded", {{"error", why}});
        _result.report.warn("the run is not in the history: " + why);
    }

    const RunOrder& _order;
    const Clock& _clock;
    const RunFollower& _follower;
    RunResult _result;
    std::unique_ptr<TaskSeat> _worker;
    RunStore _store;
    JobLog _log;
    bool _claimed = false;
    int _stopsPassedOn = 0;
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

Poco::JSON::Object::Ptr reportJson(const RunResult& result) {
    const auto json = toJson(result.report);
    Poco::JSON::Object::Ptr all = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    all->set("job", result.identity.job);
    all->set("run", result.identity.run);
    all->set("trigger", result.identity.trigger);
    all->set("outcome", std::string(outcomeName(result.report.outcome)));
    all->set("message", result.report.message);
    all->set("scheduled_at", toRfc3339(result.identity.scheduledAt));
    all->set("started_at", toRfc3339(result.identity.startedAt));
    all->set("finished_at", toRfc3339(result.finishedAt));
    all->set("attempt", result.identity.attempt);
    all->set("host", result.identity.host);
    all->set("counters", json->get("counters"));
    all->set("warnings", json->get("warnings"));
    if (result.report.warningsOmitted > 0) all->set("warnings_omitted", result.report.warningsOmitted);
    return all;
}

}  // namespace carillon
