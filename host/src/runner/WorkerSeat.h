#pragma once

#include "runner/TaskSeat.h"
#include "runner/WorkerProcess.h"

#include <cstddef>
#include <memory>
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
    /// Starts the first worker. Throws Poco::SystemException when the system refuses.
    explicit WorkerSeat(const WorkerLimits& limits = {}, const WorkerRecycling& recycling = {},
                        const std::string& program = kThisProgram);

    /// Throws Poco::SystemException when a worker is missing and the system refuses one.
    void start(const WorkerRequest& request, WorkerListener listener) override;
    bool waitUntilPrepared() override;
    void begin(const RunIdentity& identity, std::chrono::milliseconds timeout,
               int logLevel = Poco::Message::PRIO_INFORMATION) override;
    WorkerEnd finish() override;
    void requestStop(const std::string& why) override;

    /// The worker that is there now.
    const WorkerProcess& worker() const { return *_worker; }
    /// How many workers this seat has had.
    std::size_t workers() const { return _workers; }

private:
    void replace();

    WorkerLimits _limits;
    WorkerRecycling _recycling;
    std::string _program;
    std::unique_ptr<WorkerProcess> _worker;
    std::size_t _workers = 0;
};

}  // namespace carillon
