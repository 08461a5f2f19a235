#include "worker/TaskContext.h"

#include "schedule/ScheduleError.h"
#include "schedule/ZoneDatabase.h"

#include "Poco/AutoPtr.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

/// Of a run that tells of each step. What it has not told at a time it may tell at once: a short burst is seen to its
/// last step, where a run may then stay for long.
constexpr std::chrono::milliseconds kProgressInterval{100};
constexpr double kProgressBurst = 20;

class OutputChannel : public Poco::Channel {
public:
    explicit OutputChannel(TaskOutput& output) : _output(output) {}
    void log(const Poco::Message& message) override {
        _output.say(LogMessage{message.getPriority(), message.getTime().epochMicroseconds(), message.getText()});
    }

private:
    TaskOutput& _output;
};

}  // namespace

TaskContext::RunStop::RunStop(const std::atomic<bool>& asked, std::chrono::milliseconds timeout) : _asked(asked) {
    if (timeout.count() > 0) _deadline = std::chrono::steady_clock::now() + timeout;
}

std::chrono::milliseconds TaskContext::RunStop::remaining() const {
    if (!_deadline) return std::chrono::hours(1);
    const auto left = *_deadline - std::chrono::steady_clock::now();
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds::zero());
}

TaskContext::TaskContext(RunIdentity identity, const std::atomic<bool>& stopAsked, std::chrono::milliseconds timeout,
                         int logLevel, TaskOutput& output)
    : _identity(std::move(identity)),
      _stop(stopAsked, timeout),
      _output(output),
      _log(Poco::AutoPtr<Poco::Channel>(new OutputChannel(output)), logLevel) {}

void TaskContext::progress(std::uint64_t done, std::uint64_t total, const Message& what) {
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double, std::milli> passed = now - _lastProgress;
    _lastProgress = now;
    _mayProgress = std::min(kProgressBurst, _mayProgress + passed / kProgressInterval);
    if (_mayProgress < 1) return;
    --_mayProgress;
    _output.say(Progress{done, total, what});
}

std::shared_ptr<const Zone> TaskContext::zone(const std::string& name) const {
    try {
        return findTimeZone(name);
    } catch (const ScheduleError& e) {
        throw Poco::NotFoundException(e.message());
    }
}

}  // namespace carillon
