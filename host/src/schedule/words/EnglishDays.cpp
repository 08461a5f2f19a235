#include "schedule/words/EnglishDays.h"

#include "schedule/words/ScheduleWording.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace carillon {
namespace {

using Kind = FieldSense::Kind;
using ItemKind = CronItem::Kind;
using Texts = std::vector<std::string>;

constexpr const char* kMonths[] = {"",     "January", "February",  "March",   "April",    "May",     "June",
                                   "July", "August",  "September", "October", "November", "December"};
constexpr const char* kWeekdays[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr const char* kOrdinals[] = {"", "first", "second", "third", "fourth", "fifth"};
constexpr int kLongestMonth = 31;

/// Values side by side, ranges each for itself: "January, March", "from May to July".
void splitMonths(const FieldSense& months, Texts& names, Texts& ranges) {
    for (const auto& [first, last] : months.spans) {
        if (first == last)
            names.push_back(kMonths[first]);
        else
            ranges.push_back(std::string("from ") + kMonths[first] + " to " + kMonths[last]);
    }
    if (months.kind == Kind::Hash || months.hashed) names.push_back(std::string("a month") + kEnglishByName);
}

std::string ofMonths(const FieldSense& months) {
    if (months.isAll()) return " of the month";
    Texts names;
    Texts parts;
    splitMonths(months, names, parts);
    for (auto& range : parts) range = "of each month " + range;
    if (!names.empty()) parts.insert(parts.begin(), "of " + listed(names, "and"));
    return ' ' + listed(parts, "and");
}

std::string specialDate(const CronItem& item) {
    if (item.kind == ItemKind::LastWorkday) return "on the last working day";
    if (item.kind == ItemKind::NearestWorkday) return "on the working day nearest to the " + englishOrdinal(item.first);
    if (item.first == 0) return "on the last day";
    return (item.first == 1 ? "on the day" : std::to_string(item.first) + " days") + " before the last day";
}

std::string datesByName(const FieldSense& dates, const FieldSense& months) {
    const bool anyDay = dates.first == 1 && dates.last >= 28;
    const std::string range =
        anyDay ? "" : ", between the " + englishOrdinal(dates.first) + " and the " + englishOrdinal(dates.last);
    if (dates.step > 1)
        return "every " + std::to_string(dates.step) + " days" + ", starting on a day" + ofMonths(months) +
               kEnglishByName + range;
    return "on a day" + ofMonths(months) + kEnglishByName + range;
}

std::string onDates(const FieldSense& dates, const FieldSense& months) {
    if (dates.kind == Kind::Hash) return datesByName(dates, months);
    if (dates.kind == Kind::Steps) {
        const std::string often = dates.step == 2 ? "every other day" : "every " + englishOrdinal(dates.step) + " day";
        const bool toTheEnd = dates.last + dates.step > kLongestMonth;
        return often + " from the " + englishOrdinal(dates.first) +
               (toTheEnd ? "" : " to the " + englishOrdinal(dates.last)) + ofMonths(months) + (toTheEnd ? " on" : "");
    }
    if (dates.isSingle() && months.isSingle())
        return "on " + std::to_string(dates.values[0]) + ' ' + kMonths[months.values[0]];
    Texts days;
    Texts parts;
    for (const auto& [first, last] : dates.spans) {
        if (first == last)
            days.push_back(englishOrdinal(first));
        else
            parts.push_back("from the " + englishOrdinal(first) + " to the " + englishOrdinal(last));
    }
    if (!days.empty()) parts.insert(parts.begin(), "on the " + listed(days, "and"));
    for (const auto& item : dates.special) parts.push_back(specialDate(item));
    if (dates.hashed) parts.push_back(std::string("on a day") + kEnglishByName);
    return listed(parts, "and") + ofMonths(months);
}

std::string specialWeekday(const CronItem& item) {
    return item.kind == ItemKind::LastOfWeekday ? "last" : kOrdinals[item.last];
}

/// "the first and third Monday", "the first Monday and the last Friday"
std::string specialWeekdays(const FieldSense& weekdays, const std::string& glue) {
    const int first = weekdays.special.front().first;
    const bool same = std::all_of(weekdays.special.begin(), weekdays.special.end(),
                                  [first](const CronItem& item) { return item.first == first; });
    Texts texts;
    for (const auto& item : weekdays.special)
        texts.push_back(same ? specialWeekday(item) : "the " + specialWeekday(item) + ' ' + kWeekdays[item.first]);
    return same ? "the " + listed(texts, glue) + ' ' + kWeekdays[first] : listed(texts, glue);
}

std::string onWeekdays(const FieldSense& weekdays, const FieldSense& months) {
    if (weekdays.kind == Kind::Hash) return std::string("every week on a day") + kEnglishByName + englishMonths(months);
    Texts days;
    Texts parts;
    for (const auto& [first, last] : weekdays.spans) {
        if (first == last)
            days.push_back(kWeekdays[first]);
        else
            parts.push_back(std::string("from ") + kWeekdays[first] + " to " + kWeekdays[last]);
    }
    if (weekdays.hashed) days.push_back(std::string("day") + kEnglishByName);
    if (!days.empty()) parts.insert(parts.begin(), "every " + listed(days, "and"));
    if (weekdays.special.empty()) return listed(parts, "and") + englishMonths(months);
    if (parts.empty()) return "on " + specialWeekdays(weekdays, "and") + ofMonths(months);
    return listed(parts, "and") + englishMonths(months) + " and on " + specialWeekdays(weekdays, "and") +
           ofMonths(months);
}

/// After "if it is".
std::string anyWeekday(const FieldSense& weekdays) {
    if (weekdays.kind == Kind::Hash) return std::string("the weekday") + kEnglishByName;
    Texts texts;
    for (const auto& [first, last] : weekdays.spans)
        texts.push_back(first == last ? std::string("a ") + kWeekdays[first]
                                      : std::string("a day from ") + kWeekdays[first] + " to " + kWeekdays[last]);
    if (!weekdays.special.empty()) texts.push_back(specialWeekdays(weekdays, "or") + " of the month");
    if (weekdays.hashed) texts.push_back(std::string("the weekday") + kEnglishByName);
    return listed(texts, "or");
}

}  // namespace

std::string englishOrdinal(int value) {
    constexpr const char* kEndings[] = {"th", "st", "nd", "rd"};
    const bool regular = value / 10 == 1 || value % 10 > 3;
    return std::to_string(value) + kEndings[regular ? 0 : value % 10];
}

std::string englishMonths(const FieldSense& months) {
    if (months.isAll()) return "";
    Texts names;
    Texts parts;
    splitMonths(months, names, parts);
    if (!names.empty()) parts.insert(parts.begin(), "in " + listed(names, "and"));
    return ' ' + listed(parts, "and");
}

std::string englishDays(const DaySense& days) {
    const auto& [dates, weekdays, months, both] = days;
    if (dates.isAll() && weekdays.isAll()) return "";
    if (weekdays.isAll()) return onDates(dates, months);
    if (dates.isAll()) return onWeekdays(weekdays, months);
    if (both) return onDates(dates, months) + ", if it is " + anyWeekday(weekdays);
    return onDates(dates, months) + " and " + onWeekdays(weekdays, months);
}

}  // namespace carillon
