#pragma once

#include "carillon/Clock.h"
#include "logs/JobLog.h"
#include "runner/Seats.h"
#include "worker/TaskThread.h"
#include "worker/WorkerSeat.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace carillon {

/// Each seat is a thread that runs one ticket after the other, in the worker process that it keeps or, for trusted
/// jobs, in itself.
class SeatPool final : public Seats {
public:
    /// `most` seats; some are there at once, with a worker that is warm, the others when they are needed. Borrows the
    /// clock and the observers.
    SeatPool(std::size_t most, const WorkerRecycling& recycling, const Clock& clock, Finished finished,
             RunListeners observers = {});
    SeatPool(const SeatPool&) = delete;
    SeatPool& operator=(const SeatPool&) = delete;
    /// Waits for the runs in progress.
    ~SeatPool() override;

    void add(RunTicket ticket) override;
    void setMost(std::size_t most) override;

private:
    struct Seat;

    void addSeat(bool warm);
    void serve(Seat& seat, bool warm);
    std::optional<RunResult> run(Seat& seat, RunTicket& ticket);
    std::optional<WorkerEnd> call(TaskSeat& seat, const RunTicket& ticket, const JobConfig& job, int logLevel,
                                  RunReporter& reporter);

    const WorkerRecycling _recycling;
    const Clock& _clock;
    const Finished _finished;
    const RunListeners _observers;
    JobLogs _logs;
    std::mutex _mutex;
    std::condition_variable _changed;
    std::deque<RunTicket> _tickets;
    std::vector<std::unique_ptr<Seat>> _seats;
    std::size_t _most = 0;
    std::size_t _idle = 0;
    std::size_t _busy = 0;
    bool _ending = false;
};

}  // namespace carillon
