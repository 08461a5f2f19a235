#include "schedule/TypedTime.h"

#include "carillon/Duration.h"
#include "schedule/LocalTime.h"
#include "schedule/TimeText.h"
#include "shared/FoldedText.h"

#include "Poco/Exception.h"

#include <charconv>
#include <iterator>
#include <optional>
#include <string_view>

namespace carillon {
namespace {

using namespace std::chrono;

constexpr days kLongestSpan{36'600};

/// A number of exactly so many digits; it and the text after it is taken off.
std::optional<int> takeNumber(std::string_view& text, std::size_t digits) {
    int number = 0;
    if (text.size() < digits || text.find_first_not_of("0123456789") < digits) return std::nullopt;
    std::from_chars(text.data(), text.data() + digits, number);
    text.remove_prefix(digits);
    return number;
}

bool take(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<local_days> dayOf(std::optional<int> yearNumber, std::optional<int> monthNumber,
                                std::optional<int> dayNumber) {
    if (!yearNumber || !monthNumber || !dayNumber) return std::nullopt;
    const year_month_day date(year(*yearNumber), month(static_cast<unsigned>(*monthNumber)),
                              day(static_cast<unsigned>(*dayNumber)));
    return date.ok() ? std::optional(local_days(date)) : std::nullopt;
}

/// `2026-11-28`.
std::optional<local_days> takeIsoDay(std::string_view& text) {
    const auto number = takeNumber(text, 4);
    if (!number || !take(text, '-')) return std::nullopt;
    const auto monthNumber = takeNumber(text, 2);
    if (!monthNumber || !take(text, '-')) return std::nullopt;
    return dayOf(number, monthNumber, takeNumber(text, 2));
}

/// `28/11/2026`, `1/2/2026`: the day comes first, as in France.
std::optional<local_days> takeSlashedDay(std::string_view& text) {
    const auto takePart = [&text] { return takeNumber(text, text.size() > 1 && text[1] == '/' ? 1 : 2); };
    const auto dayNumber = takePart();
    if (!dayNumber || !take(text, '/')) return std::nullopt;
    const auto monthNumber = takePart();
    if (!monthNumber || !take(text, '/')) return std::nullopt;
    return dayOf(takeNumber(text, 4), monthNumber, dayNumber);
}

struct DayWord {
    std::string_view word{};
    int days = 0;  // from today on
};
constexpr DayWord kDayWords[] = {{"today", 0},    {"aujourd'hui", 0}, {"yesterday", -1},  {"hier", -1},
                                 {"tomorrow", 1}, {"demain", 1},      {"avant-hier", -2}, {"apres-demain", 2}};
constexpr std::string_view kNamedWeekdays[] = {"sunday", "dimanche",  "monday",   "lundi",    "tuesday",
                                               "mardi",  "wednesday", "mercredi", "thursday", "jeudi",
                                               "friday", "vendredi",  "saturday", "samedi"};

/// A word up to the next space, which is folded() already.
std::optional<local_days> takeNamedDay(std::string_view& text, local_days today, Toward toward) {
    const std::string_view word = text.substr(0, text.find(' '));
    for (const auto& [name, count] : kDayWords)
        if (word == name) {
            text.remove_prefix(word.size());
            return today + days(count);
        }
    for (std::size_t i = 0; i < std::size(kNamedWeekdays); ++i) {
        if (word != kNamedWeekdays[i]) continue;
        text.remove_prefix(word.size());
        const weekday wanted(static_cast<unsigned>(i / 2));
        return toward == Toward::Past ? today - (weekday(today) - wanted) : today + (wanted - weekday(today));
    }
    return std::nullopt;
}

std::optional<local_days> takeDay(std::string_view& text, local_days today, Toward toward) {
    for (const auto takeOne : {takeIsoDay, takeSlashedDay}) {
        std::string_view rest = text;
        const auto day = takeOne(rest);
        if (!day) continue;
        text = rest;
        return day;
    }
    return takeNamedDay(text, today, toward);
}

/// A time of the day and how much of it was said.
struct DayTime {
    seconds at{};
    seconds length{};
};

std::optional<DayTime> takeDayTime(std::string_view text) {
    const auto isMark = [](char c) { return c == ':' || c == 'h'; };
    const auto hour = takeNumber(text, text.size() > 1 && isMark(text[1]) ? 1 : 2);
    if (!hour || *hour > 23) return std::nullopt;
    const bool isFrench = take(text, 'h');
    if (!isFrench && !take(text, ':')) return std::nullopt;
    if (isFrench && text.empty()) return DayTime{hours(*hour), minutes(1)};
    const auto minute = takeNumber(text, 2);
    if (!minute || *minute > 59) return std::nullopt;
    const seconds at = hours(*hour) + minutes(*minute);
    if (text.empty()) return DayTime{at, minutes(1)};
    if (!take(text, ':')) return std::nullopt;
    const auto second = takeNumber(text, 2);
    if (!second || *second > 59 || !text.empty()) return std::nullopt;
    return DayTime{at + seconds(*second), seconds(1)};
}

/// From the first coming of `from` to the last one of what is before `until`.
TypedTime between(const TimeZone& zone, local_seconds from, local_seconds until) {
    const sys_seconds first = zone.toUtc(from);
    sys_seconds last = zone.toUtc(until - seconds(1));
    // Where the clock is set back, the same local time comes once more.
    const auto& next = zone.periodAt(last).until;
    if (next != sys_seconds::max() && zone.periodAt(next).toLocal(next) < until)
        last = zone.periodAt(next).toUtc(until - seconds(1));
    return {first, last + seconds(1)};
}

TypedTime dayOf(const TimeZone& zone, local_days day) {
    return between(zone, day, day + days(1));
}

/// Of the days around now, the one that was meant.
TypedTime comingOf(const TimeZone& zone, local_days today, const DayTime& time, TimePoint now, Toward toward) {
    const auto on = [&](local_days day) { return between(zone, day + time.at, day + time.at + time.length); };
    const TypedTime here = on(today);
    if (toward == Toward::Past) return here.from <= now ? here : on(today - days(1));
    return here.from > now ? here : on(today + days(1));
}

}  // namespace

TypedTime parseTypedTime(const std::string& text, const TimeZone& zone, TimePoint now, Toward toward) {
    if (const auto instant = parseRfc3339(text)) {
        const auto second = floor<seconds>(*instant);
        return *instant == second ? TypedTime{*instant, *instant + seconds(1)}
                                  : TypedTime{*instant, *instant + microseconds(1)};
    }
    if (const auto span = parseDuration(text); span && *span <= kLongestSpan) {
        const TimePoint at = toward == Toward::Future ? now + *span : now - *span;
        return {at, at + microseconds(1)};
    }
    const auto today = floor<days>(zone.toLocal(floor<seconds>(now)));
    std::string words = folded(text);
    std::string_view rest = words;
    if (const auto time = takeDayTime(rest)) return comingOf(zone, today, *time, now, toward);
    if (const auto day = takeDay(rest, today, toward)) {
        if (rest.empty()) return dayOf(zone, *day);
        const bool isParted = take(rest, ' ') || take(rest, 't');
        if (const auto time = takeDayTime(rest); isParted && time)
            return between(zone, *day + time->at, *day + time->at + time->length);
    }
    throw Poco::SyntaxException(
        "\"" + text +
        "\" is no time: write it as 2026-11-28 03:00, 2026-11-28, 28/11/2026, 03:00, yesterday, "
        "saturday, 2h or 2026-11-28T03:00:00+01:00");
}

TimePoint parseEnd(const std::string& text, TimePoint now, const TimeZone& zone) {
    TimePoint at{};
    try {
        at = parseTypedTime(text, zone, now, Toward::Future).from;
    } catch (const Poco::SyntaxException&) {
        throw Poco::InvalidArgumentException(
            text + ": expected a time such as 2026-12-24 18:00, 2026-12-24 or 18:00, or a duration such as 2h");
    }
    if (at > now) return at;
    throw Poco::InvalidArgumentException(text + " is over: it was " + dateTimeText(at) + "; give a time to come");
}

}  // namespace carillon
