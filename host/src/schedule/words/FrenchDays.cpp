#include "schedule/words/FrenchDays.h"

#include "schedule/words/ScheduleWording.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace carillon {
namespace {

using Kind = FieldSense::Kind;
using ItemKind = CronItem::Kind;
using Texts = std::vector<std::string>;

constexpr const char* kMonths[] = {"",        "janvier", "février",   "mars",    "avril",    "mai",     "juin",
                                   "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};
constexpr const char* kWeekdays[] = {"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"};
constexpr const char* kOrdinals[] = {"", "premier", "deuxième", "troisième", "quatrième", "cinquième"};
constexpr int kLongestMonth = 31;

std::string dayNumber(int day) {
    return day == 1 ? "1er" : std::to_string(day);
}

/// "de mars", "d'avril"
std::string withDe(const std::string& month) {
    return (std::string_view("aou").find(month.front()) == std::string_view::npos ? "de " : "d'") + month;
}

void splitMonths(const FieldSense& months, Texts& names, Texts& ranges) {
    for (const auto& [first, last] : months.spans) {
        if (first == last)
            names.push_back(kMonths[first]);
        else
            ranges.push_back(withDe(kMonths[first]) + " à " + kMonths[last]);
    }
    if (months.kind == Kind::Hash || months.hashed) names.push_back(std::string("un mois fixé") + kFrenchByName);
}

/// "de janvier, d'avril et de juin"
std::string listedWithDe(Texts names) {
    for (auto& name : names) name = withDe(name);
    return listed(names, "et");
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

std::string specialDate(const CronItem& item) {
    if (item.kind == ItemKind::LastWorkday) return "le dernier jour ouvré";
    if (item.kind == ItemKind::NearestWorkday) return "le jour ouvré le plus proche du " + dayNumber(item.first);
    if (item.first == 0) return "le dernier jour";
    return item.first == 1 ? "l'avant-dernier jour" : std::to_string(item.first) + " jours avant le dernier jour";
}

std::string datesByName(const FieldSense& dates, const FieldSense& months) {
    const bool anyDay = dates.first == 1 && dates.last >= 28;
    const std::string range = anyDay ? "" : ", entre le " + dayNumber(dates.first) + " et le " + dayNumber(dates.last);
    const std::string day = "un jour" + ofMonths(months, false) + " fixé" + kFrenchByName + range;
    return dates.step > 1 ? "tous les " + std::to_string(dates.step) + " jours" + ", à partir d'" + day : day;
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
        return (dates.step == 2 ? "un jour sur deux" : "tous les " + std::to_string(dates.step) + " jours") +
               (toTheEnd ? " à partir du " : " du ") + dayNumber(dates.first) +
               (toTheEnd ? "" : " au " + dayNumber(dates.last)) + ofMonths(months, true);
    }
    if (dates.isSingle() && months.isPlain() && !months.hasRange()) return oneDateOfMonths(dates.values[0], months);
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
    if (dates.hashed) parts.push_back(std::string("un jour fixé") + kFrenchByName), afterNumber = false;
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
    if (weekdays.kind == Kind::Hash)
        return std::string("chaque semaine, un jour fixé") + kFrenchByName + frenchMonths(months);
    Texts days;
    Texts parts;
    for (const auto& [first, last] : weekdays.spans) {
        if (first == last)
            days.push_back(std::string(kWeekdays[first]) + 's');
        else
            parts.push_back(std::string("du ") + kWeekdays[first] + " au " + kWeekdays[last]);
    }
    if (!days.empty()) parts.insert(parts.begin(), "tous les " + listed(days, "et"));
    if (weekdays.hashed) parts.push_back(std::string("un jour fixé") + kFrenchByName);
    if (weekdays.special.empty()) return listed(parts, "et") + frenchMonths(months);
    if (parts.empty()) return specialWeekdays(weekdays, "et") + ofMonths(months, false);
    return listed(parts, "et") + frenchMonths(months) + " et " + specialWeekdays(weekdays, "et") +
           ofMonths(months, false);
}

/// After "si c'est".
std::string anyWeekday(const FieldSense& weekdays) {
    if (weekdays.kind == Kind::Hash) return std::string("le jour de la semaine fixé") + kFrenchByName;
    Texts texts;
    for (const auto& [first, last] : weekdays.spans)
        texts.push_back(first == last ? std::string("un ") + kWeekdays[first]
                                      : std::string("un jour du ") + kWeekdays[first] + " au " + kWeekdays[last]);
    if (!weekdays.special.empty()) texts.push_back(specialWeekdays(weekdays, "ou") + " du mois");
    if (weekdays.hashed) texts.push_back(std::string("le jour de la semaine fixé") + kFrenchByName);
    return listed(texts, "ou");
}

}  // namespace

std::string frenchMonths(const FieldSense& months) {
    if (months.isAll()) return "";
    Texts names;
    Texts parts;
    splitMonths(months, names, parts);
    if (months.kind == Kind::Hash) return ", pendant " + names[0];
    if (names.size() == 2) names[1] = "en " + names[1];
    if (!names.empty()) parts.insert(parts.begin(), "en " + listed(names, "et"));
    return ", " + listed(parts, "et");
}

std::string frenchDays(const DaySense& days) {
    const auto& [dates, weekdays, months, both] = days;
    if (dates.isAll() && weekdays.isAll()) return "";
    if (weekdays.isAll()) return onDates(dates, months);
    if (dates.isAll()) return onWeekdays(weekdays, months);
    if (both) return onDates(dates, months) + ", si c'est " + anyWeekday(weekdays);
    return onDates(dates, months) + " et " + onWeekdays(weekdays, months);
}

}  // namespace carillon
