#pragma once

#include "alerts/AlertCourier.h"
#include "alerts/AlertDecision.h"
#include "alerts/AlertPolicy.h"
#include "alerts/AlertStore.h"
#include "alerts/HostTrouble.h"
#include "alerts/RunWatch.h"
#include "alerts/SuccessWatch.h"
#include "config/Configuration.h"
#include "record/RunListener.h"

#include "Poco/Logger.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace carillon {

/// Decides what people are alerted to, from what a scheduler tells and by the clock, and has it sent. The scheduler
/// waits for nothing here: what it tells is put into a queue, which a thread of the desk's own works off.
/// What is wrong with the host itself is told without the store, which may be what is wrong.
/// Invariant: a run that ended is looked at once, however hosts end: from the queue, or, after a kill or when more was
/// told than the queue holds, from the history.
class AlertDesk final : public RunListener {
public:
    /// Borrows clock and log. Throws nothing for a store that fails: it waits for it.
    AlertDesk(std::shared_ptr<const Configuration> configuration, const Clock& clock, Poco::Logger& log);
    AlertDesk(const AlertDesk&) = delete;
    AlertDesk& operator=(const AlertDesk&) = delete;
    ~AlertDesk() override;

    /// Begins to decide and to send: once the scheduler exists, which tells of runs that were left before.
    void start();
    /// The scheduler tells nothing any more. What is not sent within seconds is sent by the next host.
    void stop();
    /// Goes on with another configuration. Any thread.
    void apply(std::shared_ptr<const Configuration> configuration);

    void runClaimed(const RunIdentity& run) override;
    void runStarted(const RunIdentity& run) override;
    void runEnded(const RunIdentity& run, const RunReport& report, TimePoint finishedAt) override;
    void retriesEnded(const std::string& job) override;
    void slotEnded(const SlotRow& slot) override;
    void storeFailed(const std::string& problem, TimePoint since) override;
    void storeRecovered(TimePoint at) override;
    void lockLost(const RunIdentity& run, const std::string& how) override;
    /// Something of the host itself that people are told at once. Any thread.
    void hostTrouble(const std::string& what);

private:
    struct Started {
        RunIdentity identity{};
    };
    struct RetriesEnded {
        std::string job{};
    };
    /// A slot that became no run of its own.
    struct Passed {
        SlotRow slot{};
        std::optional<TimePoint> runningSince{};  ///< The run for which it was skipped.
    };
    /// Of the host itself.
    struct HostNews {
        enum class Kind { StoreFailed, StoreRecovered, Happened };
        Kind kind = Kind::Happened;
        std::string what{};
        TimePoint at{};
    };
    using Event = std::variant<Started, EndedRun, RetriesEnded, Passed, HostNews>;
    /// Who tells of a run.
    enum class Source { Scheduler, History };

    void post(Event event);
    void run();
    void take(Event&& event);
    void takeNews(const HostNews& news);
    void tellHost();
    void work();
    void catchUp();
    void lookBack(const RunRow& row, std::set<std::string>& awaited);
    void handle(const Event& event);
    void begin(const Started& started);
    void end(const EndedRun& run, Source source);
    void endRetries(const std::string& job);
    void addLateStart(const RunIdentity& run);
    void addLate(LateSlots slots);
    void tellLate();
    void lookForLateJobs();
    void lookForSlowRuns();
    void lookForSuccesses();
    template <class Finding>
    void tellByClock(const Finding& finding);
    void keepHouse();
    void ask(AlertStore::Question question);
    EndedRun withRetries(EndedRun ended, std::int64_t attempt) const;
    void judge(EndedRun& ended, const RunReport& report, std::optional<std::chrono::microseconds> took) const;
    std::chrono::microseconds allowanceOf(const std::string& job) const;
    std::vector<AlertChannel> channelsFor(const AlertRules& rules) const;
    std::shared_ptr<const AlertPolicy> current() const;

    using Steady = std::chrono::steady_clock;

    const Clock& _clock;
    Poco::Logger& _log;
    const std::string _host;
    mutable std::mutex _mutex;  // of what follows
    std::condition_variable _changed;
    std::shared_ptr<const AlertPolicy> _policy;
    std::deque<Event> _events;
    bool _behind = true;  // the history is to be looked at
    bool _ending = false;

    // Of the scheduler's thread.
    std::map<std::string, std::pair<std::string, TimePoint>> _running;  // the run of a job and its start

    // Of the desk's thread.
    HostTrouble _trouble;
    std::optional<AlertStore> _store;
    std::deque<Event> _taken;                // not yet decided on
    std::map<std::string, LateSlots> _late;  // by job, not yet decided on
    RunWatch _runs{};
    SuccessWatch _successes{};
    TimePoint _seenUntil{};
    TimePoint _markedUntil{};
    Steady::time_point _nextLook{};
    Steady::time_point _nextMark{};
    Steady::time_point _nextTrim{};
    bool _storeFails = false;
    Steady::time_point _workUntil = Steady::time_point::max();

    std::map<AlertChannel, std::unique_ptr<AlertCourier>> _couriers;
    std::thread _thread;
};

}  // namespace carillon
