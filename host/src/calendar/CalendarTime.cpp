#include "calendar/CalendarTime.h"

#include "schedule/ScheduleError.h"
#include "schedule/ZoneDatabase.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace carillon {
namespace {

using namespace std::chrono;

std::optional<int> number(std::string_view text, std::size_t at, std::size_t size) {
    int number = 0;
    const auto digits = text.substr(std::min(at, text.size()), size);
    const bool areDigits = digits.size() == size && std::all_of(digits.begin(), digits.end(),
                                                                [](unsigned char c) { return std::isdigit(c) != 0; });
    if (areDigits) std::from_chars(digits.data(), digits.data() + size, number);
    return areDigits ? std::optional(number) : std::nullopt;
}

std::optional<local_days> dateOf(std::string_view text) {
    const auto inYear = number(text, 0, 4);
    const auto inMonth = number(text, 4, 2);
    const auto onDay = number(text, 6, 2);
    if (!inYear || !inMonth || !onDay) return std::nullopt;
    const year_month_day date{year(*inYear), month(static_cast<unsigned>(*inMonth)),
                              day(static_cast<unsigned>(*onDay))};
    return date.ok() ? std::optional<local_days>(date) : std::nullopt;
}

/// `080000`; a leap second is the one before it.
std::optional<seconds> timeOf(std::string_view text) {
    const auto hour = number(text, 0, 2);
    const auto minute = number(text, 2, 2);
    const auto second = number(text, 4, 2);
    if (text.size() != 6 || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    return hours(*hour) + minutes(*minute) + seconds(std::min(*second, 59));
}

std::shared_ptr<const TimeZone> zoneOf(const CalendarLine& line, bool isUtc) {
    if (isUtc) return findTimeZone("UTC");
    const std::string name(line.parameter("TZID"));
    if (name.empty()) return nullptr;
    try {
        return findTimeZone(name);
    } catch (const ScheduleError& e) {
        line.refuse("ics.zone", {{"zone", name}, {"why", e.said()}});
    }
}

}  // namespace

local_seconds CalendarTime::localIn(const std::shared_ptr<const TimeZone>& other) const {
    return zone && other ? other->toLocal(zone->toUtc(local)) : local;
}

std::int64_t CalendarTime::key() const {
    return zone ? zone->toUtc(local).time_since_epoch().count() : local.time_since_epoch().count();
}

CalendarTime parseCalendarTime(const CalendarLine& line, std::string_view text) {
    const std::string value = inCapitals(line.parameter("VALUE"));
    if (!value.empty() && value != "DATE" && value != "DATE-TIME") line.refuse("ics.kind", {{"value", value}});
    const auto date = dateOf(text);
    if (date && text.size() == 8 && value != "DATE-TIME") return {true, *date, nullptr};
    const bool isUtc = text.ends_with('Z');
    const auto time =
        text.size() > 9 && text[8] == 'T' ? timeOf(text.substr(9, text.size() - 9 - (isUtc ? 1 : 0))) : std::nullopt;
    if (!date || !time || value == "DATE") line.refuse(value == "DATE" ? "ics.date" : "ics.time", {{"value", text}});
    return {false, *date + *time, zoneOf(line, isUtc)};
}

CalendarLength parseCalendarLength(const CalendarLine& line) {
    std::string_view text = line.value;
    CalendarLength length;
    bool isRight = text.starts_with('P') && text.size() > 2 && !text.ends_with('T');
    bool inTime = false;
    text.remove_prefix(std::min<std::size_t>(1, text.size()));
    while (isRight && !text.empty()) {
        if (text.front() == 'T' && !inTime) {
            inTime = true;
            text.remove_prefix(1);
        }
        unsigned count = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        const bool isCount = error == std::errc{} && end != text.data() + text.size() && count <= 1'000'000;
        const char unit = isCount ? *end : ' ';
        if (unit == 'W' && !inTime) length.days += days(7 * count);
        if (unit == 'D' && !inTime) length.days += days(count);
        if (unit == 'H' && inTime) length.time += hours(count);
        if (unit == 'M' && inTime) length.time += minutes(count);
        if (unit == 'S' && inTime) length.time += seconds(count);
        isRight = isCount && std::string_view(inTime ? "HMS" : "WD").find(unit) != std::string_view::npos;
        if (isRight) text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    }
    if (!isRight) line.refuse("ics.length");
    return length;
}

}  // namespace carillon
