#include "config/QuietHours.h"

#include <charconv>
#include <cstddef>

namespace carillon {
namespace {

std::optional<int> parseNumber(std::string_view text, int limit) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = text.size() == 2 && error == std::errc{} && end == text.data() + text.size();
    return whole && number >= 0 && number < limit ? std::optional(number) : std::nullopt;
}

/// `07:00`.
std::optional<std::chrono::minutes> parseTime(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hours = parseNumber(text.substr(0, 2), 24);
    const auto minutes = parseNumber(text.substr(3), 60);
    if (!hours || !minutes) return std::nullopt;
    return std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
}

}  // namespace

std::optional<QuietHours> QuietHours::parse(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto from = parseTime(text.substr(0, dash));
    const auto until = parseTime(text.substr(dash + 1));
    if (!from || !until) return std::nullopt;
    return QuietHours{*from, *until};
}

std::optional<TimePoint> QuietHours::endAfter(TimePoint now, const TimeZone& zone) const {
    if (from == until) return std::nullopt;
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    const auto& period = zone.periodAt(second);
    const auto local = period.toLocal(second);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto time = local - day;
    const bool overnight = from > until;
    const bool quiet = overnight ? time >= from || time < until : time >= from && time < until;
    if (!quiet) return std::nullopt;
    const auto lastDay = overnight && time >= from ? day + std::chrono::days(1) : day;
    const TimePoint end = zone.firstPass(lastDay + until, period);
    return end > now ? std::optional(end) : std::nullopt;
}

}  // namespace carillon
