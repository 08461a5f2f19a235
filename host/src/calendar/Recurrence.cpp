#include "calendar/Recurrence.h"

#include <algorithm>
#include <vector>

namespace carillon {
namespace {

using namespace std::chrono;

/// Days from `from` up to, and without, `until`.
struct Span {
    local_days from{};
    local_days until{};
};

bool contains(const std::vector<int>& numbers, int number) {
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

Span monthOf(year_month month) {
    return {local_days(month / day(1)), local_days((month + months(1)) / day(1))};
}

class Expansion {
public:
    Expansion(const RecurrenceRule& rule, local_days first, RecurrenceLimit& limit,
              const std::function<bool(local_days)>& take)
        : _rule(rule), _first(first), _date(first), _limit(limit), _take(take) {}

    bool run() {
        if (!accept(_first)) return _isWithin;
        for (Span period = periodAt(0); period.from < kCalendarEnd; period = periodAt(++_index))
            if (!takeFrom(period)) return _isWithin;
        return true;
    }

private:
    /// The periods that count: every `interval`-th one.
    Span periodAt(int index) const {
        const int step = index * _rule.interval;
        switch (_rule.frequency) {
            case Frequency::Daily:
                return {_first + days(step), _first + days(step + 1)};
            case Frequency::Weekly: {
                const auto begin = _first - (weekday(_first) - _rule.weekStart) + days(7 * step);
                return {begin, begin + days(7)};
            }
            case Frequency::Monthly:
                return monthOf(_date.year() / _date.month() + months(step));
            case Frequency::Yearly:
                break;
        }
        const year inYear = _date.year() + years(step);
        return {local_days(inYear / January / 1), local_days((inYear + years(1)) / January / 1)};
    }

    /// False: it is over.
    bool takeFrom(const Span& period) {
        std::vector<local_days> found;
        for (auto day = period.from; day < period.until;) {
            const year_month_day date(day);
            if (!isOfMonths(date)) {  // none of that month
                day = std::min(monthOf(date.year() / date.month()).until, period.until);
                continue;
            }
            if (_limit.looks == 0) return _isWithin = false;
            --_limit.looks;
            if (matches(day, date, period)) found.push_back(day);
            day += days(1);
        }
        const auto size = static_cast<int>(found.size());
        for (int i = 0; i < size; ++i) {
            const bool isMeant =
                _rule.places.empty() || contains(_rule.places, i + 1) || contains(_rule.places, i - size);
            const auto day = found[static_cast<std::size_t>(i)];
            if (isMeant && day > _first && !accept(day)) return false;
        }
        return true;
    }

    bool accept(local_days day) {
        if (day >= kCalendarEnd || (_rule.count && _accepted == *_rule.count)) return false;
        if (_limit.taken == 0) return _isWithin = false;
        --_limit.taken;
        ++_accepted;
        return _take(day);
    }

    bool isOfMonths(const year_month_day& date) const {
        const auto inMonth = static_cast<int>(static_cast<unsigned>(date.month()));
        if (!_rule.months.empty()) return contains(_rule.months, inMonth);
        // Of a year, the month of the first day is meant where nothing else tells which.
        const bool isOfFirst =
            _rule.frequency == Frequency::Yearly && _rule.monthDays.empty() && _rule.weekdays.empty();
        return !isOfFirst || date.month() == _date.month();
    }

    bool matches(local_days day, const year_month_day& date, const Span& period) const {
        const bool isNamed = !_rule.monthDays.empty() || !_rule.weekdays.empty();
        if (isNamed) return isOfMonthDays(date) && isOfWeekdays(day, date, period);
        if (_rule.frequency == Frequency::Daily) return true;
        if (_rule.frequency == Frequency::Weekly) return weekday(day) == weekday(_first);
        return date.day() == _date.day();
    }

    bool isOfMonthDays(const year_month_day& date) const {
        if (_rule.monthDays.empty()) return true;
        const auto onDay = static_cast<int>(static_cast<unsigned>(date.day()));
        const auto last =
            static_cast<int>(static_cast<unsigned>((date.year() / date.month() / std::chrono::last).day()));
        return contains(_rule.monthDays, onDay) || contains(_rule.monthDays, onDay - last - 1);
    }

    bool isOfWeekdays(local_days day, const year_month_day& date, const Span& period) const {
        if (_rule.weekdays.empty()) return true;
        // A rule of years counts within the month where it names months.
        const bool inMonth = _rule.frequency == Frequency::Yearly && !_rule.months.empty();
        const Span counted = inMonth ? monthOf(date.year() / date.month()) : period;
        const auto before = static_cast<int>((day - counted.from).count() / 7);
        const auto behind = static_cast<int>((counted.until - days(1) - day).count() / 7);
        return std::any_of(_rule.weekdays.begin(), _rule.weekdays.end(), [&](const RuleWeekday& wanted) {
            return wanted.weekday == weekday(day) &&
                   (wanted.place == 0 || wanted.place == before + 1 || wanted.place == -behind - 1);
        });
    }

    const RecurrenceRule& _rule;
    const local_days _first;
    const year_month_day _date;
    RecurrenceLimit& _limit;
    const std::function<bool(local_days)>& _take;
    int _index = 0;
    int _accepted = 0;
    bool _isWithin = true;
};

}  // namespace

bool eachDayOf(const RecurrenceRule& rule, local_days first, RecurrenceLimit& limit,
               const std::function<bool(local_days)>& take) {
    return Expansion(rule, first, limit, take).run();
}

}  // namespace carillon
