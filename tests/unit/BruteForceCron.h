#pragma once

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

/// A second reading of cron, for tests: it asks of one local time whether an expression names it, slowly and by the
/// letter. It shares nothing with the host. Numbers only, no names, no H, no check.
class BruteForceCron {
public:
    explicit BruteForceCron(const std::string& text) {
        std::istringstream in(text);
        std::vector<std::string> fields;
        for (std::string field; in >> field;) fields.push_back(field);
        const bool hasSeconds = fields.size() == 6;
        if (!hasSeconds) fields.insert(fields.begin(), "0");
        _seconds = fields[0], _minutes = fields[1], _hours = fields[2];
        _days = fields[3], _months = fields[4], _weekdays = fields[5];
        _realTime = (hasSeconds && isStarred(_seconds)) || isStarred(_minutes) || isStarred(_hours);
        _both = _weekdays[0] == '&';
        if (_both) _weekdays.erase(0, 1);
        for (int value = 0; value < 60; ++value) {
            _secondMatches[value] = names(_seconds, value, 0, 59);
            _minuteMatches[value] = names(_minutes, value, 0, 59);
            _hourMatches[value] = names(_hours, value, 0, 23);
        }
    }

    bool followsRealTime() const { return _realTime; }

    bool matchesDay(std::chrono::local_days day) const {
        const std::chrono::year_month_day date(day);
        if (!names(_months, static_cast<int>(static_cast<unsigned>(date.month())), 1, 12)) return false;
        const bool byDate = anyOf(_days, [&](const std::string& item) { return matchesDate(item, date); });
        const bool byWeekday = anyOf(_weekdays, [&](const std::string& item) { return matchesWeekday(item, date); });
        if (_both || isStarred(_days) || isStarred(_weekdays)) return byDate && byWeekday;
        return byDate || byWeekday;
    }

    bool matchesTime(int secondOfDay) const {
        return _hourMatches[secondOfDay / 3600] && _minuteMatches[secondOfDay / 60 % 60] &&
               _secondMatches[secondOfDay % 60];
    }

private:
    static bool isStarred(const std::string& field) { return field[0] == '*' || field[0] == '?'; }

    static bool anyOf(const std::string& list, const std::function<bool(const std::string&)>& matches) {
        std::istringstream in(list);
        for (std::string item; std::getline(in, item, ',');)
            if (matches(item)) return true;
        return false;
    }

    /// `*`, `a`, `a-b` and `a/s`, `a-b/s`, `*/s`: walks from the first value on until it meets this one.
    static bool namesItem(const std::string& item, int value, int least, int most) {
        const std::size_t slash = item.find('/');
        const std::string body = item.substr(0, slash);
        const std::size_t dash = body.find('-');
        int first = least;
        int last = most;
        if (body != "*" && body != "?") {
            first = std::atoi(body.c_str());
            if (dash != std::string::npos) last = std::atoi(body.c_str() + dash + 1);
            if (dash == std::string::npos && slash == std::string::npos) last = first;
        }
        const int step = slash == std::string::npos ? 1 : std::atoi(item.c_str() + slash + 1);
        for (int at = first, walked = 0;; at = at == most ? least : at + 1, ++walked) {
            if (walked % step == 0 && at == value) return true;
            if (at == last) return false;
        }
    }

    static bool names(const std::string& list, int value, int least, int most) {
        return anyOf(list, [&](const std::string& item) { return namesItem(item, value, least, most); });
    }

    static bool isWorkday(std::chrono::year_month_day date) {
        const auto weekday = std::chrono::weekday(std::chrono::local_days(date)).c_encoding();
        return weekday >= 1 && weekday <= 5;
    }
    static int lastDay(std::chrono::year_month_day date) {
        return static_cast<int>(static_cast<unsigned>((date.year() / date.month() / std::chrono::last).day()));
    }

    /// The working day of the month that is nearest to the day `wanted`.
    static int nearestWorkday(std::chrono::year_month_day date, int wanted) {
        int nearest = 0;
        for (int day = 1; day <= lastDay(date); ++day)
            if (isWorkday(date.year() / date.month() / day) &&
                (nearest == 0 || std::abs(day - wanted) < std::abs(nearest - wanted)))
                nearest = day;
        return nearest;
    }

    static bool matchesDate(const std::string& item, std::chrono::year_month_day date) {
        const int day = static_cast<int>(static_cast<unsigned>(date.day()));
        if (item == "LW") return day == nearestWorkday(date, lastDay(date));
        if (item[0] == 'L')
            return day == lastDay(date) - std::atoi(item.c_str() + std::min<std::size_t>(2, item.size()));
        if (item.back() == 'W') {
            const int wanted = std::atoi(item.c_str());
            return wanted <= lastDay(date) && day == nearestWorkday(date, wanted);
        }
        return namesItem(item, day, 1, 31);
    }

    static bool matchesWeekday(const std::string& item, std::chrono::year_month_day date) {
        const int day = static_cast<int>(static_cast<unsigned>(date.day()));
        const int weekday = static_cast<int>(std::chrono::weekday(std::chrono::local_days(date)).c_encoding());
        if (const auto hash = item.find('#'); hash != std::string::npos)
            return weekday == std::atoi(item.c_str()) % 7 && (day - 1) / 7 + 1 == std::atoi(item.c_str() + hash + 1);
        if (item.back() == 'L') return weekday == std::atoi(item.c_str()) % 7 && day + 7 > lastDay(date);
        return namesItem(item, weekday, 0, 6);
    }

    std::string _seconds, _minutes, _hours, _days, _months, _weekdays;
    bool _realTime = false;
    bool _both = false;
    bool _secondMatches[60]{};
    bool _minuteMatches[60]{};
    bool _hourMatches[60]{};
};
