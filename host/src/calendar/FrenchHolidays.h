#pragma once

#include <chrono>
#include <string_view>
#include <vector>

namespace carillon {

/// A day on which nobody works, and its name. `name` is a constant of the program.
struct Holiday {
    std::chrono::local_days day{};
    std::string_view name{};

    bool operator==(const Holiday&) const = default;
};

/// Where in France.
enum class FrenchRegion {
    Interior,       ///< The eleven days of article L3133-1 of the Code du travail.
    AlsaceMoselle,  ///< Those, Good Friday and 26 December: Haut-Rhin, Bas-Rhin and Moselle (article L3134-13).
};

/// Easter Sunday of a Gregorian year, 1583 or later.
std::chrono::local_days easterOf(std::chrono::year year);

/// The public holidays of a year by the rules of today, in French, in their order. Two may be on one day, as Ascension
/// and 1 or 8 May: the one that is fixed comes first.
std::vector<Holiday> frenchHolidays(std::chrono::year year, FrenchRegion region);

}  // namespace carillon
