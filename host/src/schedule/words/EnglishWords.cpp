#include "schedule/words/EnglishDays.h"
#include "schedule/words/ScheduleWording.h"

#include <algorithm>
#include <cstdio>

namespace carillon {
namespace {

using Kind = FieldSense::Kind;
using Texts = std::vector<std::string>;

std::string clock(int minuteOfDay) {
    char text[32];
    std::snprintf(text, sizeof text, "%02d:%02d", minuteOfDay / 60, minuteOfDay % 60);
    return text;
}

std::string clockWithSecond(int time) {
    char text[32];
    std::snprintf(text, sizeof text, ":%02d", time % 60);
    return clock(time / 60) + (time % 60 == 0 ? "" : text);
}

std::string counted(std::int64_t count, const std::string& unit) {
    return "every " + (count == 1 ? unit : std::to_string(count) + ' ' + unit + 's');
}

/// "5", "10 to 20"
Texts spanTexts(const FieldSense& field) {
    Texts texts;
    for (const auto& [first, last] : field.spans)
        texts.push_back(std::to_string(first) + (first == last ? "" : " to " + std::to_string(last)));
    return texts;
}

/// "minute 5", "minutes 0, 10 to 20 and 45"
std::string numbered(const std::string& unit, const FieldSense& field) {
    Texts texts = spanTexts(field);
    if (field.hashed) texts.push_back(std::string("one") + kEnglishByName);
    const bool one = texts.size() == 1 && field.values.size() == 1;
    return unit + (one ? " " : "s ") + listed(texts, "and");
}

std::string minutesPast(int minute) {
    return std::to_string(minute) + (minute == 1 ? " minute past" : " minutes past");
}

std::string unitName(CronUnit unit) {
    return unit == CronUnit::Second ? "second" : "minute";
}

std::string parentName(CronUnit unit) {
    return unit == CronUnit::Second ? "minute" : "hour";
}

/// "at 02:30 on the last Friday of the month"
class EnglishWords final : public ScheduleWording {
    std::string every(std::chrono::milliseconds length) const override {
        const std::int64_t count = length.count();
        if (count % 86'400'000 == 0 && count > 86'400'000) return counted(count / 86'400'000, "day");
        if (count % 3'600'000 == 0) return counted(count / 3'600'000, "hour");
        if (count % 60'000 == 0) return counted(count / 60'000, "minute");
        if (count % 1'000 == 0) return counted(count / 1'000, "second");
        return counted(count, "millisecond");
    }

