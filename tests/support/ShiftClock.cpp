// Preloaded into a program, adds an offset to the time of day that it sees: as many microseconds as the eight bytes of
// the file say that CARILLON_TEST_CLOCK names. Who writes there sets the program's clock.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace {

constexpr std::int64_t kMicrosecond = 1'000;
constexpr std::int64_t kSecond = 1'000'000'000;

const std::int64_t* mapOffset() {
    static const std::int64_t none = 0;
    const char* name = std::getenv("CARILLON_TEST_CLOCK");
    if (name == nullptr) return &none;
    const int file = ::open(name, O_RDONLY | O_CLOEXEC);
    void* page = ::mmap(nullptr, sizeof none, PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    return page == MAP_FAILED ? &none : static_cast<const std::int64_t*>(page);
}

std::int64_t offset() {
    static const std::int64_t* microseconds = mapOffset();
    return __atomic_load_n(microseconds, __ATOMIC_RELAXED) * kMicrosecond;
}

std::int64_t wallTime() {
    timespec now{};
    ::syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    return now.tv_sec * kSecond + now.tv_nsec + offset();
}

}  // namespace

#define CARILLON_INTERPOSED extern "C" __attribute__((visibility("default")))

CARILLON_INTERPOSED int clock_gettime(clockid_t clock, timespec* now) noexcept {
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)
        return static_cast<int>(::syscall(SYS_clock_gettime, clock, now));
    const std::int64_t at = wallTime();
    *now = {at / kSecond, at % kSecond};
    return 0;
}

CARILLON_INTERPOSED int gettimeofday(timeval* now, void*) noexcept {
    const std::int64_t at = wallTime();
    *now = {at / kSecond, at % kSecond / kMicrosecond};
    return 0;
}

CARILLON_INTERPOSED time_t time(time_t* now) noexcept {
    const time_t at = wallTime() / kSecond;
    if (now != nullptr) *now = at;
    return at;
}
