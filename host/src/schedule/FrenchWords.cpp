#include "schedule/FrenchWords.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace carillon {
namespace {

using Kind = FieldSense::Kind;
using ItemKind = CronItem::Kind;
using Texts = std::vector<std::string>;

constexpr const char* kMonths[] = {"",        "janvier", "février",   "mars",    "avril",    "mai",     "juin",
                                   "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};
constexpr const char* kWeekdays[] = {"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"};
constexpr const char* kOrdinals[] = {"", "premier", "deuxième", "troisième", "quatrième", "cinquième"};
constexpr const char* kByName = " par le nom de la tâche";
constexpr int kLongestMonth = 31;

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

std::string dayNumber(int day) {
    return day == 1 ? "1er" : std::to_string(day);
}

/// "de mars", "d'avril"
std::string withDe(const std::string& month) {
    return (std::string_view("aou").find(month.front()) == std::string_view::npos ? "de " : "d'") + month;
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
    if (field.hashed) texts.push_back(std::string("une autre fixée") + kByName);
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

void splitMonths(const FieldSense& months, Texts& names, Texts& ranges) {
    for (const auto& [first, last] : months.spans) {
        if (first == last)
            names.push_back(kMonths[first]);
        else
            ranges.push_back(withDe(kMonths[first]) + " à " + kMonths[last]);
    }
    if (months.kind == Kind::Hash || months.hashed) names.push_back(std::string("un mois fixé") + kByName);
}

/// "de janvier, d'avril et de juin"
std::string listedWithDe(Texts names) {
    for (auto& name : names) name = withDe(name);
    return listed(names, "et");
}

bool hasRange(const FieldSense& field) {
    return std::any_of(field.spans.begin(), field.spans.end(),
                       [](const auto& span) { return span.first != span.last; });
}

/// After a day: "le 1er mars", "le dernier jour de mars", "le 1er de chaque mois, de mai à juillet".
std::string ofMonths(const FieldSense& months, bool afterNumber) {
    if (months.isAll()) return " de chaque mois";
    Texts names;
    Texts ranges;
    splitMonths(months, names, ranges);
    if (names.empty()) return " de chaque mois, " + listed(ranges, "et");
    const std::string text = names.size() > 1                           ? "des mois " + listedWithDe(names)
                             : afterNumber && months.kind != Kind::Hash ? names[0]
                                                                        : withDe(names[0]);
    return ' ' + text + (ranges.empty() ? "" : " et de chaque mois, " + listed(ranges, "et"));
}

std::string inMonths(const FieldSense& months) {
    if (months.isAll()) return "";
    Texts names;
    Texts parts;
    splitMonths(months, names, parts);
    if (months.kind == Kind::Hash) return ", pendant " + names[0];
    if (names.size() == 2) names[1] = "en " + names[1];
    if (!names.empty()) parts.insert(parts.begin(), "en " + listed(names, "et"));
    return ", " + listed(parts, "et");
}

std::string specialDate(const CronItem& item) {
    if (item.kind == ItemKind::LastWorkday) return "le dernier jour ouvré";
    if (item.kind == ItemKind::NearestWorkday) return "le jour ouvré le plus proche du " + dayNumber(item.first);
    if (item.first == 0) return "le dernier jour";
    return item.first == 1 ? "l'avant-dernier jour" : std::to_string(item.first) + " jours avant le dernier jour";
}

std::string datesByName(const FieldSense& dates, const FieldSense& months) {
    const bool anyDay = dates.first == 1 && dates.last >= 28;
    const std::string range = anyDay ? "" : ", entre le " + dayNumber(dates.first) + " et le " + dayNumber(dates.last);
    const std::string day = "un jour" + ofMonths(months, false) + " fixé" + kByName + range;
    return dates.step > 1 ? counted(dates.step, "jour") + ", à partir d'" + day : day;
}

/// "les 1er janvier, 1er avril et 1er juillet"
std::string oneDateOfMonths(int day, const FieldSense& months) {
    Texts texts;
    for (const int month : months.values) texts.push_back(dayNumber(day) + ' ' + kMonths[month]);
    return (texts.size() == 1 ? "le " : "les ") + listed(texts, "et");
}

std::string onDates(const FieldSense& dates, const FieldSense& months) {
    if (dates.kind == Kind::Hash) return datesByName(dates, months);
    if (dates.kind == Kind::Steps) {
        const bool toTheEnd = dates.last + dates.step > kLongestMonth;
        return (dates.step == 2 ? "un jour sur deux" : counted(dates.step, "jour")) +
               (toTheEnd ? " à partir du " : " du ") + dayNumber(dates.first) +
               (toTheEnd ? "" : " au " + dayNumber(dates.last)) + ofMonths(months, true);
    }
    if (dates.isSingle() && months.isPlain() && !hasRange(months)) return oneDateOfMonths(dates.values[0], months);
    Texts days;
    Texts parts;
    for (const auto& [first, last] : dates.spans) {
        if (first == last)
            days.push_back(dayNumber(first));
        else
            parts.push_back("du " + dayNumber(first) + " au " + dayNumber(last));
    }
    if (!days.empty()) parts.insert(parts.begin(), (days.size() == 1 ? "le " : "les ") + listed(days, "et"));
    bool afterNumber = true;
    for (const auto& item : dates.special) {
        parts.push_back(specialDate(item));
        afterNumber = item.kind == ItemKind::NearestWorkday;
    }
    if (dates.hashed) parts.push_back(std::string("un jour fixé") + kByName), afterNumber = false;
    return listed(parts, "et") + ofMonths(months, afterNumber);
}

std::string specialWeekday(const CronItem& item) {
    return std::string("le ") + (item.kind == ItemKind::LastOfWeekday ? "dernier" : kOrdinals[item.last]);
}

/// "le premier et le troisième lundi", "le premier lundi et le dernier vendredi"
std::string specialWeekdays(const FieldSense& weekdays, const std::string& glue) {
    const int first = weekdays.special.front().first;
    const bool same = std::all_of(weekdays.special.begin(), weekdays.special.end(),
                                  [first](const CronItem& item) { return item.first == first; });
    Texts texts;
    for (const auto& item : weekdays.special)
        texts.push_back(specialWeekday(item) + (same ? "" : std::string(" ") + kWeekdays[item.first]));
    return listed(texts, glue) + (same ? std::string(" ") + kWeekdays[first] : "");
}

std::string onWeekdays(const FieldSense& weekdays, const FieldSense& months) {
    if (weekdays.kind == Kind::Hash) return std::string("chaque semaine, un jour fixé") + kByName + inMonths(months);
    Texts days;
    Texts parts;
    for (const auto& [first, last] : weekdays.spans) {
        if (first == last)
            days.push_back(std::string(kWeekdays[first]) + 's');
        else
            parts.push_back(std::string("du ") + kWeekdays[first] + " au " + kWeekdays[last]);
    }
    if (!days.empty()) parts.insert(parts.begin(), "tous les " + listed(days, "et"));
    if (weekdays.hashed) parts.push_back(std::string("un jour fixé") + kByName);
    if (weekdays.special.empty()) return listed(parts, "et") + inMonths(months);
    if (parts.empty()) return specialWeekdays(weekdays, "et") + ofMonths(months, false);
    return listed(parts, "et") + inMonths(months) + " et " + specialWeekdays(weekdays, "et") + ofMonths(months, false);
}

/// After "si c'est".
std::string anyWeekday(const FieldSense& weekdays) {
    if (weekdays.kind == Kind::Hash) return std::string("le jour de la semaine fixé") + kByName;
    Texts texts;
    for (const auto& [first, last] : weekdays.spans)
        texts.push_back(first == last ? std::string("un ") + kWeekdays[first]
                                      : std::string("un jour du ") + kWeekdays[first] + " au " + kWeekdays[last]);
    if (!weekdays.special.empty()) texts.push_back(specialWeekdays(weekdays, "ou") + " du mois");
    if (weekdays.hashed) texts.push_back(std::string("le jour de la semaine fixé") + kByName);
    return listed(texts, "ou");
}

}  // namespace

std::string FrenchWords::every(std::chrono::milliseconds length) const {
    const std::int64_t count = length.count();
    if (count % 86'400'000 == 0 && count > 86'400'000) return counted(count / 86'400'000, "jour");
    if (count % 3'600'000 == 0) return counted(count / 3'600'000, "heure");
    if (count % 60'000 == 0) return counted(count / 60'000, "minute");
    if (count % 1'000 == 0) return counted(count / 1'000, "seconde");
    return counted(count, "milliseconde");
}

std::string FrenchWords::atTimes(const std::vector<int>& times) const {
    if (times == std::vector<int>{0}) return "à minuit";
    if (times == std::vector<int>{43'200}) return "à midi";
    Texts texts;
    for (const int time : times) texts.push_back(clockWithSecond(time));
    return "à " + listed(texts, "et");
}

std::string FrenchWords::atTimeByName(const FieldSense& hours, int minute) const {
    const int first = hours.isSingle() ? hours.values[0] : hours.first;
    const int last = hours.isSingle() ? hours.values[0] : hours.last;
    const std::string between = first == 0 && last == 23 ? ""
                                                         : " entre " + clock(first * 60 + std::max(minute, 0)) +
                                                               " et " + clock(last * 60 + (minute < 0 ? 59 : minute));
    if (minute > 0)
        return minutesOf(minute) + " après une heure pile fixée" + kByName + (between.empty() ? "" : ',' + between);
    return std::string(minute < 0 ? "à une heure" : "à une heure pile") + between + " fixée" + kByName;
}

std::string FrenchWords::often(CronUnit unit, const FieldSense& field) const {
    const std::string name = unitName(unit);
    const std::string each = " de chaque " + parentName(unit);
    if (field.isAll()) return counted(1, name);
    if (field.kind == Kind::Hash) {
        const bool all = field.first == 0 && field.last == 59;
        return counted(field.step, name) + ", à partir d'une " + name + " fixée" + kByName +
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

std::string FrenchWords::atMinuteByName() const {
    return std::string(", à une minute fixée") + kByName;
}

std::string FrenchWords::everyHour(int minute) const {
    return "toutes les heures" + (minute == 0 ? "" : ", à la minute " + std::to_string(minute));
}

std::string FrenchWords::everyFewHours(int step) const {
    return counted(step, "heure");
}

std::string FrenchWords::everyFewHoursByName(const FieldSense& hours, int minute) const {
    const bool all = hours.first == 0 && hours.last == 23;
    return counted(hours.step, "heure") + (minute == 0 ? "" : ", à la minute " + std::to_string(minute)) +
           ", à partir d'une heure fixée" + kByName +
           (all ? "" : ", entre " + clock(hours.first * 60) + " et " + clock(hours.last * 60 + 59));
}

std::string FrenchWords::during(const std::vector<Window>& windows) const {
    Texts texts;
    for (const auto& [from, to] : windows)
        texts.push_back(from == to ? "à " + clock(from) : "de " + clock(from) + " à " + clock(to));
    return ", " + listed(texts, "et");
}

std::string FrenchWords::inMinutes(const FieldSense& minutes) const {
    if (minutes.isOneByName()) return std::string(", pendant une minute de chaque heure, fixée") + kByName;
    const std::string oneIn = ", une minute sur " + std::to_string(minutes.step);
    if (minutes.kind == Kind::Hash) return oneIn + " à partir d'une minute fixée" + kByName;
    if (minutes.kind == Kind::Steps) return oneIn + fromTo("minute", minutes.first, minutes.last) + " de chaque heure";
    return ", pendant " + numbered("la", "les", "minute", minutes) + " de chaque heure";
}

std::string FrenchWords::inMinuteOf(int minuteOfDay) const {
    return " entre " + clock(minuteOfDay) + " et " + clock((minuteOfDay + 1) % 1440);
}

std::string FrenchWords::inHours(const FieldSense& hours) const {
    if (hours.isOneByName()) return std::string(", pendant une heure fixée") + kByName;
    const std::string oneIn = ", une heure sur " + std::to_string(hours.step);
    if (hours.kind == Kind::Hash) return oneIn + " à partir d'une heure fixée" + kByName;
    if (hours.kind == Kind::Steps && hours.whole)
        return oneIn + " à partir de " + (hours.first == 0 ? "minuit" : clock(hours.first * 60));
    Texts texts;
    for (const int hour : hours.values) texts.push_back(clock(hour * 60));
    if (hours.hashed) texts.push_back(std::string("une autre fixée") + kByName);
    return ", pendant les heures qui commencent à " + listed(texts, "et");
}

std::string FrenchWords::atSecond(const FieldSense& seconds) const {
    if (!seconds.isSingle()) return std::string(", à une seconde fixée") + kByName;
    return ", à la seconde " + std::to_string(seconds.values[0]);
}

std::string FrenchWords::onDays(const Days& days) const {
    const auto& [dates, weekdays, months, both] = days;
    if (dates.isAll() && weekdays.isAll()) return "";
    if (weekdays.isAll()) return onDates(dates, months);
    if (dates.isAll()) return onWeekdays(weekdays, months);
    if (both) return onDates(dates, months) + ", si c'est " + anyWeekday(weekdays);
    return onDates(dates, months) + " et " + onWeekdays(weekdays, months);
}

std::string FrenchWords::join(const std::string& time, bool isPoint, const std::string& days, const Days& of) const {
    const bool apart = !time.starts_with("à");
    if (days.empty())
        return (!isPoint ? "" : apart ? "tous les jours, " : "tous les jours ") + time + inMonths(of.months);
    if (!isPoint) return time + ", " + days;
    const bool hasMonthsApart =
        !of.months.isAll() && (hasRange(of.months) || (of.dates.isAll() && of.weekdays.special.empty()));
    const bool hasTwoParts = !of.dates.isAll() && !of.weekdays.isAll();
    const bool byName = days.find(kByName) != std::string::npos;
    return days + (apart || hasMonthsApart || hasTwoParts || byName ? ", " : " ") + time;
}

}  // namespace carillon
