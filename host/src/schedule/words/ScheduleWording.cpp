#include "schedule/words/ScheduleWording.h"

#include <variant>

namespace carillon {
namespace {

using Kind = FieldSense::Kind;

constexpr std::size_t kMostTimes = 6;
constexpr std::size_t kMostWindows = 3;

/// Times that are better listed than counted.
bool areFewTimes(const FieldSense& minutes, const FieldSense& hours) {
    if (!minutes.isPlain() || !hours.isPlain()) return false;
    if (minutes.isSingle() && hours.kind == Kind::List && hours.spans.size() > kMostWindows) return true;
    const bool onTheHour = minutes.isSingle() && minutes.values.front() == 0;
    if (onTheHour && hours.kind == Kind::Steps && hours.whole && hours.first == 0) return false;
    return minutes.values.size() * hours.values.size() <= kMostTimes;
}

std::vector<int> timesOf(const FieldSense& hours, const FieldSense& minutes, int second) {
    std::vector<int> times;
    for (const int hour : hours.values)
        for (const int minute : minutes.values) times.push_back((hour * 60 + minute) * 60 + second);
    return times;
}

}  // namespace

std::string listed(const std::vector<std::string>& items, const std::string& lastGlue) {
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i)
        text += (i == 0 ? "" : i + 1 == items.size() ? ' ' + lastGlue + ' ' : ", ") + items[i];
    return text;
}

std::string ScheduleWording::say(const ScheduleExpression& expression) const {
    if (const auto* length = std::get_if<std::chrono::milliseconds>(&expression)) return every(*length);
    return sayCron(std::get<CronExpression>(expression));
}

std::string ScheduleWording::sayCron(const CronExpression& cron) const {
    const auto seconds = senseOf(cron, CronUnit::Second);
    const auto minutes = senseOf(cron, CronUnit::Minute);
    const auto hours = senseOf(cron, CronUnit::Hour);
    const bool starred = cron.field(CronUnit::Day).starred || cron.field(CronUnit::Weekday).starred;
    const DaySense days{senseOf(cron, CronUnit::Day), senseOf(cron, CronUnit::Weekday), senseOf(cron, CronUnit::Month),
                        cron.bothDays || starred};
    std::string time;
    bool isPoint = false;
    if (seconds.isSingle() && areFewTimes(minutes, hours)) {
        isPoint = true;
        time = atTimes(timesOf(hours, minutes, seconds.values.front()));
    } else if (seconds.isSingle() || seconds.isOneByName()) {
        time = sayMinutes(minutes, hours, isPoint);
        if (!seconds.isSingle() || seconds.values.front() != 0) time += atSecond(seconds);
    } else {
        time = sayOften(seconds, minutes, hours);
    }
    return join(time, isPoint, onDays(days), days);
}

std::string ScheduleWording::sayMinutes(const FieldSense& minutes, const FieldSense& hours, bool& isPoint) const {
    isPoint = true;
    if (minutes.isOneByName() && (hours.isOneByName() || hours.isSingle())) return atTimeByName(hours, -1);
    if (minutes.isSingle() && hours.isOneByName()) return atTimeByName(hours, minutes.values.front());
    if (areFewTimes(minutes, hours)) return atTimes(timesOf(hours, minutes, 0));
    isPoint = false;
    if (minutes.isSingle()) return sayHours(minutes.values.front(), hours);
    if (minutes.isOneByName()) return everyHour(0) + withinHours(hours, 0, 59) + atMinuteByName();
    const bool known = minutes.isPlain();
    return often(CronUnit::Minute, minutes) +
           withinHours(hours, known ? minutes.values.front() : 0, known ? minutes.values.back() : 59);
}

std::string ScheduleWording::sayHours(int minute, const FieldSense& hours) const {
    if (hours.kind == Kind::Hash) return everyFewHoursByName(hours, minute);
    if (hours.kind != Kind::Steps)
        return hours.isAll() || hours.hashed ? everyHour(minute) + withinHours(hours, 0, 59)
                                             : everyHour(0) + withinHours(hours, minute, minute);
    const bool counted = hours.whole && hours.first == 0 && minute == 0;
    return everyFewHours(hours.step) + (counted ? "" : during({{hours.first * 60 + minute, hours.last * 60 + minute}}));
}

std::string ScheduleWording::sayOften(const FieldSense& seconds, const FieldSense& minutes,
                                      const FieldSense& hours) const {
    const std::string text = often(CronUnit::Second, seconds);
    if (minutes.isSingle() && hours.isSingle())
        return text + inMinuteOf(hours.values.front() * 60 + minutes.values.front());
    return text + (minutes.isAll() ? "" : inMinutes(minutes)) + withinHours(hours, 0, 59);
}

std::string ScheduleWording::withinHours(const FieldSense& hours, int firstMinute, int lastMinute) const {
    if (hours.isAll()) return "";
    if (hours.kind != Kind::List || hours.hashed || hours.spans.size() > kMostWindows) return inHours(hours);
    std::vector<Window> windows;
    for (const auto& [first, last] : hours.spans) {
        const bool goesOn = firstMinute < lastMinute && !windows.empty() && windows.back().to / 60 + 1 == first;
        if (!goesOn) windows.push_back({first * 60 + firstMinute, 0});
        windows.back().to = last * 60 + lastMinute;
    }
    return during(windows);
}

}  // namespace carillon
