#include "calendar/FrenchHolidays.h"

#include <algorithm>

namespace carillon {

using namespace std::chrono;

// The algorithm of Meeus, Jones and Butcher, with its letters.
local_days easterOf(year inYear) {
    const int y = static_cast<int>(inYear);
    const int a = y % 19;
    const int b = y / 100;
    const int c = y % 100;
    const int d = b / 4;
    const int e = b % 4;
    const int f = (b + 8) / 25;
    const int g = (b - f + 1) / 3;
    const int h = (19 * a + b - d - g + 15) % 30;
    const int i = c / 4;
    const int k = c % 4;
    const int l = (32 + 2 * e + 2 * i - h - k) % 7;
    const int m = (a + 11 * h + 22 * l) / 451;
    const int n = h + l - 7 * m + 114;
    return local_days(inYear / month(static_cast<unsigned>(n / 31)) / day(static_cast<unsigned>(n % 31 + 1)));
}

std::vector<Holiday> frenchHolidays(year y, FrenchRegion region) {
    const local_days easter = easterOf(y);
    std::vector<Holiday> holidays{{local_days(y / January / 1), "Jour de l’an"},
                                  {local_days(y / May / 1), "Fête du Travail"},
                                  {local_days(y / May / 8), "Victoire 1945"},
                                  {local_days(y / July / 14), "Fête nationale"},
                                  {local_days(y / August / 15), "Assomption"},
                                  {local_days(y / November / 1), "Toussaint"},
                                  {local_days(y / November / 11), "Armistice 1918"},
                                  {local_days(y / December / 25), "Noël"},
                                  {easter + days(1), "Lundi de Pâques"},
                                  {easter + days(39), "Ascension"},
                                  {easter + days(50), "Lundi de Pentecôte"}};
    if (region == FrenchRegion::AlsaceMoselle) {
        holidays.push_back({easter - days(2), "Vendredi saint"});
        holidays.push_back({local_days(y / December / 26), "Saint-Étienne"});
    }
    std::stable_sort(holidays.begin(), holidays.end(),
                     [](const auto& one, const auto& other) { return one.day < other.day; });
    return holidays;
}

}  // namespace carillon
