#pragma once

#include "worker/TaskSeat.h"
#include "worker/WorkerProcess.h"

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

namespace carillon {

/// When a worker that did nothing wrong is replaced all the same.
struct WorkerRecycling {
    std::size_t runs = 1'000;
    std::size_t residentBytes = 256U << 20;
};

/// A place for one run at a time in a host with threads: keeps a worker process, and has a new one ready by the time
/// finish() returns whenever the old one crashed, was ended, is not as new, or has done its share.
class WorkerSeat final : public TaskSeat {
public:
    /// Starts the first worker, as the hidden verb `worker` of the program. Throws Poco::SystemException when the
    /// system refuses.
    explicit WorkerSeat(const WorkerLimits& limits = {}, const WorkerRecycling& recycling = {},
                        std::string program = programToStartAgain());

    /// Throws Poco::SystemException when a worker is missing and the system refuses one.
    void start(const WorkerRequest& request, WorkerListener listener) override;
    bool waitUntilPrepared() override;
    void begin(const RunIdentity& identity, std::chrono::milliseconds timeout,
               int logLevel = Poco::Message::PRIO_INFORMATION) override;
    WorkerEnd finish() override;
    void requestStop(const Message& why) override;

    /// The worker that is there now.
    const WorkerProcess& worker() const { return *_worker; }
    /// How many workers this seat has had.
    std::size_t workers() const { return _workers; }

private:
    /// A look costs a tenth of a run.
    static constexpr std::size_t kRunsPerMemoryLook = 10;

    bool hasDoneItsShare() const;
    void replace();

    WorkerLimits _limits;
    WorkerRecycling _recycling;
    std::string _program;
    std::mutex _mutex;  // of the pointer, which requestStop() reads on other threads
    std::unique_ptr<WorkerProcess> _worker;
    std::size_t _workers = 0;
};

}  // namespace carillon
