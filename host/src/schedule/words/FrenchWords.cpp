#include "schedule/words/FrenchDays.h"
#include "schedule/words/ScheduleWording.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace carillon {
namespace {

using Kind = FieldSense::Kind;
using Texts = std::vector<std::string>;

/// "9 h", "2 h 05"
std::string clock(int minuteOfDay) {
    char text[32];
    std::snprintf(text, sizeof text, minuteOfDay % 60 == 0 ? "%d h" : "%d h %02d", minuteOfDay / 60, minuteOfDay % 60);
    return text;
}

std::string clockWithSecond(int time) {
    if (time % 60 == 0) return clock(time / 60);
    char text[48];
    std::snprintf(text, sizeof text, "%d h %02d min %02d s", time / 3600, time / 60 % 60, time % 60);
    return text;
}

std::string counted(std::int64_t count, const std::string& unit) {
    const bool masculine = unit == "jour";
    return (masculine ? "tous les " : "toutes les ") + (count == 1 ? "" : std::to_string(count) + ' ') + unit + 's';
}

/// "à la minute 5", "aux minutes 0, 10 à 20 et 45"
std::string numbered(const std::string& one, const std::string& many, const std::string& unit,
                     const FieldSense& field) {
    Texts texts;
    for (const auto& [first, last] : field.spans)
        texts.push_back(std::to_string(first) + (first == last ? "" : " à " + std::to_string(last)));
    if (field.hashed) texts.push_back(std::string("une autre fixée") + kFrenchByName);
    const bool single = texts.size() == 1 && field.values.size() == 1;
    return (single ? one + ' ' + unit : many + ' ' + unit + 's') + ' ' + listed(texts, "et");
}

std::string minutesOf(int minute) {
    return std::to_string(minute) + (minute == 1 ? " minute" : " minutes");
}

std::string unitName(CronUnit unit) {
    return unit == CronUnit::Second ? "seconde" : "minute";
}

std::string parentName(CronUnit unit) {
    return unit == CronUnit::Second ? "minute" : "heure";
}

std::string fromTo(const std::string& unit, int first, int last) {
    return ", de la " + unit + ' ' + std::to_string(first) + " à la " + unit + ' ' + std::to_string(last);
}

/// "le dernier vendredi de chaque mois à 2 h 30"
class FrenchWords final : public ScheduleWording {
    std::string every(std::chrono::milliseconds length) const override {
        const std::int64_t count = length.count();
        if (count % 86'400'000 == 0 && count > 86'400'000) return counted(count / 86'400'000, "jour");
        if (count % 3'600'000 == 0) return counted(count / 3'600'000, "heure");
        if (count % 60'000 == 0) return counted(count / 60'000, "minute");
        if (count % 1'000 == 0) return counted(count / 1'000, "seconde");
        return counted(count, "milliseconde");
    }

