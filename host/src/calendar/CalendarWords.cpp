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

/// "22:00"
std::string clockText(local_seconds local) {
    return toShortRfc3339(TimePoint(local.time_since_epoch())).substr(11, 5);
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

std::string dayOffInWords(const OffDate& date, const TimeZone& zone, Language language) {
    const bool french = language == Language::French;
    const auto day = floor<days>(zone.toLocal(floor<seconds>(date.from)));
    std::string words = dayText(day, french) + " (" + date.name + ')';
    if (date.movedTo) words += (french ? ", reportées au " : ", moved to ") + dayText(*date.movedTo, french);
    return words;
}

std::string blackoutInWords(const OffDate& date, const TimeZone& zone, Language language) {
    const bool french = language == Language::French;
    const auto from = zone.toLocal(floor<seconds>(date.from));
    const auto until = zone.toLocal(floor<seconds>(date.until));
    const auto first = floor<days>(from);
    const auto last = floor<days>(until);
    std::string words;
    if (first == last)
        words = dayText(first, french) + (french ? " de " : " ") + clockText(from) + (french ? " à " : " to ") +
                clockText(until);
    else if (french)
        words = "du " + dayText(first, french) + " à " + clockText(from) + " au " + dayText(last, french) + " à " +
                clockText(until);
    else
        words =
            dayText(first, french) + ' ' + clockText(from) + " to " + dayText(last, french) + ' ' + clockText(until);
    return date.name.empty() ? words : words + " (" + date.name + ')';
}

}  // namespace carillon
