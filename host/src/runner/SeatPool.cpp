#include "runner/SeatPool.h"
#include "words/HostTexts.h"

#include "Poco/Exception.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace carillon {
namespace {

constexpr std::size_t kWarmSeats = 4;

std::string textOf(const std::exception& e) {
    const auto* poco = dynamic_cast<const Poco::Exception*>(&e);
    return poco == nullptr ? e.what() : poco->message().empty() ? poco->displayText() : poco->message();
}

}  // namespace

/// Its members are used by its thread only.
struct SeatPool::Seat {
    PluginCache plugins{};
    TaskThread inThread{plugins};
    std::optional<WorkerSeat> inProcess{};
    std::thread thread{};

    TaskSeat& of(Isolation isolation, const WorkerRecycling& recycling) {
        if (isolation == Isolation::Thread) return inThread;
        if (!inProcess) inProcess.emplace(WorkerLimits{}, recycling);
        return *inProcess;
    }
};

SeatPool::SeatPool(std::size_t most, const WorkerRecycling& recycling, const Clock& clock, Finished finished,
                   RunListeners observers)
    : _recycling(recycling),
      _clock(clock),
      _finished(std::move(finished)),
      _observers(std::move(observers)),
      _most(most) {
    const std::lock_guard lock(_mutex);
    for (std::size_t i = 0; i < std::min(most, kWarmSeats); ++i) addSeat(true);
}

SeatPool::~SeatPool() {
    {
        const std::lock_guard lock(_mutex);
        _ending = true;
    }
    _changed.notify_all();
    for (const auto& seat : _seats) seat->thread.join();
}

void SeatPool::add(RunTicket ticket) {
    const std::lock_guard lock(_mutex);
    _tickets.push_back(std::move(ticket));
    if (_idle < _tickets.size() && _seats.size() < _most) addSeat(false);
    _changed.notify_one();
}

void SeatPool::setMost(std::size_t most) {
    const std::lock_guard lock(_mutex);
    _most = most;
    while (_seats.size() < std::min(_most, _busy + _tickets.size())) addSeat(false);
    _changed.notify_all();
}

/// Under the lock.
void SeatPool::addSeat(bool warm) {
    _seats.push_back(std::make_unique<Seat>());
    Seat& seat = *_seats.back();
    seat.thread = std::thread([this, &seat, warm] { serve(seat, warm); });
}

void SeatPool::serve(Seat& seat, bool warm) {
    try {
        if (warm) seat.of(Isolation::Process, _recycling);
    } catch (const Poco::Exception&) {  // the first run that needs it tries again and says so
    }
    std::unique_lock lock(_mutex);
    for (;;) {
        ++_idle;
        _changed.wait(lock, [this] { return _ending || (!_tickets.empty() && _busy < _most); });
        --_idle;
        if (_tickets.empty()) return;
        RunTicket ticket = std::move(_tickets.front());
        _tickets.pop_front();
        ++_busy;
        lock.unlock();
        std::optional<RunResult> result = run(seat, ticket);
        lock.lock();
        --_busy;
        // Who waits because all that may be were busy would not learn it from a new ticket.
        if (!_tickets.empty()) _changed.notify_one();
        lock.unlock();
        if (result) _finished(std::move(ticket), std::move(*result));
        lock.lock();
    }
}

std::optional<RunResult> SeatPool::run(Seat& seat, RunTicket& ticket) {
    if (ticket.claim->isRefused()) return {};
    try {
        const JobConfig job = ticket.job.config(ticket.overrides);
        const auto& host = ticket.configuration->host;
        const auto log = _logs.open(ticket.job, job, host.logsDir);
        RunReporter reporter(*log, ticket.follower, job.name, _observers);
        const auto end = call(seat.of(job.isolation, _recycling), ticket, job, log->level(), reporter);
        if (!end) return {};
        reporter.end(*end, _clock.now(), ticket.handle->stoppedBy());
        return std::move(reporter.result());
    } catch (const std::exception& e) {
        const Claim* claim = ticket.claim->wait();
        if (claim == nullptr) return {};
        RunResult failed;
        failed.identity = claim->identity;
        failed.report = RunReport::failed(textOf(e));
        failed.finishedAt = _clock.now();
        return failed;
    }
}

/// Nothing when the claim was refused: then the task was configured, and no more.
std::optional<WorkerEnd> SeatPool::call(TaskSeat& seat, const RunTicket& ticket, const JobConfig& job, int logLevel,
                                        RunReporter& reporter) {
    WorkerRequest request = requestFor(ticket.configuration->host, job, ticket.verb);
    request.replay = ticket.replay;
    request.dismissal = ticket.dismissal;
    seat.start(request, reporter.listener({}));
    const Claim* claim = ticket.claim->wait();
    if (claim == nullptr) {
        seat.finish();
        return {};
    }
    reporter.claimed(*claim, _clock.now());
    WorkerEnd end;
    if (const SeatTaken taken(*ticket.handle, seat); taken.why().empty()) {
        seat.begin(reporter.result().identity, ticket.timeout, logLevel);
        reporter.noteStart(*claim);  // the task is on its way already
        end = seat.finish();
    } else {
        reporter.noteClaim(*claim);
        seat.finish();
        end.error = taken.why();
    }
    // A task that ends when it is asked to does not know why.
    const Message why = ticket.handle->stoppedBy().empty() ? ticket.handle->stopReason() : Message();
    if (!end.report && end.error.text.find(why.text) == std::string::npos)
        end.error = sayHost("run.because", {{"message", end.error}, {"why", why}});
    if (const auto& faults = reporter.result().faults; !faults.empty()) end.error = faults.front().message();
    return end;
}

}  // namespace carillon
