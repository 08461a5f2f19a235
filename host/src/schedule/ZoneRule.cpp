#include "schedule/ZoneRule.h"

#include <algorithm>
#include <charconv>

namespace carillon {
namespace {

using namespace std::chrono;
using Change = ZoneRule::Change;

constexpr int kLongestTime = 167;  // hours, RFC 8536

/// Reads from the front of a text; once anything did not fit, it stays bad.
class Cursor {
public:
    explicit Cursor(std::string_view text) : _text(text) {}

    bool good() const { return _good; }
    bool atEnd() const { return _text.empty(); }
    bool take(char c) {
        if (_text.empty() || _text.front() != c) return false;
        _text.remove_prefix(1);
        return true;
    }
    void need(char c) { _good = take(c) && _good; }

    int number(int least, int most) {
        int value = 0;
        const auto [end, error] = std::from_chars(_text.data(), _text.data() + _text.size(), value);
        const bool digit = !_text.empty() && _text.front() >= '0' && _text.front() <= '9';
        if (!digit || error != std::errc{} || value < least || value > most) {
            _good = false;
            return least;
        }
        _text.remove_prefix(static_cast<std::size_t>(end - _text.data()));
        return value;
    }

    /// The abbreviation of a time: letters, or anything between < and >.
    void skipName() {
        const bool quoted = take('<');
        const auto isLetter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
        const std::size_t length =
            quoted ? std::min(_text.find('>'), _text.size())
                   : static_cast<std::size_t>(std::find_if_not(_text.begin(), _text.end(), isLetter) - _text.begin());
        _good = _good && length >= 3;
        _text.remove_prefix(length);
        if (quoted) need('>');
    }

    /// `[+-]hh[:mm[:ss]]`
    seconds time() {
        const bool negative = take('-');
        if (!negative) take('+');
        seconds value = hours(number(0, kLongestTime));
        if (take(':')) value += minutes(number(0, 59));
        if (take(':')) value += seconds(number(0, 59));
        return negative ? -value : value;
    }

private:
    std::string_view _text;
    bool _good = true;
};

Change readChange(Cursor& in) {
    Change change;
    in.need(',');
    if (in.take('M')) {
        change.month = static_cast<unsigned>(in.number(1, 12));
        in.need('.');
        change.week = static_cast<unsigned>(in.number(1, 5));
        in.need('.');
        change.weekday = static_cast<unsigned>(in.number(0, 6));
    } else if (in.take('J')) {
        change.kind = Change::Kind::DayWithoutLeapDay;
        change.day = in.number(1, 365);
    } else {
        change.kind = Change::Kind::DayOfYear;
        change.day = in.number(0, 365);
    }
    if (in.take('/')) change.time = in.time();
    return change;
}

sys_days dayOf(const Change& change, year inYear) {
    const sys_days newYear = sys_days(inYear / January / 1);
    if (change.kind == Change::Kind::DayOfYear) return newYear + days(change.day);
    if (change.kind == Change::Kind::DayWithoutLeapDay)
        return newYear + days(change.day - 1 + (inYear.is_leap() && change.day > 59 ? 1 : 0));
    const auto inMonth = inYear / month(change.month);
    const weekday wanted(change.weekday);
    return change.week == 5 ? sys_days(inMonth / wanted[last]) : sys_days(inMonth / wanted[change.week]);
}

}  // namespace

std::optional<ZoneRule> ZoneRule::parse(std::string_view text) {
    Cursor in(text);
    ZoneRule rule;
    in.skipName();
    rule._standard = -in.time();  // POSIX counts westward
    if (!in.good()) return std::nullopt;
    if (in.atEnd()) return rule;
    in.skipName();
    Cursor ahead = in;
    rule._summer = ahead.take(',') || ahead.atEnd() ? rule._standard + hours(1) : -in.time();
    if (in.atEnd()) in = Cursor(",M3.2.0,M11.1.0");  // what the C library supposes
    rule._toSummer = readChange(in);
    rule._toStandard = readChange(in);
    if (!in.good() || !in.atEnd()) return std::nullopt;
    return rule;
}

void ZoneRule::appendTransitions(year inYear, std::vector<ZoneTransition>& transitions) const {
    if (!_toSummer) return;
    const ZoneTransition summer{dayOf(*_toSummer, inYear) + _toSummer->time - _standard, _summer};
    const ZoneTransition standard{dayOf(*_toStandard, inYear) + _toStandard->time - _summer, _standard};
    const bool north = summer.at < standard.at;
    transitions.push_back(north ? summer : standard);
    transitions.push_back(north ? standard : summer);
}

}  // namespace carillon
