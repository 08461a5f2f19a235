#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>
#include <type_traits>

namespace carillon {

/// The one table of an enum's names, in the order of its values. They are stored, sent and shown: a name never changes,
/// and a new one goes to the end. Of each enum that has names:
///
///     template <>
///     inline constexpr std::array kEnumNames<JobPhase>{std::string_view("faulty"), …};
///
/// Where GCC for Windows makes it writable in one unit and not in another, which the linker refuses, the type is given.
template <class Enum>
inline constexpr std::array<std::string_view, 0> kEnumNames{};

template <class Enum>
concept NamedEnum = std::is_enum_v<Enum> && !kEnumNames<Enum>.empty();

template <NamedEnum Enum>
constexpr std::string_view nameOf(Enum value) {
    return kEnumNames<Enum>[static_cast<std::size_t>(value)];
}

/// Nothing when no value has that name.
template <NamedEnum Enum>
constexpr std::optional<Enum> enumOf(std::string_view name) {
    const auto& names = kEnumNames<Enum>;
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(std::distance(names.begin(), found));
}

}  // namespace carillon
