#include "pages/LocalDay.h"

#include "schedule/LocalTime.h"

namespace carillon {

std::string LocalDay::text() const {
    return toShortRfc3339(TimePoint(date.time_since_epoch())).substr(0, 10);
}

LocalDay localDay(std::chrono::local_days date, const TimeZone& zone) {
    const auto begin = [&zone](std::chrono::local_days day) {
        return TimePoint(zone.toUtc(std::chrono::local_seconds(day)).time_since_epoch());
    };
    return {date, begin(date), begin(date + std::chrono::days(1))};
}

LocalDay localDayOf(TimePoint at, const TimeZone& zone) {
    return localDay(std::chrono::floor<std::chrono::days>(zone.toLocal(std::chrono::floor<std::chrono::seconds>(at))),
                    zone);
}

}  // namespace carillon
