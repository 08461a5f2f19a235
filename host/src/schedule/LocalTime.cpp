#include "schedule/LocalTime.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace carillon {
namespace {

using namespace std::chrono;

/// Reads from the front of a text; once anything did not fit, it stays bad.
class Digits {
public:
    explicit Digits(std::string_view text) : _rest(text) {}

    bool good() const { return _good; }
    bool atEnd() const { return _rest.empty(); }
    bool take(std::string_view oneOf) {
        if (_rest.empty() || oneOf.find(_rest.front()) == std::string_view::npos) return false;
        _taken = _rest.front();
        _rest.remove_prefix(1);
        return true;
    }
    void need(std::string_view oneOf) { _good = take(oneOf) && _good; }
    char taken() const { return _taken; }
    bool takeDigit() { return take("0123456789"); }

    int number(int digits, int most) {
        int value = 0;
        for (int i = 0; i < digits; ++i) {
            need("0123456789");
            value = value * 10 + (_taken - '0');
        }
        _good = _good && value <= most;
        return value;
    }

    microseconds fraction() {
        if (!take(".")) return microseconds(0);
        microseconds value{0};
        microseconds weight = 100ms;
        _good = _good && !atEnd();
        for (need("0123456789"); _good; weight /= 10) {
            value += weight * (_taken - '0');
            if (!takeDigit()) break;
        }
        return value;
    }

private:
    std::string_view _rest;
    char _taken = '0';
    bool _good = true;
};

seconds readOffset(Digits& in) {
    if (in.take("Zz")) return seconds(0);
    in.need("+-");
    const bool west = in.taken() == '-';
    const seconds hour = hours(in.number(2, 23));
    in.need(":");
    const seconds offset = hour + minutes(in.number(2, 59));
    return west ? -offset : offset;
}

void cutZeroMilliseconds(std::string& text) {
    if (const std::size_t dot = text.find(".000"); dot != std::string::npos) text.erase(dot, 4);
}

}  // namespace

std::optional<TimePoint> parseRfc3339(std::string_view text) {
    Digits in(text);
    const year inYear{in.number(4, 9999)};
    in.need("-");
    const month inMonth{static_cast<unsigned>(in.number(2, 12))};
    in.need("-");
    const year_month_day date = inYear / inMonth / day{static_cast<unsigned>(in.number(2, 31))};
    in.need("Tt ");
    microseconds time = hours(in.number(2, 23));
    in.need(":");
    time += minutes(in.number(2, 59));
    in.need(":");
    time += seconds(in.number(2, 59));
    time += in.fraction();
    time -= readOffset(in);
    if (!in.good() || !in.atEnd() || !date.ok()) return std::nullopt;
    return sys_days(date) + time;
}

std::string toShortRfc3339(TimePoint at) {
    std::string text = toRfc3339(at);
    cutZeroMilliseconds(text);
    return text;
}

std::string toLocalRfc3339(TimePoint at, const TimeZone& zone) {
    const auto offset = round<minutes>(zone.periodAt(floor<seconds>(at)).offset);
    std::string text = toRfc3339(at + offset);
    text.pop_back();
    cutZeroMilliseconds(text);
    const auto count = static_cast<int>(std::abs(offset.count()));
    char suffix[16];
    std::snprintf(suffix, sizeof suffix, "%c%02d:%02d", offset < 0min ? '-' : '+', count / 60, count % 60);
    return text + suffix;
}

}  // namespace carillon
