#include "schedule/CronFieldParser.h"

#include "schedule/ScheduleError.h"

#include "Poco/String.h"

#include <algorithm>
#include <charconv>

namespace carillon {
namespace {

using ItemKind = CronItem::Kind;

struct Unit {
    const char* name;
    int least;
    int most;  // Sunday is 7 too, where a value is read
    const char* range;
};

constexpr Unit kUnits[] = {{"second", 0, 59, "0 to 59"},
                           {"minute", 0, 59, "0 to 59"},
                           {"hour", 0, 23, "0 to 23"},
                           {"day-of-month", 1, 31, "1 to 31"},
                           {"month", 1, 12, "1 to 12 or jan to dec"},
                           {"weekday", 0, 6, "0 to 7 (0 and 7 are Sunday) or sun to sat"}};
constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kWeekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

// Each month has these, so that H never skips one.
constexpr int kLastHashedDay = 28;

// Whatever is larger was never meant, and added to a value it must still be a number.
constexpr int kLargestStep = 1'000'000;

const Unit& dataOf(CronUnit unit) {
    return kUnits[static_cast<std::size_t>(unit)];
}

template <std::size_t N>
std::optional<int> indexOf(const std::string_view (&names)[N], std::string_view name) {
    const auto* const found = std::find(std::begin(names), std::end(names), name);
    if (found == std::end(names)) return std::nullopt;
    return static_cast<int>(found - std::begin(names));
}

}  // namespace

int smallestOf(CronUnit unit) {
    return dataOf(unit).least;
}

int largestOf(CronUnit unit) {
    return dataOf(unit).most;
}

CronField CronFieldParser::parse(std::string_view field) {
    CronField result;
    result.text = field;
    result.starred = field.starts_with('*') || field.starts_with('?');
    const std::string lower = Poco::toLower(std::string(field));
    for (std::string_view rest = lower;;) {
        const std::size_t comma = rest.find(',');
        _item = field.substr(field.size() - rest.size(), std::min(comma, rest.size()));
        result.items.push_back(parseItem(rest.substr(0, comma)));
        if (comma == std::string_view::npos) return result;
        rest.remove_prefix(comma + 1);
    }
}

CronItem CronFieldParser::parseItem(std::string_view item) const {
    if (item.empty()) refuse("a value on each side of a comma");
    const std::size_t slash = item.find('/');
    CronItem result = parseBody(item.substr(0, slash));
    if (slash == std::string_view::npos) return result;
    result.step = parseStep(item.substr(slash + 1), result);
    if (result.kind == ItemKind::Value) {
        result.kind = ItemKind::Range;
        result.last = largestOf(_unit);
    }
    return result;
}

CronItem CronFieldParser::parseBody(std::string_view body) const {
    const bool isDay = _unit == CronUnit::Day || _unit == CronUnit::Weekday;
    if (body == "?" && !isDay) refuse("* (? stands in the day-of-month and weekday fields alone)");
    if (body == "*" || body == "?") return {ItemKind::All, smallestOf(_unit), largestOf(_unit)};
    if (body.starts_with('h')) return parseHash(body);
    if (_unit == CronUnit::Day)
        if (const auto special = parseSpecialDay(body)) return *special;
    if (_unit == CronUnit::Weekday)
        if (const auto special = parseSpecialWeekday(body)) return *special;
    if (const std::size_t dash = body.find('-'); dash != std::string_view::npos)
        return parseRange(body.substr(0, dash), body.substr(dash + 1));
    const int value = parseValue(body);
    const int sameValue = _unit == CronUnit::Weekday ? value % 7 : value;
    return {ItemKind::Value, sameValue, sameValue};
}

CronItem CronFieldParser::parseHash(std::string_view body) const {
    CronItem item{ItemKind::Hash, smallestOf(_unit), _unit == CronUnit::Day ? kLastHashedDay : largestOf(_unit)};
    if (body == "h") return item;
    const std::size_t dash = body.find('-');
    if (!body.starts_with("h(") || !body.ends_with(')') || dash == std::string_view::npos)
        refuse("H, H/5, H(0-7) or H(0-29)/10");
    item.first = parseValue(body.substr(2, dash - 2));
    item.last = parseValue(body.substr(dash + 1, body.size() - dash - 2));
    if (item.last > largestOf(_unit)) refuse("0 rather than 7 for Sunday, from the lower value to the higher one");
    if (item.first > item.last) refuse("the lower value first");
    return item;
}

CronItem CronFieldParser::parseRange(std::string_view from, std::string_view to) const {
    CronItem item{ItemKind::Range, parseValue(from), parseValue(to)};
    if (_unit == CronUnit::Weekday) {
        const bool wholeWeek = item.first == 0 && item.last == 7;
        item.first %= 7;
        item.last = wholeWeek ? 6 : item.last % 7;
    }
    return item;
}

std::optional<CronItem> CronFieldParser::parseSpecialDay(std::string_view body) const {
    if (body == "l") return CronItem{ItemKind::LastDay};
    if (body == "lw" || body == "wl") return CronItem{ItemKind::LastWorkday};
    if (body.starts_with("l-"))
        return CronItem{ItemKind::LastDay,
                        parseNumber(body.substr(2), 1, 30, "L-1 to L-30 (days before the last one)")};
    if (body.ends_with('w'))
        return CronItem{ItemKind::NearestWorkday,
                        parseNumber(body.substr(0, body.size() - 1), 1, 31, "1W to 31W (the nearest working day)")};
    return std::nullopt;
}

std::optional<CronItem> CronFieldParser::parseSpecialWeekday(std::string_view body) const {
    if (body == "l") refuse("a weekday before it, such as 5L for the last Friday of the month");
    if (const std::size_t hash = body.find('#'); hash != std::string_view::npos)
        return CronItem{ItemKind::NthWeekday, parseValue(body.substr(0, hash)) % 7,
                        parseNumber(body.substr(hash + 1), 1, 5, "a number from 1 to 5 after #")};
    if (body.ends_with('l')) return CronItem{ItemKind::LastOfWeekday, parseValue(body.substr(0, body.size() - 1)) % 7};
    return std::nullopt;
}

/// As cron, a step beyond the end of its range is taken, and leaves the first value. H has no first value.
int CronFieldParser::parseStep(std::string_view step, const CronItem& item) const {
    if (item.kind > ItemKind::Hash) refuse("no step after a single day");
    const int most = item.kind == ItemKind::Hash ? item.last - item.first + 1 : kLargestStep;
    return parseNumber(
        step, 1, most,
        item.kind == ItemKind::Hash ? "a step from 1 to " + std::to_string(most) : "a step of 1 or more");
}

int CronFieldParser::parseValue(std::string_view value) const {
    if (_unit == CronUnit::Month)
        if (const auto index = indexOf(kMonths, value)) return *index + 1;
    if (_unit == CronUnit::Weekday)
        if (const auto index = indexOf(kWeekdays, value)) return *index;
    return parseNumber(value, smallestOf(_unit), _unit == CronUnit::Weekday ? 7 : largestOf(_unit),
                       dataOf(_unit).range);
}

int CronFieldParser::parseNumber(std::string_view text, int least, int most, const std::string& expected) const {
    int value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || value < least || value > most || text.starts_with('-')) refuse(expected);
    return value;
}

void CronFieldParser::refuse(const std::string& expected) const {
    throw ScheduleError("schedule '" + std::string(_expression) + "': its " + dataOf(_unit).name + " field has " +
                        (_item.empty() ? "an empty item" : std::string(_item)) + ", expected " + expected);
}

}  // namespace carillon
