#include "schedule/CronFieldParser.h"

#include "schedule/ScheduleError.h"
#include "words/HostTexts.h"

#include "Poco/String.h"

#include <algorithm>
#include <charconv>

namespace carillon {
namespace {

using ItemKind = CronItem::Kind;

struct Unit {
    const char* name;  // a key, as that of the range is
    int least;
    int most;  // Sunday is 7 too, where a value is read
    const char* range;
};

constexpr Unit kUnits[] = {{"cron.second", 0, 59, "cron.to59"}, {"cron.minute", 0, 59, "cron.to59"},
                           {"cron.hour", 0, 23, "cron.to23"},   {"cron.day", 1, 31, "cron.to31"},
                           {"cron.month", 1, 12, "cron.to12"},  {"cron.weekday", 0, 6, "cron.to7"}};
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
    if (item.empty()) refuse("cron.comma");
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
    if (body == "?" && !isDay) refuse("cron.question");
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
    if (!body.starts_with("h(") || !body.ends_with(')') || dash == std::string_view::npos) refuse("cron.hash");
    item.first = parseValue(body.substr(2, dash - 2));
    item.last = parseValue(body.substr(dash + 1, body.size() - dash - 2));
    if (item.last > largestOf(_unit)) refuse("cron.hashsunday");
    if (item.first > item.last) refuse("cron.hashorder");
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
    if (body.starts_with("l-")) return CronItem{ItemKind::LastDay, parseNumber(body.substr(2), 1, 30, "cron.lastday")};
    if (body.ends_with('w'))
        return CronItem{ItemKind::NearestWorkday, parseNumber(body.substr(0, body.size() - 1), 1, 31, "cron.workday")};
    return std::nullopt;
}

std::optional<CronItem> CronFieldParser::parseSpecialWeekday(std::string_view body) const {
    if (body == "l") refuse("cron.lastweekday");
    if (const std::size_t hash = body.find('#'); hash != std::string_view::npos)
        return CronItem{ItemKind::NthWeekday, parseValue(body.substr(0, hash)) % 7,
                        parseNumber(body.substr(hash + 1), 1, 5, "cron.nth")};
    if (body.ends_with('l')) return CronItem{ItemKind::LastOfWeekday, parseValue(body.substr(0, body.size() - 1)) % 7};
    return std::nullopt;
}

/// As cron, a step beyond the end of its range is taken, and leaves the first value. H has no first value.
int CronFieldParser::parseStep(std::string_view step, const CronItem& item) const {
    if (item.kind > ItemKind::Hash) refuse("cron.nostep");
    const int most = item.kind == ItemKind::Hash ? item.last - item.first + 1 : kLargestStep;
    return parseNumber(step, 1, most, item.kind == ItemKind::Hash ? "cron.hashstep" : "cron.step");
}

int CronFieldParser::parseValue(std::string_view value) const {
    if (_unit == CronUnit::Month)
        if (const auto index = indexOf(kMonths, value)) return *index + 1;
    if (_unit == CronUnit::Weekday)
        if (const auto index = indexOf(kWeekdays, value)) return *index;
    return parseNumber(value, smallestOf(_unit), _unit == CronUnit::Weekday ? 7 : largestOf(_unit),
                       dataOf(_unit).range);
}

int CronFieldParser::parseNumber(std::string_view text, int least, int most, const char* expected) const {
    int value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || value < least || value > most || text.starts_with('-'))
        refuse(expected, {{"most", most}});
    return value;
}

void CronFieldParser::refuse(const char* expected, Message::Values values) const {
    const Message wanted = sayHost(expected, std::move(values));
    const Message field = sayHost(dataOf(_unit).name);
    if (_item.empty())
        throw ScheduleError(sayHost("cron.emptyitem", {{"text", _expression}, {"field", field}, {"expected", wanted}}));
    throw ScheduleError(
        sayHost("cron.item", {{"text", _expression}, {"field", field}, {"item", _item}, {"expected", wanted}}));
}

}  // namespace carillon
