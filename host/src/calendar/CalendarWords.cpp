#include "calendar/CalendarWords.h"

#include "schedule/LocalTime.h"
#include "schedule/words/ScheduleWording.h"

#include <array>
#include <chrono>
#include <string_view>

namespace carillon {
namespace {

using namespace std::chrono;

struct CalendarName {
    std::string_view key;
    const char* english;
    const char* french;
};
constexpr std::array kNames{CalendarName{"fr-holidays", "public holidays in France", "jours fériés en France"},
                            CalendarName{"fr-holidays-alsace-moselle", "public holidays in Alsace and Moselle",
                                         "jours fériés en Alsace et en Moselle"},
                            CalendarName{"weekends", "weekends", "fins de semaine"}};
constexpr std::array kEnglishDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array kFrenchDays{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."};

std::string wordsOf(const std::string& calendar, bool french) {
    for (const auto& name : kNames)
        if (name.key == calendar) return french ? name.french : name.english;
    return calendar;
}

/// `2026-12-28 03:00 (Noël)` as "28/12/2026 03:00 (Noël)".
std::string frenchDate(const std::string& detail) {
    if (detail.size() < 10) return detail;
    return detail.substr(8, 2) + '/' + detail.substr(5, 2) + '/' + detail.substr(0, 4) + detail.substr(10);
}

/// "Fri 2026-12-25", "ven. 25/12/2026"
std::string dayText(local_days day, bool french) {
    const std::string date = toShortRfc3339(TimePoint(day.time_since_epoch())).substr(0, 10);
    const auto weekday = std::chrono::weekday(day).c_encoding();
    return french ? std::string(kFrenchDays[weekday]) + ' ' + frenchDate(date)
                  : std::string(kEnglishDays[weekday]) + ' ' + date;
}

}  // namespace

std::vector<std::string> offInWords(const OffTimes& off, Language language) {
    const bool french = language == Language::French;
    std::vector<std::string> phrases;
    std::string calendars;
    for (const auto& calendar : off.keys().calendars)
        calendars += (calendars.empty() ? "" : ", ") + wordsOf(calendar, french);
    if (!calendars.empty() && off.moves())
        phrases.push_back(french ? "les jours non travaillés (" + calendars +
                                       "), report à la même heure du jour ouvré suivant"
                                 : "on days off (" + calendars + ") moved to the same time of the next working day");
    else if (!calendars.empty())
        phrases.push_back((french ? "sauf les jours non travaillés (" : "not on days off (") + calendars + ')');
    std::vector<std::string> windows;
    for (const auto& window : off.keys().blackout.all()) windows.push_back(window.text);
    if (!windows.empty())
        phrases.push_back((french ? "sauf dans les plages " : "not during ") + listed(windows, french ? "et" : "or"));
    return phrases;
}

std::vector<std::string> daysOffAhead(const OffTimes& off, TimePoint now, std::size_t most, Language language) {
    const bool french = language == Language::French;
    const auto today = floor<days>(off.zone().toLocal(floor<seconds>(now)));
    std::vector<std::string> ahead;
    for (auto day = today; day - today <= days(366) && ahead.size() < most; day += days(1)) {
        const auto name = off.days().nameOf(day);
        if (name && *name != kWeekendName) ahead.push_back(dayText(day, french) + " (" + std::string(*name) + ')');
    }
    return ahead;
}

}  // namespace carillon
