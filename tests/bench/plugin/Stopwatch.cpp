#include "carillon/Plugin.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

using namespace carillon;

namespace {

std::int64_t nanosecondsOf(const timespec& at) {
    return std::int64_t{at.tv_sec} * 1'000'000'000 + at.tv_nsec;
}

void append(const std::string& file, const std::array<std::int64_t, 2>& record) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) throw Poco::OpenFileException(file);
    // One write of so few bytes is not mixed with those of other runs.
    const auto written = ::write(descriptor, record.data(), sizeof record);
    ::close(descriptor);
    if (written != sizeof record) throw Poco::WriteFileException(file);
}

}  // namespace

/// Notes in `task.file` when it was due and when it started: two numbers of 64 bits in the machine's order, nanoseconds
/// since 1970 in UTC. Without that key it does nothing at all.
class Stopwatch final : public SyncTask {
public:
    void configure(ConfigReader& config) override { _file = config.optionalText("file"); }

    RunReport run(RunContext& context) override {
        timespec started{};
        ::clock_gettime(CLOCK_REALTIME, &started);

        if (_file) {
            const std::chrono::nanoseconds slot = context.identity().scheduledAt.time_since_epoch();
            append(*_file, {slot.count(), nanosecondsOf(started)});
        }
        return RunReport::succeeded("stopped the time");
    }

    void check(RunContext&, const CheckSink&) override {}

private:
    std::optional<std::string> _file;
};

CARILLON_PLUGIN("Stopwatch", "1.0.0")
CARILLON_TASKS_BEGIN
CARILLON_TASK(Stopwatch)
CARILLON_TASKS_END
