#include "schedule/words/ScheduleWords.h"

#include "schedule/CronExpression.h"
#include "schedule/Schedule.h"
#include "schedule/ScheduleError.h"
#include "schedule/words/ScheduleWording.h"
#include "words/HostTexts.h"

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

/// The names are keys.
struct UnitWords {
    CronUnit unit;
    const char* field;
    const char* at;               ///< With the only value that is left.
    const char* units;            ///< Counted.
    const char* sign;             ///< In `every 90m`,
    std::chrono::seconds length;  ///< of one of them; 0: there is no such rhythm.
};

constexpr std::array kWords{UnitWords{CronUnit::Second, "cron.second", "rhythm.atsecond", "rhythm.seconds", "s", 1s},
                            UnitWords{CronUnit::Minute, "cron.minute", "rhythm.atminute", "rhythm.minutes", "m", 1min},
                            UnitWords{CronUnit::Hour, "cron.hour", "rhythm.athour", "rhythm.hours", "h", 1h},
                            UnitWords{CronUnit::Day, "cron.day", "rhythm.onday", "rhythm.days", "d", 24h},
                            UnitWords{CronUnit::Month, "cron.month", "rhythm.inmonth", "rhythm.months", "", 0s},
                            UnitWords{CronUnit::Weekday, "cron.weekday", "rhythm.onweekday", "rhythm.days", "d", 24h}};
constexpr std::array kMonthNames{"month.jan", "month.feb", "month.mar", "month.apr", "month.may", "month.jun",
                                 "month.jul", "month.aug", "month.sep", "month.oct", "month.nov", "month.dec"};
constexpr std::array kWeekdayNames{"day.sun", "day.mon", "day.tue", "day.wed", "day.thu", "day.fri", "day.sat"};

Message nameOf(CronUnit unit, int value) {
    if (unit == CronUnit::Month) return sayHost(kMonthNames[static_cast<std::size_t>(value - 1)]);
    if (unit == CronUnit::Weekday) return sayHost(kWeekdayNames[static_cast<std::size_t>(value)]);
    return value;
}

/// A step beyond the end of its range leaves the first value alone.
bool isStepTooLarge(const CronItem& item, CronUnit unit) {
    if (item.kind != ItemKind::All && item.kind != ItemKind::Range) return false;
    const int period = largestOf(unit) - smallestOf(unit) + 1;
    const int values = item.last - item.first + 1 + (item.last < item.first ? period : 0);
    return item.step > values;
}

Message warningOf(const std::string& written, const CronItem& item, const UnitWords& words) {
    const bool exists = words.length.count() > 0 && item.step * words.length <= kLongestEvery;
    return sayHost(exists ? "rhythm.write" : "rhythm.none",
                   {{"written", written},
                    {"field", sayHost(words.field)},
                    {"at", sayHost(words.at, {{"value", nameOf(words.unit, item.first)}})},
                    {"units", sayHost(words.units, {{"n", item.step}})},
                    {"every", "every " + std::to_string(item.step) + words.sign}});
}

void addWarnings(const CronField& field, const UnitWords& words, std::vector<Message>& warnings) {
    const Poco::StringTokenizer written(field.text, ",");  // as many as there are items
    for (std::size_t i = 0; i < field.items.size(); ++i)
        if (isStepTooLarge(field.items[i], words.unit))
            warnings.push_back(warningOf(written[i], field.items[i], words));
}

}  // namespace

std::string scheduleInWords(std::string_view text, Language language) {
    Schedule::parse(text, "UTC", "");  // refuses dates that never come
    const auto& wording = language == Language::French ? frenchWording() : englishWording();
    return wording.say(parseScheduleExpression(text));
}

std::vector<Message> warningsOfSchedule(std::string_view text) {
    std::vector<Message> warnings;
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
