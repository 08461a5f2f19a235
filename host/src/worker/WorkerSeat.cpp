#include "worker/WorkerSeat.h"

#include <utility>

namespace carillon {

WorkerSeat::WorkerSeat(const WorkerLimits& limits, const WorkerRecycling& recycling, std::string program)
    : _limits(limits), _recycling(recycling), _program(std::move(program)) {
    replace();
}

void WorkerSeat::start(const WorkerRequest& request, WorkerListener listener) {
    if (!_worker || !_worker->isUsableFor(request)) replace();
    _worker->start(request, std::move(listener));
}

bool WorkerSeat::waitUntilPrepared() {
    return _worker->waitUntilPrepared();
}

void WorkerSeat::begin(const RunIdentity& identity, std::chrono::milliseconds timeout, int logLevel) {
    _worker->begin(identity, timeout, logLevel);
}

WorkerEnd WorkerSeat::finish() {
    WorkerEnd end = _worker->finish();
    if (_worker->isUsable() && !hasDoneItsShare()) return end;
    try {
        replace();
    } catch (const Poco::SystemException&) {  // the next start() tries again and tells its caller
    }
    return end;
}

void WorkerSeat::requestStop(const Message& why) {
    const std::lock_guard lock(_mutex);
    if (_worker) _worker->requestStop(why);
}

bool WorkerSeat::hasDoneItsShare() const {
    if (_worker->runs() >= _recycling.runs) return true;
    return _worker->runs() % kRunsPerMemoryLook == 0 && _worker->residentBytes() > _recycling.residentBytes;
}

void WorkerSeat::replace() {
    const std::lock_guard lock(_mutex);
    _worker.reset();
    _worker = std::make_unique<WorkerProcess>(Launch::Spawn, _limits, _program);
    ++_workers;
}

}  // namespace carillon
