#include "schedule/words/ScheduleWords.h"

#include "schedule/CronExpression.h"
#include "schedule/Schedule.h"
#include "schedule/ScheduleError.h"
#include "schedule/words/ScheduleWording.h"

#include "Poco/StringTokenizer.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <variant>

namespace carillon {
namespace {

using ItemKind = CronItem::Kind;

using namespace std::chrono_literals;

struct UnitWords {
    CronUnit unit;
    const char* field;
    const char* at;               ///< Before the only value that is left.
    const char* units;            ///< Counted.
    const char* sign;             ///< In `every 90m`,
    std::chrono::seconds length;  ///< of one of them; 0: there is no such rhythm.
};

constexpr std::array kWords{UnitWords{CronUnit::Second, "second", "at second ", "seconds", "s", 1s},
                            UnitWords{CronUnit::Minute, "minute", "at minute ", "minutes", "m", 1min},
                            UnitWords{CronUnit::Hour, "hour", "at hour ", "hours", "h", 1h},
                            UnitWords{CronUnit::Day, "day-of-month", "on day ", "days", "d", 24h},
                            UnitWords{CronUnit::Month, "month", "in ", "months", "", 0s},
                            UnitWords{CronUnit::Weekday, "weekday", "on ", "days", "d", 24h}};
constexpr std::array kMonthNames{"January", "February", "March",     "April",   "May",      "June",
                                 "July",    "August",   "September", "October", "November", "December"};
constexpr std::array kWeekdayNames{"Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"};

std::string nameOf(CronUnit unit, int value) {
    if (unit == CronUnit::Month) return kMonthNames[static_cast<std::size_t>(value - 1)];
    if (unit == CronUnit::Weekday) return kWeekdayNames[static_cast<std::size_t>(value)];
    return std::to_string(value);
}

/// A step beyond the end of its range leaves the first value alone.
bool isStepTooLarge(const CronItem& item, CronUnit unit) {
    if (item.kind != ItemKind::All && item.kind != ItemKind::Range) return false;
    const int period = largestOf(unit) - smallestOf(unit) + 1;
    const int values = item.last - item.first + 1 + (item.last < item.first ? period : 0);
    return item.step > values;
}

std::string sentence(const std::string& written, const CronItem& item, const UnitWords& words) {
    const std::string step = std::to_string(item.step);
    const std::string rhythm = "every " + step + " " + words.units;
    const bool exists = words.length.count() > 0 && item.step * words.length <= kLongestEvery;
    return written + " in the " + words.field + " field fires " + words.at + nameOf(words.unit, item.first) +
           " only; " +
           (exists ? "for " + rhythm + " write 'every " + step + words.sign + "'" : "no schedule means " + rhythm);
}

void addWarnings(const CronField& field, const UnitWords& words, std::vector<std::string>& warnings) {
    const Poco::StringTokenizer written(field.text, ",");  // as many as there are items
    for (std::size_t i = 0; i < field.items.size(); ++i)
        if (isStepTooLarge(field.items[i], words.unit)) warnings.push_back(sentence(written[i], field.items[i], words));
}

}  // namespace

std::string scheduleInWords(std::string_view text, Language language) {
    Schedule::parse(text, "UTC", "");  // refuses dates that never come
    const auto& wording = language == Language::French ? frenchWording() : englishWording();
    return wording.say(parseScheduleExpression(text));
}

std::vector<std::string> warningsOfSchedule(std::string_view text) {
    std::vector<std::string> warnings;
    try {
        const auto expression = parseScheduleExpression(text);
        if (const auto* cron = std::get_if<CronExpression>(&expression))
            for (const auto& words : kWords) addWarnings(cron->field(words.unit), words, warnings);
    } catch (const ScheduleError&) {
        warnings.clear();  // its faults are told elsewhere
    }
    return warnings;
}

}  // namespace carillon
