#include "calendar/OffDates.h"

#include <algorithm>

namespace carillon {
namespace {

using namespace std::chrono;

constexpr days kAhead{366};

TimePoint instantOf(const OffTimes& off, local_seconds local) {
    return TimePoint(off.zone().toUtc(local).time_since_epoch());
}

local_days dayOf(const OffTimes& off, TimePoint at) {
    return floor<days>(off.zone().toLocal(floor<seconds>(at)));
}

void addWindow(const OffTimes& off, const TimeWindow& window, TimePoint now, std::size_t most,
               std::vector<OffDate>& dates) {
    std::size_t found = 0;
    const auto add = [&](local_seconds from, local_seconds until) {
        const OffDate date{"", instantOf(off, from), instantOf(off, until), {}};
        // What lies in an hour that does not come, never comes.
        if (date.until <= now || date.until <= date.from) return;
        dates.push_back(date);
        ++found;
    };
    if (window.weekdays == 0) return add(window.from, window.until);
    const local_days today = dayOf(off, now);
    // One that began on an earlier day may go on.
    for (local_days day = today - ceil<days>(window.length); day <= today + kAhead && found < most; day += days(1)) {
        const bool comes = (window.weekdays >> weekday(day).c_encoding() & 1U) != 0;
        if (comes) add(day + window.begin, day + window.begin + window.length);
    }
}

}  // namespace

std::vector<OffDate> daysOffAfter(const OffTimes& off, TimePoint now, std::size_t most) {
    std::vector<OffDate> dates;
    const local_days today = dayOf(off, now);
    for (local_days day = today; day - today <= kAhead && dates.size() < most; day += days(1)) {
        const auto name = off.days().nameOf(day);
        if (!name || *name == kWeekendName) continue;
        dates.push_back({std::string(*name), instantOf(off, day), instantOf(off, day + days(1)),
                         off.moves() ? off.days().workingDayAfter(day) : std::nullopt});
    }
    return dates;
}

std::vector<OffDate> blackoutsAfter(const OffTimes& off, TimePoint now, std::size_t most) {
    std::vector<OffDate> dates;
    for (const auto& window : off.keys().blackout.all())
        if (window.weekdays == 0 || window.length.count() > 0) addWindow(off, window, now, most, dates);
    for (const auto& event : off.events())
        if (event.until > now && event.from <= now + kAhead) dates.push_back({event.name, event.from, event.until, {}});
    std::stable_sort(dates.begin(), dates.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
    if (dates.size() > most) dates.resize(most);
    return dates;
}

}  // namespace carillon
