#include "Fuzz.h"

#include "schedule/Schedule.h"
#include "schedule/ZoneDatabase.h"

#include <chrono>

using namespace carillon;

namespace {

/// Where clocks are set at different times of day, by half an hour, and not at all.
constexpr const char* kZones[] = {"UTC", "Europe/Paris", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo"};

TimePoint momentOf(std::uint8_t a, std::uint8_t b) {
    using namespace std::chrono;
    return sys_days(2020y / January / 1) + days(a * 8) + minutes(b * 11) + milliseconds(a);
}

}  // namespace

/// Two bytes tell zone and time, the rest is an expression.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string zone = kZones[data[0] % std::size(kZones)];
    const TimePoint from = momentOf(data[0], data[1]);
    const std::string text = fuzz::textOf(data + 2, size - 2);
    std::shared_ptr<const Schedule> schedule;
    try {
        schedule = Schedule::parse(text, zone, "job");
    } catch (const ScheduleError& e) {
        fuzz::require(!e.message().empty(), "a refusal says why");
        return 0;
    }
    TimePoint after = from;
    for (int i = 0; i < 5; ++i) {
        const auto next = schedule->next(after);
        if (!next) break;
        fuzz::require(*next > after, "the next firing is after the given time");
        const TimePoint between = after + (*next - after) / 2;
        fuzz::require(schedule->next(between) == next, "no firing lies before the next one");
        fuzz::require(schedule->next(*next - std::chrono::microseconds(1)) == next,
                      "a firing is the next of what is before it");
        after = *next;
    }
    return 0;
}