    std::string atTimes(const std::vector<int>& times) const override {
        if (times == std::vector<int>{0}) return "at midnight";
        if (times == std::vector<int>{43'200}) return "at noon";
        Texts texts;
        for (const int time : times) texts.push_back(clockWithSecond(time));
        return "at " + listed(texts, "and");
    }

    std::string atTimeByName(const FieldSense& hours, int minute) const override {
        const int first = hours.isSingle() ? hours.values[0] : hours.first;
        const int last = hours.isSingle() ? hours.values[0] : hours.last;
        const bool allDay = first == 0 && last == 23;
        const std::string between = allDay ? ""
                                           : " between " + clock(first * 60 + std::max(minute, 0)) + " and " +
                                                 clock(last * 60 + (minute < 0 ? 59 : minute));
        if (minute > 0)
            return "at " + minutesPast(minute) + " an hour" + kEnglishByName + (allDay ? "" : ',' + between);
        return std::string(minute < 0 ? "at a time" : "at a full hour") + between + kEnglishByName;
    }

    std::string often(CronUnit unit, const FieldSense& field) const override {
        const std::string name = unitName(unit);
        const std::string each = " of each " + parentName(unit);
        if (field.isAll()) return "every " + name;
        if (field.kind == Kind::Hash) {
            const bool all = field.first == 0 && field.last == 59;
            return counted(field.step, name) + ", starting at a " + name + kEnglishByName +
                   (all ? ""
                        : ", between " + name + ' ' + std::to_string(field.first) + " and " + name + ' ' +
                              std::to_string(field.last) + each);
        }
        if (field.kind == Kind::Steps) {
            if (field.whole && field.first == 0) return counted(field.step, name);
            return counted(field.step, name) + " from " + name + ' ' + std::to_string(field.first) + " to " + name +
                   ' ' + std::to_string(field.last) + each;
        }
        if (field.spans.size() == 1 && field.values.size() > 1 && !field.hashed)
            return "every " + name + " from " + name + ' ' + std::to_string(field.spans[0].first) + " to " + name +
                   ' ' + std::to_string(field.spans[0].last) + each;
        if (unit == CronUnit::Minute && !field.hashed)
            return "at " + listed(spanTexts(field), "and") + " minutes past the hour";
        return "at " + numbered(name, field) + each;
    }

    std::string atMinuteByName() const override { return std::string(", at a minute") + kEnglishByName; }

    std::string everyHour(int minute) const override {
        if (minute == 0) return "every hour";
        return "every hour at " + minutesPast(minute) + " the hour";
    }

    std::string everyFewHours(int step) const override { return counted(step, "hour"); }

    std::string everyFewHoursByName(const FieldSense& hours, int minute) const override {
        const bool all = hours.first == 0 && hours.last == 23;
        return counted(hours.step, "hour") + (minute == 0 ? "" : " at " + minutesPast(minute) + " the hour") +
               std::string(", starting at an hour") + kEnglishByName +
               (all ? "" : ", between " + clock(hours.first * 60) + " and " + clock(hours.last * 60 + 59));
    }

    std::string during(const std::vector<Window>& windows) const override {
        Texts texts;
        for (const auto& [from, to] : windows)
            texts.push_back(from == to ? "at " + clock(from) : "from " + clock(from) + " to " + clock(to));
        return ' ' + listed(texts, "and");
    }

    std::string inMinutes(const FieldSense& minutes) const override {
        if (minutes.isOneByName()) return std::string(" during a minute of each hour") + kEnglishByName;
        if (minutes.kind == Kind::Hash)
            return " during one minute in " + std::to_string(minutes.step) + ", starting at a minute" + kEnglishByName;
        if (minutes.kind == Kind::Steps)
            return " during one minute in " + std::to_string(minutes.step) + ", from minute " +
                   std::to_string(minutes.first) + " to minute " + std::to_string(minutes.last) + " of each hour";
        return " during " + numbered("minute", minutes) + " of each hour";
    }

    std::string inMinuteOf(int minuteOfDay) const override {
        return " between " + clock(minuteOfDay) + " and " + clock((minuteOfDay + 1) % 1440);
    }

    std::string inHours(const FieldSense& hours) const override {
        if (hours.isOneByName()) return std::string(" during an hour") + kEnglishByName;
        if (hours.kind == Kind::Hash)
            return " during one hour in " + std::to_string(hours.step) + std::string(", starting at an hour") +
                   kEnglishByName;
        if (hours.kind == Kind::Steps && hours.whole)
            return " during every " + (hours.step == 2 ? "other" : englishOrdinal(hours.step)) + " hour from " +
                   (hours.first == 0 ? "midnight" : clock(hours.first * 60)) + " on";
        Texts texts;
        for (const int hour : hours.values) texts.push_back(clock(hour * 60));
        if (hours.hashed) texts.push_back(std::string("at one") + kEnglishByName);
        return " during the hours that begin at " + listed(texts, "and");
    }

    std::string atSecond(const FieldSense& seconds) const override {
        if (!seconds.isSingle()) return std::string(", at a second") + kEnglishByName;
        return ", at second " + std::to_string(seconds.values[0]);
    }

    std::string onDays(const DaySense& days) const override { return englishDays(days); }

    std::string join(const std::string& time, bool isPoint, const std::string& days,
                     const DaySense& of) const override {
        if (days.empty()) return (isPoint ? "every day " : "") + time + englishMonths(of.months);
        // A comma where the days could be taken for a part of the time.
        const bool comma =
            time.find(kEnglishByName) != std::string::npos ||
            (!isPoint && (time.find(" from ") != std::string::npos || time.find(',') != std::string::npos));
        return time + (comma ? ", " : " ") + days;
    }
};

}  // namespace

const ScheduleWording& englishWording() {
    static const EnglishWords words;
    return words;
}

}  // namespace carillon
