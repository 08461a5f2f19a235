#include "AgoraTime.h"

#include <algorithm>

namespace passerelle {
namespace {

using namespace std::chrono;

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kBlanks = " \t\r\n\v\f";

/// Reads from the front of a text; once anything did not fit, it stays bad.
class Cursor {
public:
    explicit Cursor(std::string_view text) : _rest(text) {}

    bool isGood() const { return _good; }
    void fail() { _good = false; }
    bool isAtEnd() const { return _rest.empty(); }
    bool isAt(std::string_view oneOf) const {
        return !_rest.empty() && oneOf.find(_rest.front()) != std::string_view::npos;
    }
    bool take(std::string_view oneOf) {
        if (!isAt(oneOf)) return false;
        _taken = _rest.front();
        _rest.remove_prefix(1);
        return true;
    }
    void need(std::string_view oneOf) { _good = take(oneOf) && _good; }
    char taken() const { return _taken; }

    int number(int digits, int most) {
        int value = 0;
        for (int i = 0; i < digits; ++i) {
            need(kDigits);
            if (!_good) return 0;
            value = value * 10 + (_taken - '0');
        }
        _good = value <= most;
        return value;
    }

private:
    std::string_view _rest;
    char _taken = '\0';
    bool _good = true;
};

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// In units that do not matter: whether there is one.
int readFraction(Cursor& in) {
    constexpr int kMostDigits = 9;
    if (!in.take(".,")) return 0;
    int value = in.number(1, 9);
    for (int digits = 1; digits < kMostDigits && in.isAt(kDigits); ++digits) value = value * 10 + in.number(1, 9);
    return value;
}

seconds readTime(Cursor& in, bool extended) {
    const int hour = in.number(2, 24);
    if (extended) in.need(":");
    const int minute = in.number(2, 59);
    int second = 0;
    int fraction = 0;
    if (extended ? in.take(":") : in.isAt(kDigits)) {
        second = in.number(2, 60);
        fraction = readFraction(in);
    }
    if (hour == 24 && (minute != 0 || second != 0 || fraction != 0)) in.fail();
    return hours(hour) + minutes(minute) + seconds(std::min(second, 59));
}

std::optional<seconds> readOffset(Cursor& in) {
    if (in.isAtEnd()) return std::nullopt;
    in.take(" ");
    if (in.take("Zz")) return seconds(0);
    in.need("+-");
    const bool west = in.taken() == '-';
    seconds offset = hours(in.number(2, 23));
    if (in.take(":") || in.isAt(kDigits)) offset += minutes(in.number(2, 59));
    return west ? -offset : offset;
}

void putDigits(std::string& text, std::size_t first, std::size_t digits, int value) {
    for (std::size_t i = first + digits; i-- > first; value /= 10) text[i] = static_cast<char>('0' + value % 10);
}

using namespace std::chrono;

/// What a DATETIME holds.
constexpr local_seconds kFirst{local_days{year(1'000) / 1 / 1}};
constexpr local_seconds kEnd{local_days{year(10'000) / 1 / 1}};

sys_seconds asUtc(const DateTimeText& text) {
    return sys_seconds(text.local.time_since_epoch() - text.offset.value_or(seconds(0)));
}

}  // namespace

std::optional<DateTimeText> parseDateTime(std::string_view text) {
    Cursor in(trimmed(text));
    const year inYear{in.number(4, 9'999)};
    const bool extended = in.take("-");
    const month inMonth{static_cast<unsigned>(in.number(2, 12))};
    if (extended) in.need("-");
    const year_month_day date{inYear, inMonth, day{static_cast<unsigned>(in.number(2, 31))}};
    // Without a T the basic form is a row of digits, which may be any number.
    in.need(extended ? "Tt " : "Tt");
    const seconds time = readTime(in, extended);
    const auto offset = readOffset(in);
    if (!in.isGood() || !in.isAtEnd() || !date.ok()) return std::nullopt;
    return DateTimeText{local_days(date) + time, offset};
}

std::string formatDateTime(local_seconds at) {
    const auto day = floor<days>(at);
    const year_month_day date{day};
    const hh_mm_ss<seconds> time{at - day};
    std::string text = "0000-00-00 00:00:00";
    putDigits(text, 0, 4, static_cast<int>(date.year()));
    putDigits(text, 5, 2, static_cast<int>(static_cast<unsigned>(date.month())));
    putDigits(text, 8, 2, static_cast<int>(static_cast<unsigned>(date.day())));
    putDigits(text, 11, 2, static_cast<int>(time.hours().count()));
    putDigits(text, 14, 2, static_cast<int>(time.minutes().count()));
    putDigits(text, 17, 2, static_cast<int>(time.seconds().count()));
    return text;
}

void AgoraTime::findZones() const {
    if (_gateway) return;
    _agora = _context.zone(_agoraName);
    _gateway = _context.zone(_gatewayName);
}

std::optional<sys_seconds> AgoraTime::parse(const std::string& text) const {
    const auto written = parseDateTime(text);
    if (!written) return std::nullopt;
    findZones();
    return written->offset ? asUtc(*written) : _gateway->toUtc(written->local);
}

std::optional<std::string> AgoraTime::fromGateway(const std::string& text) const {
    const auto instant = parse(text);
    if (!instant) return std::nullopt;
    const local_seconds at = _agora->toLocal(*instant);
    return at >= kFirst && at < kEnd ? std::optional(formatDateTime(at)) : std::nullopt;
}

std::optional<carillon::TimePoint> AgoraTime::instantOf(const std::string& text) const {
    return parse(text);
}

std::string AgoraTime::fromUtc(carillon::TimePoint at) const {
    findZones();
    return formatDateTime(_agora->toLocal(floor<seconds>(at)));
}

std::optional<carillon::TimePoint> AgoraTime::fromAgora(const std::string& text) const {
    const auto written = parseDateTime(text);
    if (!written) return std::nullopt;
    findZones();
    return _agora->toUtc(written->local);
}

std::string utcText(carillon::TimePoint at) {
    return formatDateTime(local_seconds(floor<seconds>(at).time_since_epoch()));
}

std::optional<carillon::TimePoint> parseUtcText(const std::string& text) {
    const auto written = parseDateTime(text);
    if (!written) return std::nullopt;
    return asUtc(*written);
}

}  // namespace passerelle
