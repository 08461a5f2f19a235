#include "calendar/RecurrenceRule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace carillon {
namespace {

constexpr std::array<std::string_view, 7> kDayNames{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
constexpr int kMostCount = 100'000;

class RuleParser {
public:
    explicit RuleParser(const CalendarLine& line) : _line(line) {}

    RecurrenceRule parse() {
        std::string_view text = _line.value;
        bool hasFrequency = false;
        while (!text.empty()) {
            const std::string_view part = text.substr(0, text.find(';'));
            text.remove_prefix(std::min(part.size() + 1, text.size()));
            if (part.empty()) continue;
            const auto sign = part.find('=');
            if (sign == std::string_view::npos) refuse("ics.rulepart", {{"part", part}});
            _part = part;
            take(inCapitals(part.substr(0, sign)), inCapitals(part.substr(sign + 1)));
            hasFrequency = hasFrequency || part.starts_with("FREQ") || part.starts_with("freq");
        }
        if (!hasFrequency) _line.refuse("ics.nofrequency");
        checkTogether();
        return std::move(_rule);
    }

private:
    [[noreturn]] void refuse(const char* key, Message::Values values = {}) const {
        values.emplace_back("part", _part);
        _line.refuse(key, std::move(values));
    }

    void take(const std::string& name, const std::string& value) {
        if (name == "FREQ")
            _rule.frequency = frequencyOf(value);
        else if (name == "INTERVAL")
            _rule.interval = number(value, 1, 10'000);
        else if (name == "COUNT")
            _rule.count = number(value, 1, kMostCount);
        else if (name == "UNTIL")
            _rule.until = parseCalendarTime({_line.number, _line.name + " UNTIL", {}, value}, value);
        else if (name == "BYDAY")
            for (const auto& item : commaParts(value)) _rule.weekdays.push_back(weekdayOf(item));
        else if (name == "BYMONTHDAY")
            _rule.monthDays = numbers(value, -31, 31);
        else if (name == "BYMONTH")
            _rule.months = numbers(value, 1, 12);
        else if (name == "BYSETPOS")
            _rule.places = numbers(value, -366, 366);
        else if (name == "WKST")
            _rule.weekStart = weekdayOf(value).weekday;
        else
            refuse("ics.unknownpart");
    }

    Frequency frequencyOf(const std::string& value) const {
        if (value == "DAILY") return Frequency::Daily;
        if (value == "WEEKLY") return Frequency::Weekly;
        if (value == "MONTHLY") return Frequency::Monthly;
        if (value == "YEARLY") return Frequency::Yearly;
        refuse("ics.frequency");
    }

    int number(std::string_view text, int least, int most) const {
        if (text.starts_with('+')) text.remove_prefix(1);
        int number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || end != text.data() + text.size() || number < least || number > most ||
            (number == 0 && least < 0))
            refuse(least < 0 ? "ics.numberbutzero" : "ics.number", {{"least", least}, {"most", most}});
        return number;
    }

    std::vector<int> numbers(const std::string& value, int least, int most) const {
        std::vector<int> all;
        for (const auto& item : commaParts(value)) all.push_back(number(item, least, most));
        return all;
    }

    RuleWeekday weekdayOf(const std::string& text) const {
        const std::string_view name =
            std::string_view(text).substr(text.size() - std::min<std::size_t>(2, text.size()));
        const auto found = std::find(kDayNames.begin(), kDayNames.end(), name);
        if (found == kDayNames.end()) refuse("ics.weekdays");
        const auto place = text.substr(0, text.size() - 2);
        return {std::chrono::weekday(static_cast<unsigned>(found - kDayNames.begin())),
                place.empty() ? 0 : number(place, -53, 53)};
    }

    void checkTogether() const {
        const bool hasPlaces = std::any_of(_rule.weekdays.begin(), _rule.weekdays.end(),
                                           [](const RuleWeekday& day) { return day.place != 0; });
        const bool isShort = _rule.frequency == Frequency::Daily || _rule.frequency == Frequency::Weekly;
        if (hasPlaces && isShort) _line.refuse("ics.countsdays");
        if (_rule.frequency == Frequency::Weekly && !_rule.monthDays.empty()) _line.refuse("ics.weeklydays");
        if (_rule.count && _rule.until) _line.refuse("ics.countuntil");
    }

    const CalendarLine& _line;
    std::string_view _part{};
    RecurrenceRule _rule{};
};

}  // namespace

RecurrenceRule parseRecurrenceRule(const CalendarLine& line) {
    return RuleParser(line).parse();
}

}  // namespace carillon
