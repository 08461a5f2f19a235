#pragma once

#include "carillon/Clock.h"
#include "config/Configuration.h"
#include "record/HostState.h"
#include "record/RunListener.h"
#include "runner/Seats.h"
#include "scheduler/Mailbox.h"
#include "scheduler/RunRequest.h"
#include "scheduler/RunRoster.h"
#include "scheduler/ScheduleBook.h"
#include "store/ScheduleStore.h"

#include "Poco/Logger.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace carillon {

/// Whether the store works, and when to try it again. One thread.
class StoreHealth {
public:
    static constexpr std::chrono::milliseconds kRetry{500};

    bool isDown() const { return !_problem.empty(); }
    const Message& problem() const { return _problem; }
    TimePoint since() const { return _since; }
    /// The same moment, for spans.
    Sleeper::Time downAt() const { return _downAt; }
    Sleeper::Time retryAt() const { return _retryAt; }

    /// True: it worked before.
    bool failed(Message problem, TimePoint now, Sleeper::Time steadyNow) {
        const bool first = !isDown();
        if (first) {
            _since = now;
            _downAt = steadyNow;
        }
        _problem = std::move(problem);
        _retryAt = steadyNow + kRetry;
        return first;
    }
    /// True: it did not work before.
    bool worked() { return !std::exchange(_problem, Message()).empty(); }

private:
    Message _problem{};
    TimePoint _since{};
    Sleeper::Time _downAt{};
    Sleeper::Time _retryAt{};
};

/// Fires the jobs of a host: has the book say what is due, has the store write it, gives the runs to seats, and records
/// how they went. One thread, that of run(), does all of it; the other functions may be called from any thread while
/// run() runs, and have it done there.
/// Invariant: a run begins only after its slot, its lock and the move of its job's schedule were committed together,
/// and not before its slot. The commit comes a moment before the slot, so that the run can begin in the very instant.
class Scheduler {
public:
    /// Takes over what the store knows. Borrows store, clock, log, listeners and sleeper. Throws StoreException.
    Scheduler(std::shared_ptr<const Configuration> configuration, ScheduleStore& store, const Clock& clock,
              Poco::Logger& log, const MakeSeats& makeSeats, RunListeners listeners = {},
              const Sleeper& sleeper = realSleeper());

    /// Fires until drain() was called and all runs are over and recorded.
    void run();

    /// From now on nothing fires and nothing may be asked for.
    void drain();
    /// Asks all runs in progress to stop; a second call ends their processes.
    void stopRuns(Message why);

    /// Goes on with another configuration; runs in progress keep theirs.
    void apply(std::shared_ptr<const Configuration> configuration);

    /// Of the jobs that the pattern means, those that this changed: see ScheduleBook. Nothing: they are resumed. The
    /// pause is since now. Survives a restart. Throws StoreException.
    std::vector<std::string> setPaused(const std::string& pattern, const std::optional<Pause>& pause);

    /// Has a run end, by its id, or what the pattern's jobs run, were asked for or would try again. A second call ends
    /// the processes of the runs at once. `who`: who wants it.
    StopResult stop(const std::string& patternOrRun, const std::string& who);

    /// Runs a job that is asked for; the answers come through the request.
    void submit(RunRequest request);

    /// When it last looked around: it does so every second or so.
    Sleeper::Time lastStep() const { return Sleeper::Time(Sleeper::Time::duration(_lastStep.load())); }
    /// run() has returned, or is about to.
    bool isEnded() const { return _isEnded.load(); }

    SchedulerState state();
    /// Of the jobs that the pattern means, `most` at most.
    std::vector<JobState> jobStates(const std::string& pattern, std::size_t most);
    /// Of these jobs, without those that it does not know.
    std::vector<JobState> jobStates(const std::vector<std::string>& jobs);

private:
    static const Sleeper& realSleeper();

    struct Ended {
        RunTicket ticket;
        RunResult result;
        RunEnding ending;
    };

    void step();
    Sleeper::Time wakeAt() const;
    bool isOver() const { return _draining && _roster.size() == 0 && _ended.empty() && _requests.empty(); }
    bool fire();
    void write(Round&& round);
    std::vector<RunTicket> prepare(const Round& round);
    RunTicket ticketOf(JobIndex job) const;
    void enter(const Claim& claim, const RunTicket& ticket);
    void endRun(const RunIdentity& run, const RunReport& report, TimePoint finishedAt);
    void tellRetriesEnded(const std::string& job) const;
    void tellResumed(const Round& round) const;
    bool setPaused(JobIndex job, std::optional<Pause> pause);
    void finished(Ended&& ended);
    void tellSlots(const StoreBatch& batch, const std::vector<StartAnswer>& answers) const;
    void tellEnded(const std::string& problem);
    void stopJob(const std::string& job, const std::string& who, StopResult& result);
    void refuseRequests();
    std::string whyRefused(const RunRequest& request) const;
    void serveRequests();
    bool serve(RunRequest& request);
    bool claim(RunRequest& request, JobIndex job);
    void probe();
    void proveWritable();
    void renewLeases();
    void storeFailed(const StoreException& e);
    void storeWorked();
    void checkpoint();
    void abandonRuns();
    JobState jobState(JobIndex job);
    JobPhase phaseOf(JobIndex job) const;

    ScheduleStore& _store;
    const Clock& _clock;
    Poco::Logger& _log;
    const Sleeper& _sleeper;
    const RunListeners _listeners;
    Mailbox _mailbox;
    std::shared_ptr<const Configuration> _configuration;
    ScheduleBook _book;
    RunRoster _roster;
    HeldClaims _held;
    std::vector<Ended> _ended;        // not yet recorded
    std::list<RunRequest> _requests;  // not yet answered
    StoreHealth _health;
    std::size_t _writes = 0;  // since the last checkpoint
    Sleeper::Time _probeAt{};
    Sleeper::Time _renewLeasesAt{};
    Sleeper::Time _proveAt{};
    bool _draining = false;
    std::atomic<Sleeper::Time::rep> _lastStep{0};
    std::atomic<bool> _isEnded{false};
    FrenchTexts _french;            // for the threads of the seats
    std::unique_ptr<Seats> _seats;  // last: their threads use the others
};

}  // namespace carillon
