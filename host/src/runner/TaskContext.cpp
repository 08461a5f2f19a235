#include "runner/TaskContext.h"

#include "Poco/AutoPtr.h"

#include <utility>

namespace carillon {
namespace {

constexpr std::chrono::milliseconds kProgressInterval{100};

class OutputChannel : public Poco::Channel {
public:
    explicit OutputChannel(TaskOutput& output) : _output(output) {}
    void log(const Poco::Message& message) override {
        _output.log(message.getPriority(), message.getTime(), message.getText());
    }

private:
    TaskOutput& _output;
};

}  // namespace

TaskContext::TaskContext(RunIdentity identity, StopToken stop, int logLevel, TaskOutput& output)
    : _identity(std::move(identity)),
      _stop(stop),
      _output(output),
      _log(Poco::AutoPtr<Poco::Channel>(new OutputChannel(output)), logLevel) {}

void TaskContext::progress(std::uint64_t done, std::uint64_t total, std::string_view what) {
    const auto now = std::chrono::steady_clock::now();
    if (now - _lastProgress < kProgressInterval) return;
    _lastProgress = now;
    _output.progress(done, total, what);
}

}  // namespace carillon
