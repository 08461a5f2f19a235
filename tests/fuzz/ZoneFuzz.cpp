#include "Fuzz.h"

#include "schedule/Schedule.h"
#include "schedule/ScheduleError.h"
#include "schedule/TimeZone.h"

using namespace carillon;
using namespace std::chrono;

namespace {

void requireOrder(const TimeZone& zone) {
    const auto& periods = zone.periods();
    fuzz::require(!periods.empty(), "a zone has a period");
    for (std::size_t i = 1; i < periods.size(); ++i) {
        fuzz::require(periods[i].from == periods[i - 1].until, "periods are back to back");
        fuzz::require(periods[i].offset != periods[i - 1].offset, "neighbours differ in offset");
    }
}

void requireConversions(const TimeZone& zone) {
    for (auto at = sys_seconds(sys_days(1990y / January / 1)); at < sys_days(2060y / January / 1); at += hours(1999)) {
        const auto local = zone.toLocal(at);
        const auto first = zone.toUtc(local);
        fuzz::require(first <= at, "the first pass of a local time is not later than another one");
        fuzz::require(zone.toLocal(first) == local, "a local time that was shown comes back");
    }
}

void requireFirings(const std::shared_ptr<const TimeZone>& zone) {
    const auto cron = std::get<CronExpression>(parseScheduleExpression("30 2 * * *"));
    const Schedule schedule(cron, zone, "job");
    TimePoint after = sys_days(2024y / March / 1);
    for (int i = 0; i < 400; i += 40) {
        const auto next = schedule.next(after);
        if (!next) return;
        fuzz::require(*next > after, "the next firing is after the given time");
        after = *next + days(40);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto zone = std::make_shared<const TimeZone>("zone", ZoneFile::parse(fuzz::textOf(data, size), "zone"));
        requireOrder(*zone);
        requireConversions(*zone);
        requireFirings(zone);
    } catch (const ScheduleError&) {
    }
    return 0;
}
