#include "schedule/EnglishWords.h"

#include <algorithm>
#include <cstdio>

namespace carillon {
namespace {

using Kind = FieldSense::Kind;
using ItemKind = CronItem::Kind;
using Texts = std::vector<std::string>;

constexpr const char* kMonths[] = {"",     "January", "February",  "March",   "April",    "May",     "June",
                                   "July", "August",  "September", "October", "November", "December"};
constexpr const char* kWeekdays[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr const char* kOrdinals[] = {"", "first", "second", "third", "fourth", "fifth"};
constexpr const char* kByName = " set by the job's name";
constexpr int kLongestMonth = 31;

std::string clock(int minuteOfDay) {
    char text[32];
    std::snprintf(text, sizeof text, "%02d:%02d", minuteOfDay / 60, minuteOfDay % 60);
    return text;
}

std::string clockWithSecond(int time) {
    char text[32];
    std::snprintf(text, sizeof text, ":%02d", time % 60);
    return clock(time / 60) + (time % 60 == 0 ? "" : text);
}

std::string ordinal(int value) {
    constexpr const char* kEndings[] = {"th", "st", "nd", "rd"};
    const bool regular = value / 10 == 1 || value % 10 > 3;
    return std::to_string(value) + kEndings[regular ? 0 : value % 10];
}

std::string counted(std::int64_t count, const std::string& unit) {
    return "every " + (count == 1 ? unit : std::to_string(count) + ' ' + unit + 's');
}

/// "5", "10 to 20"
Texts spanTexts(const FieldSense& field) {
    Texts texts;
    for (const auto& [first, last] : field.spans)
        texts.push_back(std::to_string(first) + (first == last ? "" : " to " + std::to_string(last)));
    return texts;
}

/// "minute 5", "minutes 0, 10 to 20 and 45"
std::string numbered(const std::string& unit, const FieldSense& field) {
    Texts texts = spanTexts(field);
    if (field.hashed) texts.push_back(std::string("one") + kByName);
    const bool one = texts.size() == 1 && field.values.size() == 1;
    return unit + (one ? " " : "s ") + listed(texts, "and");
}

std::string minutesPast(int minute) {
    return std::to_string(minute) + (minute == 1 ? " minute past" : " minutes past");
}

std::string unitName(CronUnit unit) {
    return unit == CronUnit::Second ? "second" : "minute";
}

std::string parentName(CronUnit unit) {
    return unit == CronUnit::Second ? "minute" : "hour";
}

/// Values side by side, ranges each for itself: "January, March", "from May to July".
void splitMonths(const FieldSense& months, Texts& names, Texts& ranges) {
    for (const auto& [first, last] : months.spans) {
        if (first == last)
            names.push_back(kMonths[first]);
        else
            ranges.push_back(std::string("from ") + kMonths[first] + " to " + kMonths[last]);
    }
    if (months.kind == Kind::Hash || months.hashed) names.push_back(std::string("a month") + kByName);
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

std::string inMonths(const FieldSense& months) {
    if (months.isAll()) return "";
    Texts names;
    Texts parts;
    splitMonths(months, names, parts);
    if (!names.empty()) parts.insert(parts.begin(), "in " + listed(names, "and"));
    return ' ' + listed(parts, "and");
}

std::string specialDate(const CronItem& item) {
    if (item.kind == ItemKind::LastWorkday) return "on the last working day";
    if (item.kind == ItemKind::NearestWorkday) return "on the working day nearest to the " + ordinal(item.first);
    if (item.first == 0) return "on the last day";
    return (item.first == 1 ? "on the day" : std::to_string(item.first) + " days") + " before the last day";
}

std::string datesByName(const FieldSense& dates, const FieldSense& months) {
    const bool anyDay = dates.first == 1 && dates.last >= 28;
    const std::string range = anyDay ? "" : ", between the " + ordinal(dates.first) + " and the " + ordinal(dates.last);
    if (dates.step > 1) return counted(dates.step, "day") + ", starting on a day" + ofMonths(months) + kByName + range;
    return "on a day" + ofMonths(months) + kByName + range;
}

std::string onDates(const FieldSense& dates, const FieldSense& months) {
    if (dates.kind == Kind::Hash) return datesByName(dates, months);
    if (dates.kind == Kind::Steps) {
        const std::string often = dates.step == 2 ? "every other day" : "every " + ordinal(dates.step) + " day";
        const bool toTheEnd = dates.last + dates.step > kLongestMonth;
        return often + " from the " + ordinal(dates.first) + (toTheEnd ? "" : " to the " + ordinal(dates.last)) +
               ofMonths(months) + (toTheEnd ? " on" : "");
    }
    if (dates.isSingle() && months.isSingle())
        return "on " + std::to_string(dates.values[0]) + ' ' + kMonths[months.values[0]];
    Texts days;
    Texts parts;
    for (const auto& [first, last] : dates.spans) {
        if (first == last)
            days.push_back(ordinal(first));
        else
            parts.push_back("from the " + ordinal(first) + " to the " + ordinal(last));
    }
    if (!days.empty()) parts.insert(parts.begin(), "on the " + listed(days, "and"));
    for (const auto& item : dates.special) parts.push_back(specialDate(item));
    if (dates.hashed) parts.push_back(std::string("on a day") + kByName);
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
    if (weekdays.kind == Kind::Hash) return std::string("every week on a day") + kByName + inMonths(months);
    Texts days;
    Texts parts;
    for (const auto& [first, last] : weekdays.spans) {
        if (first == last)
            days.push_back(kWeekdays[first]);
        else
            parts.push_back(std::string("from ") + kWeekdays[first] + " to " + kWeekdays[last]);
    }
    if (weekdays.hashed) days.push_back(std::string("day") + kByName);
    if (!days.empty()) parts.insert(parts.begin(), "every " + listed(days, "and"));
    if (weekdays.special.empty()) return listed(parts, "and") + inMonths(months);
    if (parts.empty()) return "on " + specialWeekdays(weekdays, "and") + ofMonths(months);
    return listed(parts, "and") + inMonths(months) + " and on " + specialWeekdays(weekdays, "and") + ofMonths(months);
}

/// After "if it is".
std::string anyWeekday(const FieldSense& weekdays) {
    if (weekdays.kind == Kind::Hash) return std::string("the weekday") + kByName;
    Texts texts;
    for (const auto& [first, last] : weekdays.spans)
        texts.push_back(first == last ? std::string("a ") + kWeekdays[first]
                                      : std::string("a day from ") + kWeekdays[first] + " to " + kWeekdays[last]);
    if (!weekdays.special.empty()) texts.push_back(specialWeekdays(weekdays, "or") + " of the month");
    if (weekdays.hashed) texts.push_back(std::string("the weekday") + kByName);
    return listed(texts, "or");
}

}  // namespace

std::string EnglishWords::every(std::chrono::milliseconds length) const {
    const std::int64_t count = length.count();
    if (count % 86'400'000 == 0 && count > 86'400'000) return counted(count / 86'400'000, "day");
    if (count % 3'600'000 == 0) return counted(count / 3'600'000, "hour");
    if (count % 60'000 == 0) return counted(count / 60'000, "minute");
    if (count % 1'000 == 0) return counted(count / 1'000, "second");
    return counted(count, "millisecond");
}

std::string EnglishWords::atTimes(const std::vector<int>& times) const {
    if (times == std::vector<int>{0}) return "at midnight";
    if (times == std::vector<int>{43'200}) return "at noon";
    Texts texts;
    for (const int time : times) texts.push_back(clockWithSecond(time));
    return "at " + listed(texts, "and");
}

std::string EnglishWords::atTimeByName(const FieldSense& hours, int minute) const {
    const int first = hours.isSingle() ? hours.values[0] : hours.first;
    const int last = hours.isSingle() ? hours.values[0] : hours.last;
    const bool allDay = first == 0 && last == 23;
    const std::string between = allDay ? ""
                                       : " between " + clock(first * 60 + std::max(minute, 0)) + " and " +
                                             clock(last * 60 + (minute < 0 ? 59 : minute));
    if (minute > 0) return "at " + minutesPast(minute) + " an hour" + kByName + (allDay ? "" : ',' + between);
    return std::string(minute < 0 ? "at a time" : "at a full hour") + between + kByName;
}

std::string EnglishWords::often(CronUnit unit, const FieldSense& field) const {
    const std::string name = unitName(unit);
    const std::string each = " of each " + parentName(unit);
    if (field.isAll()) return "every " + name;
    if (field.kind == Kind::Hash) {
        const bool all = field.first == 0 && field.last == 59;
        return counted(field.step, name) + ", starting at a " + name + kByName +
               (all ? ""
                    : ", between " + name + ' ' + std::to_string(field.first) + " and " + name + ' ' +
                          std::to_string(field.last) + each);
    }
    if (field.kind == Kind::Steps) {
        if (field.whole && field.first == 0) return counted(field.step, name);
        return counted(field.step, name) + " from " + name + ' ' + std::to_string(field.first) + " to " + name + ' ' +
               std::to_string(field.last) + each;
    }
    if (field.spans.size() == 1 && field.values.size() > 1 && !field.hashed)
        return "every " + name + " from " + name + ' ' + std::to_string(field.spans[0].first) + " to " + name + ' ' +
               std::to_string(field.spans[0].last) + each;
    if (unit == CronUnit::Minute && !field.hashed)
        return "at " + listed(spanTexts(field), "and") + " minutes past the hour";
    return "at " + numbered(name, field) + each;
}

std::string EnglishWords::atMinuteByName() const {
    return std::string(", at a minute") + kByName;
}

std::string EnglishWords::everyHour(int minute) const {
    if (minute == 0) return "every hour";
    return "every hour at " + minutesPast(minute) + " the hour";
}

std::string EnglishWords::everyFewHours(int step) const {
    return counted(step, "hour");
}

std::string EnglishWords::everyFewHoursByName(const FieldSense& hours, int minute) const {
    const bool all = hours.first == 0 && hours.last == 23;
    return counted(hours.step, "hour") + (minute == 0 ? "" : " at " + minutesPast(minute) + " the hour") +
           std::string(", starting at an hour") + kByName +
           (all ? "" : ", between " + clock(hours.first * 60) + " and " + clock(hours.last * 60 + 59));
}

std::string EnglishWords::during(const std::vector<Window>& windows) const {
    Texts texts;
    for (const auto& [from, to] : windows)
        texts.push_back(from == to ? "at " + clock(from) : "from " + clock(from) + " to " + clock(to));
    return ' ' + listed(texts, "and");
}

std::string EnglishWords::inMinutes(const FieldSense& minutes) const {
    if (minutes.isOneByName()) return std::string(" during a minute of each hour") + kByName;
    if (minutes.kind == Kind::Hash)
        return " during one minute in " + std::to_string(minutes.step) + ", starting at a minute" + kByName;
    if (minutes.kind == Kind::Steps)
        return " during one minute in " + std::to_string(minutes.step) + ", from minute " +
               std::to_string(minutes.first) + " to minute " + std::to_string(minutes.last) + " of each hour";
    return " during " + numbered("minute", minutes) + " of each hour";
}

std::string EnglishWords::inMinuteOf(int minuteOfDay) const {
    return " between " + clock(minuteOfDay) + " and " + clock((minuteOfDay + 1) % 1440);
}

std::string EnglishWords::inHours(const FieldSense& hours) const {
    if (hours.isOneByName()) return std::string(" during an hour") + kByName;
    if (hours.kind == Kind::Hash)
        return " during one hour in " + std::to_string(hours.step) + std::string(", starting at an hour") + kByName;
    if (hours.kind == Kind::Steps && hours.whole)
        return " during every " + (hours.step == 2 ? "other" : ordinal(hours.step)) + " hour from " +
               (hours.first == 0 ? "midnight" : clock(hours.first * 60)) + " on";
    Texts texts;
    for (const int hour : hours.values) texts.push_back(clock(hour * 60));
    if (hours.hashed) texts.push_back(std::string("at one") + kByName);
    return " during the hours that begin at " + listed(texts, "and");
}

std::string EnglishWords::atSecond(const FieldSense& seconds) const {
    if (!seconds.isSingle()) return std::string(", at a second") + kByName;
    return ", at second " + std::to_string(seconds.values[0]);
}

std::string EnglishWords::onDays(const Days& days) const {
    const auto& [dates, weekdays, months, both] = days;
    if (dates.isAll() && weekdays.isAll()) return "";
    if (weekdays.isAll()) return onDates(dates, months);
    if (dates.isAll()) return onWeekdays(weekdays, months);
    if (both) return onDates(dates, months) + ", if it is " + anyWeekday(weekdays);
    return onDates(dates, months) + " and " + onWeekdays(weekdays, months);
}

std::string EnglishWords::join(const std::string& time, bool isPoint, const std::string& days, const Days& of) const {
    if (days.empty()) return (isPoint ? "every day " : "") + time + inMonths(of.months);
    // A comma where the days could be taken for a part of the time.
    const bool comma = time.find(kByName) != std::string::npos ||
                       (!isPoint && (time.find(" from ") != std::string::npos || time.find(',') != std::string::npos));
    return time + (comma ? ", " : " ") + days;
}

}  // namespace carillon
