#include "Diary.h"

#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>

namespace {

constexpr std::int64_t kSecond = 1'000'000;

/// Microseconds since the system's start: no step of the wall clock shows in them.
std::int64_t steadyMicros() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * kSecond + now.tv_nsec / 1'000;
}

}  // namespace

Diary::Diary(const std::string& folder, const carillon::RunIdentity& run, const std::string& trouble, bool exclusive)
    : _run(run.run), _file(::open((folder + "/diary").c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640)) {
    const auto slot = std::chrono::duration_cast<std::chrono::microseconds>(run.scheduledAt.time_since_epoch());
    write("begin", ' ' + run.job + ' ' + std::to_string(slot.count()) + ' ' + std::to_string(run.attempt) + ' ' +
                       trouble + ' ' + std::to_string(::getpid()));
    if (!exclusive) return;
    // The kernel frees it with the process, however that ends.
    _lock = ::open((folder + '/' + run.job + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (::flock(_lock, LOCK_EX | LOCK_NB) != 0) write("overlap");
}

Diary::~Diary() {
    write("end");
    if (_lock >= 0) ::close(_lock);
    ::close(_file);
}

/// One write a line: lines of several processes do not mix in a file that is open for appending.
void Diary::write(const std::string& event, const std::string& rest) const {
    const std::string line = event + ' ' + _run + ' ' + std::to_string(steadyMicros()) + rest + '\n';
    [[maybe_unused]] const auto written = ::write(_file, line.data(), line.size());  // a line that is missing is found
}
