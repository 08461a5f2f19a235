#include "schedule/TimeText.h"

#include "schedule/LocalTime.h"
#include "schedule/ZoneDatabase.h"

#include <cstdint>
#include <iterator>
#include <memory>
#include <mutex>
#include <utility>

namespace carillon {
namespace {

std::mutex shownMutex;
std::shared_ptr<const TimeZone> shownZone;  // guarded

std::shared_ptr<const TimeZone> getShownZone() {
    const std::lock_guard lock(shownMutex);
    if (!shownZone) shownZone = findTimeZone("");
    return shownZone;
}

}  // namespace

std::string spanText(std::chrono::microseconds span) {
    constexpr std::pair<std::int64_t, const char*> kUnits[] = {{86'400, "d"}, {3'600, "h"}, {60, "min"}, {1, "s"}};
    const std::int64_t count = std::chrono::ceil<std::chrono::seconds>(span).count();
    for (const auto* unit = std::begin(kUnits); unit != std::end(kUnits); ++unit) {
        if (count < unit->first && unit->first > 1) continue;
        const auto* const smaller = unit + 1;
        const std::int64_t rest = smaller == std::end(kUnits) ? 0 : count % unit->first / smaller->first;
        return std::to_string(count / unit->first) + ' ' + unit->second +
               (rest == 0 ? "" : ' ' + std::to_string(rest) + ' ' + smaller->second);
    }
    return "";
}

void setShownZone(const std::string& name) {
    const std::lock_guard lock(shownMutex);
    shownZone = findTimeZone(name);
}

std::string dateTimeText(TimePoint at) {
    const std::string local = toLocalRfc3339(std::chrono::floor<std::chrono::seconds>(at), *getShownZone());
    return local.substr(0, 10) + ' ' + local.substr(11, 8) + ' ' + local.substr(19);
}

std::string whenText(TimePoint at, TimePoint now) {
    const std::string whole = dateTimeText(at);
    const bool today = whole.substr(0, 10) == dateTimeText(now).substr(0, 10);
    const std::string text = today ? whole.substr(11) : whole;
    return text + (at >= now ? ", in " + spanText(at - now) : ", " + spanText(now - at) + " ago");
}

}  // namespace carillon