    std::string atTimes(const std::vector<int>& times) const override {
        if (times == std::vector<int>{0}) return "à minuit";
        if (times == std::vector<int>{43'200}) return "à midi";
        Texts texts;
        for (const int time : times) texts.push_back(clockWithSecond(time));
        return "à " + listed(texts, "et");
    }

    std::string atTimeByName(const FieldSense& hours, int minute) const override {
        const int first = hours.isSingle() ? hours.values[0] : hours.first;
        const int last = hours.isSingle() ? hours.values[0] : hours.last;
        const std::string between = first == 0 && last == 23
                                        ? ""
                                        : " entre " + clock(first * 60 + std::max(minute, 0)) + " et " +
                                              clock(last * 60 + (minute < 0 ? 59 : minute));
        if (minute > 0)
            return minutesOf(minute) + " après une heure pile fixée" + kFrenchByName +
                   (between.empty() ? "" : ',' + between);
        return std::string(minute < 0 ? "à une heure" : "à une heure pile") + between + " fixée" + kFrenchByName;
    }

    std::string often(CronUnit unit, const FieldSense& field) const override {
        const std::string name = unitName(unit);
        const std::string each = " de chaque " + parentName(unit);
        if (field.isAll()) return counted(1, name);
        if (field.kind == Kind::Hash) {
            const bool all = field.first == 0 && field.last == 59;
            return counted(field.step, name) + ", à partir d'une " + name + " fixée" + kFrenchByName +
                   (all ? "" : fromTo(name, field.first, field.last) + each);
        }
        if (field.kind == Kind::Steps) {
            if (field.whole && field.first == 0) return counted(field.step, name);
            return counted(field.step, name) + fromTo(name, field.first, field.last) + each;
        }
        if (field.spans.size() == 1 && field.values.size() > 1 && !field.hashed)
            return counted(1, name) + fromTo(name, field.spans[0].first, field.spans[0].last) + each;
        return numbered("à la", "aux", name, field) + each;
    }

    std::string atMinuteByName() const override { return std::string(", à une minute fixée") + kFrenchByName; }

    std::string everyHour(int minute) const override {
        return "toutes les heures" + (minute == 0 ? "" : ", à la minute " + std::to_string(minute));
    }

    std::string everyFewHours(int step) const override { return counted(step, "heure"); }

    std::string everyFewHoursByName(const FieldSense& hours, int minute) const override {
        const bool all = hours.first == 0 && hours.last == 23;
        return counted(hours.step, "heure") + (minute == 0 ? "" : ", à la minute " + std::to_string(minute)) +
               ", à partir d'une heure fixée" + kFrenchByName +
               (all ? "" : ", entre " + clock(hours.first * 60) + " et " + clock(hours.last * 60 + 59));
    }

    std::string during(const std::vector<Window>& windows) const override {
        Texts texts;
        for (const auto& [from, to] : windows)
            texts.push_back(from == to ? "à " + clock(from) : "de " + clock(from) + " à " + clock(to));
        return ", " + listed(texts, "et");
    }

    std::string inMinutes(const FieldSense& minutes) const override {
        if (minutes.isOneByName()) return std::string(", pendant une minute de chaque heure, fixée") + kFrenchByName;
        const std::string oneIn = ", une minute sur " + std::to_string(minutes.step);
        if (minutes.kind == Kind::Hash) return oneIn + " à partir d'une minute fixée" + kFrenchByName;
        if (minutes.kind == Kind::Steps)
            return oneIn + fromTo("minute", minutes.first, minutes.last) + " de chaque heure";
        return ", pendant " + numbered("la", "les", "minute", minutes) + " de chaque heure";
    }

    std::string inMinuteOf(int minuteOfDay) const override {
        return " entre " + clock(minuteOfDay) + " et " + clock((minuteOfDay + 1) % 1440);
    }

    std::string inHours(const FieldSense& hours) const override {
        if (hours.isOneByName()) return std::string(", pendant une heure fixée") + kFrenchByName;
        const std::string oneIn = ", une heure sur " + std::to_string(hours.step);
        if (hours.kind == Kind::Hash) return oneIn + " à partir d'une heure fixée" + kFrenchByName;
        if (hours.kind == Kind::Steps && hours.whole)
            return oneIn + " à partir de " + (hours.first == 0 ? "minuit" : clock(hours.first * 60));
        Texts texts;
        for (const int hour : hours.values) texts.push_back(clock(hour * 60));
        if (hours.hashed) texts.push_back(std::string("une autre fixée") + kFrenchByName);
        return ", pendant les heures qui commencent à " + listed(texts, "et");
    }

    std::string atSecond(const FieldSense& seconds) const override {
        if (!seconds.isSingle()) return std::string(", à une seconde fixée") + kFrenchByName;
        return ", à la seconde " + std::to_string(seconds.values[0]);
    }

    std::string onDays(const DaySense& days) const override { return frenchDays(days); }

    std::string join(const std::string& time, bool isPoint, const std::string& days,
                     const DaySense& of) const override {
        const bool apart = !time.starts_with("à");
        if (days.empty())
            return (!isPoint ? "" : apart ? "tous les jours, " : "tous les jours ") + time + frenchMonths(of.months);
        if (!isPoint) return time + ", " + days;
        const bool hasMonthsApart =
            !of.months.isAll() && (of.months.hasRange() || (of.dates.isAll() && of.weekdays.special.empty()));
        const bool hasTwoParts = !of.dates.isAll() && !of.weekdays.isAll();
        const bool byName = days.find(kFrenchByName) != std::string::npos;
        return days + (apart || hasMonthsApart || hasTwoParts || byName ? ", " : " ") + time;
    }
};

}  // namespace

const ScheduleWording& frenchWording() {
    static const FrenchWords words;
    return words;
}

}  // namespace carillon
