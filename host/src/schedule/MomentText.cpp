#include "schedule/MomentText.h"

#include "carillon/Duration.h"
#include "schedule/LocalTime.h"
#include "schedule/TimeText.h"

#include "Poco/Exception.h"

#include <charconv>
#include <chrono>

namespace carillon {
namespace {

using namespace std::chrono_literals;
using std::chrono::local_days;
using std::chrono::local_seconds;

constexpr std::chrono::hours kLongestSpan{24 * 366 * 100};
constexpr TimePoint kFirstMoment{};
constexpr TimePoint kEndOfYears{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}};

/// A number of so many digits, which is taken off; none: there is no such one.
std::optional<unsigned> takeNumber(std::string_view& text, std::size_t digits) {
    unsigned number = 0;
    if (text.size() < digits) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
    if (error != std::errc{} || end != text.data() + digits) return std::nullopt;
    text.remove_prefix(digits);
    return number;
}

bool take(std::string_view& text, char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

/// `2026-12-24`
std::optional<local_days> takeDate(std::string_view& text) {
    const auto year = takeNumber(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = takeNumber(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = takeNumber(text, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)}, std::chrono::month{*month},
                                           std::chrono::day{*day}};
    return date.ok() ? std::optional(local_days{date}) : std::nullopt;
}

/// `18:00`, `8:00` or `18:00:30`, to the end of the text.
std::optional<std::chrono::seconds> readTime(std::string_view text) {
    const auto hour = takeNumber(text, text.size() > 1 && text[1] == ':' ? 1 : 2);
    if (!hour || !take(text, ':')) return std::nullopt;
    const auto minute = takeNumber(text, 2);
    std::optional<unsigned> second = 0U;
    if (minute && take(text, ':')) second = takeNumber(text, 2);
    if (!minute || !second || !text.empty() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

/// `2026-12-24`, alone or with a time.
std::optional<local_seconds> readDateTime(std::string_view text) {
    const auto date = takeDate(text);
    if (!date) return std::nullopt;
    if (text.empty()) return local_seconds{*date};
    if (!take(text, ' ') && !take(text, 'T')) return std::nullopt;
    const auto time = readTime(text);
    return time ? std::optional(*date + *time) : std::nullopt;
}

/// The nearest day on which it is so late then.
TimePoint nearest(std::chrono::seconds time, TimePoint now, const TimeZone& zone, MomentSide side) {
    const auto today =
        std::chrono::floor<std::chrono::days>(zone.toLocal(std::chrono::floor<std::chrono::seconds>(now)));
    const TimePoint at = zone.toUtc(today + time);
    if (side == MomentSide::Future) return at > now ? at : TimePoint(zone.toUtc(today + std::chrono::days(1) + time));
    return at <= now ? at : TimePoint(zone.toUtc(today - std::chrono::days(1) + time));
}

std::optional<TimePoint> readAny(std::string_view text, TimePoint now, const TimeZone& zone, MomentSide side) {
    if (const auto at = parseRfc3339(text)) return at;
    if (const auto span = parseDuration(text)) {
        if (*span > kLongestSpan) return std::nullopt;
        return side == MomentSide::Future ? now + *span : now - *span;
    }
    if (const auto local = readDateTime(text)) return zone.toUtc(*local);
    if (const auto time = readTime(text)) return nearest(*time, now, zone, side);
    return std::nullopt;
}

}  // namespace

std::optional<TimePoint> parseMoment(std::string_view text, TimePoint now, const TimeZone& zone, MomentSide side) {
    const auto at = readAny(text, now, zone, side);
    return at && *at >= kFirstMoment && *at < kEndOfYears ? at : std::nullopt;
}

TimePoint parseEnd(const std::string& text, TimePoint now, const TimeZone& zone) {
    const auto at = parseMoment(text, now, zone, MomentSide::Future);
    if (!at)
        throw Poco::InvalidArgumentException(
            text + ": expected a time such as 2026-12-24 18:00, 2026-12-24 or 18:00, or a duration such as 2h");
    if (*at > now) return *at;
    throw Poco::InvalidArgumentException(text + " is over: it was " + dateTimeText(*at) + "; give a time to come");
}

}  // namespace carillon
