#pragma once

#include "alerts/AlertDesk.h"
#include "api/LiveRoutes.h"
#include "carillon/Clock.h"
#include "config/Configuration.h"
#include "control/ControlServer.h"
#include "metrics/Metrics.h"
#include "platform/HostEvents.h"
#include "platform/Orphans.h"
#include "platform/ServiceManager.h"
#include "scheduler/HostActions.h"
#include "scheduler/Scheduler.h"
#include "serve/ActivityDesk.h"
#include "serve/HistoryDesk.h"
#include "serve/HostLock.h"
#include "serve/RecordedActions.h"
#include "serve/Web.h"
#include "store/ScheduleStore.h"

#include "Poco/Logger.h"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace carillon {

/// The host that stays: `carillon serve`. Makes scheduler and control socket, and lives by signals, which
/// holdHostEvents() has to hold before the first thread is made: SIGHUP reloads, SIGTERM, SIGINT and SIGQUIT drain and
/// end, a second one of them ends the runs, a third one the process. As process 1 of a container it also waits for the
/// orphans that it is given.
class Host final : public HostActions {
public:
    /// Holds the state's lock, knows all jobs and has its address when it returns; nothing fires yet. Throws
    /// HostRunsAlready, StoreException, and Poco::Exception when it cannot listen.
    explicit Host(std::shared_ptr<const Configuration> configuration);
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    ~Host() override;

    /// Fires until a signal ends it. Returns the exit code.
    int run();

    std::shared_ptr<const Configuration> configuration() override;
    HostState state() override;
    std::vector<JobState> jobStates(const std::string& pattern, std::size_t most) override;
    std::vector<JobState> jobStates(const std::vector<std::string>& jobs) override;
    void submit(RunRequest request) override { _scheduler.submit(std::move(request)); }
    std::vector<std::string> setPaused(const std::string& pattern, const std::optional<Pause>& pause,
                                       const Actor& who) override;
    StopResult stop(const std::string& patternOrRun, const Actor& who) override;
    void tellStop(const std::string&, const Actor&) override {}
    ReloadResult reload(const Actor& who) override;

private:
    using Steady = std::chrono::steady_clock;

    HostEvent waitForEvent(std::chrono::milliseconds limit);
    int waitUntilTold();
    void drain();
    bool waitsForStoreOnly();
    void tellWatchdog();
    bool keepLock();
    void logFindings(const std::vector<ConfigFault>& faults, const std::vector<ConfigFault>& warnings);
    void logReload(const ReloadResult& result);
    void recordOwn(Act what);

    const SystemClock _clock{};
    const TimePoint _since = _clock.now();
    const bool _adopts = adoptsOrphans();
    bool _orphansReaped = false;  // what it was given before its signals were blocked is not told again
    ServiceManager _manager;
    Poco::Logger& _log;
    std::mutex _mutex;  // of the configuration and the problem
    Message _lockProblem{};
    Message _reloadProblem{};  // empty: the last one was not refused
    std::mutex _reloadMutex;   // one at a time
    std::shared_ptr<const Configuration> _configuration;
    HostLock _lock;
    ScheduleStore _store;
    Metrics _metrics;
    Live _live;
    AlertDesk _alerts;
    ActivityDesk _activity;
    HistoryDesk _history;
    RecordedActions _acts{*this, _activity};  // what others are given in place of this
    Scheduler _scheduler;
    std::thread _thread;
    std::unique_ptr<ControlServer> _control;
    std::unique_ptr<Web> _web;  // null: http.address is empty
};

}  // namespace carillon
