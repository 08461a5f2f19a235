#include "schedule/ZoneFile.h"

#include "schedule/ScheduleError.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string_view>

namespace carillon {
namespace {

using namespace std::chrono;

constexpr std::size_t kHeaderSize = 44;
constexpr std::size_t kTypeSize = 6;
constexpr seconds kLargestOffset = 26h;             // RFC 8536
constexpr seconds kFarAway{std::int64_t{1} << 60};  // the compiler of the database writes -2^59 for the beginning

/// The bytes of one file; whatever lies past the end is a damaged file.
class Bytes {
public:
    Bytes(std::string_view bytes, const std::string& path) : _rest(bytes), _path(path) {}

    std::string_view take(std::uint64_t count) {
        if (count > _rest.size()) damaged("zone.short");
        const auto taken = _rest.substr(0, static_cast<std::size_t>(count));
        _rest.remove_prefix(taken.size());
        return taken;
    }
    std::string_view rest() const { return _rest; }
    [[noreturn]] void damaged(const char* key, std::string_view line = {}) const {
        throw ScheduleError(sayHost("zone.damaged", {{"path", _path}, {"why", sayHost(key, {{"line", line}})}}));
    }
    [[noreturn]] void refuseLeapSeconds() const { throw ScheduleError(sayHost("zone.leaps", {{"path", _path}})); }

private:
    std::string_view _rest;
    const std::string& _path;
};

std::int64_t bigEndian(std::string_view bytes) {
    std::uint64_t value = (bytes[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(value);
}

struct Header {
    char version = 0;
    // In the order of the file: UT/local indicators, standard/wall indicators, leap seconds, transitions, types, names.
    std::array<std::uint64_t, 6> counts{};

    std::uint64_t leapSeconds() const { return counts[2]; }
    std::uint64_t transitions() const { return counts[3]; }
    std::uint64_t types() const { return counts[4]; }
    std::uint64_t tail(std::size_t timeSize) const {
        return counts[5] + counts[2] * (timeSize + 4) + counts[1] + counts[0];
    }
    std::uint64_t size(std::size_t timeSize) const {
        return transitions() * (timeSize + 1) + types() * kTypeSize + tail(timeSize);
    }
};

Header readHeader(Bytes& in) {
    const std::string_view bytes = in.take(kHeaderSize);
    if (bytes.substr(0, 4) != "TZif") in.damaged("zone.begin");
    Header header;
    header.version = bytes[4];
    for (std::size_t i = 0; i < header.counts.size(); ++i)
        header.counts[i] = static_cast<std::uint64_t>(bigEndian(bytes.substr(20 + 4 * i, 4))) & 0xffffffff;
    return header;
}

ZoneFile readBlock(Bytes& in, const Header& header, std::size_t timeSize) {
    if (header.types() == 0) in.damaged("zone.nooffset");
    if (header.leapSeconds() > 0) in.refuseLeapSeconds();
    const auto times = in.take(header.transitions() * timeSize);
    const auto indices = in.take(header.transitions());
    const auto types = in.take(header.types() * kTypeSize);
    in.take(header.tail(timeSize));
    const auto offsetOf = [&](std::size_t type) {
        if (type >= header.types()) in.damaged("zone.lostoffset");
        const seconds offset(bigEndian(types.substr(type * kTypeSize, 4)));
        if (abs(offset) > kLargestOffset) in.damaged("zone.longoffset");
        return offset;
    };
    ZoneFile zone;
    zone.firstOffset = offsetOf(0);
    for (std::size_t i = 0; i < header.transitions(); ++i) {
        const sys_seconds at{seconds(bigEndian(times.substr(i * timeSize, timeSize)))};
        // Not abs(): the least number of all has no opposite.
        if (at.time_since_epoch() > kFarAway || at.time_since_epoch() < -kFarAway) in.damaged("zone.outoftime");
        if (!zone.transitions.empty() && at <= zone.transitions.back().at) in.damaged("zone.order");
        zone.transitions.push_back({at, offsetOf(static_cast<unsigned char>(indices[i]))});
    }
    return zone;
}

void readFooter(Bytes& in, ZoneFile& zone) {
    const std::string_view footer = in.rest();
    if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') in.damaged("zone.nolast");
    const std::string_view text = footer.substr(1, footer.size() - 2);
    if (text.empty()) return;
    zone.rule = ZoneRule::parse(text);
    if (!zone.rule) in.damaged("zone.last", text);
}

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

ZoneFile ZoneFile::parse(const std::string& bytes, const std::string& path) {
    Bytes in(bytes, path);
    const Header old = readHeader(in);
    if (old.version == 0) return readBlock(in, old, 4);
    in.take(old.size(4));
    const Header header = readHeader(in);
    ZoneFile zone = readBlock(in, header, 8);
    readFooter(in, zone);
    return zone;
}

ZoneFile ZoneFile::read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file) throw ScheduleError(sayHost("zone.unreadable", {{"path", path}}));
    return parse(bytes, path);
}

}  // namespace carillon
