#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace carillon {

/// How many characters to insert, delete or replace to make b of a.
std::size_t editDistance(std::string_view a, std::string_view b);

/// The name that looks most like `wanted`; empty when none does.
template <typename Names>
std::string nearestOf(std::string_view wanted, const Names& names) {
    std::string nearest;
    std::size_t best = std::max<std::size_t>(3, wanted.size() / 4);
    for (const std::string& known : names) {
        const std::size_t distance = editDistance(wanted, known);
        if (distance < best) {
            best = distance;
            nearest = known;
        }
    }
    return nearest;
}

}  // namespace carillon
