#pragma once

#include "carillon/Clock.h"
#include "logs/JobLog.h"
#include "runner/RunTicket.h"
#include "runner/TaskThread.h"
#include "runner/WorkerSeat.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace carillon {

/// Where the runs of a host take place: seats, each a thread that runs one ticket after the other, in the worker
/// process that it keeps or, for trusted jobs, in itself. Safe from any thread.
class SeatPool {
public:
    /// Called on the seat's thread when a run is over; not for one whose claim was refused.
    using Finished = std::function<void(RunTicket&& ticket, RunResult&& result)>;

    /// `most` seats; some are there at once, with a worker that is warm, the others when they are needed. Borrows the
    /// clock and the observer, which may be null.
    SeatPool(std::size_t most, const WorkerRecycling& recycling, const Clock& clock, Finished finished,
             RunObserver* observer = nullptr);
    SeatPool(const SeatPool&) = delete;
    SeatPool& operator=(const SeatPool&) = delete;
    /// Waits for the runs in progress.
    ~SeatPool();

    /// Runs the ticket as soon as a seat is free; in the order of the calls.
    void add(RunTicket ticket);

    /// After a reload.
    void setMost(std::size_t most);

    std::size_t busy() const;

private:
    struct Seat;

    void addSeat(bool warm);
    void serve(Seat& seat, bool warm);
    std::optional<RunResult> run(Seat& seat, RunTicket& ticket);
    static std::optional<WorkerEnd> call(TaskSeat& seat, const RunTicket& ticket, const JobConfig& job, int logLevel,
                                         RunReporter& reporter);

    const WorkerRecycling _recycling;
    const Clock& _clock;
    const Finished _finished;
    RunObserver* const _observer;
    JobLogs _logs;
    mutable std::mutex _mutex;
    std::condition_variable _changed;
    std::deque<RunTicket> _tickets;
    std::vector<std::unique_ptr<Seat>> _seats;
    std::size_t _most = 0;
    std::size_t _idle = 0;
    std::size_t _busy = 0;
    bool _ending = false;
};

}  // namespace carillon
