#include "Fuzz.h"

#include "calendar/CalendarFile.h"
#include "calendar/TimeWindows.h"
#include "schedule/ZoneDatabase.h"

#include <chrono>

using namespace carillon;

namespace {

void readWindows(const std::string& text) {
    using namespace std::chrono;
    const auto windows = TimeWindows::parse(text);
    if (!windows) return;
    const auto zone = findTimeZone("Europe/Paris");
    for (TimePoint now = sys_days(2026y / March / 28); now < sys_days(2026y / March / 31); now += minutes(37)) {
        const auto end = windows->endAfter(now, *zone);
        fuzz::require(!end || *end > now, "a window ends after what lies in it");
    }
}

}  // namespace

/// An iCalendar file, and its first line as windows.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = fuzz::textOf(data, size);
    readWindows(text.substr(0, text.find('\n')));
    const CalendarFile file(text, "fuzz.ics", {20'000, 5'000});
    for (const auto& fault : file.faults())
        fuzz::require(fault.text.find(": ") != std::string::npos, "a fault has its line");
    if (!file.faults().empty()) return 0;
    DaysOff days;
    file.addTo(days);
    days.settle();
    const auto day = std::chrono::local_days(std::chrono::year(2026) / std::chrono::December / 24);
    const auto working = days.workingDayAfter(day);
    fuzz::require(!working || (*working > day && !days.isOff(*working)), "a working day is no day off");
    std::vector<OffStretch> stretches;
    file.addTo(stretches, *findTimeZone("Europe/Paris"));
    return 0;
}
