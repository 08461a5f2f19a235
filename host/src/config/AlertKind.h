#pragma once

#include "base/EnumNames.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace carillon {

/// What people are alerted to. The names are stored in alert.kind.
enum class AlertKind : std::uint8_t {
    Failed,
    Recovered,
    Missed,
    Rejects,
    Backlog,
    Host,
    Slow,  ///< As those below: an ExpectationKind of the same name is not met.
    Fast,
    NoSuccess,
    Counter
};

inline constexpr AlertKind kAlertKinds[] = {
    AlertKind::Failed, AlertKind::Recovered, AlertKind::Missed, AlertKind::Rejects,   AlertKind::Backlog,
    AlertKind::Host,   AlertKind::Slow,      AlertKind::Fast,   AlertKind::NoSuccess, AlertKind::Counter};
template <>
inline constexpr std::array<std::string_view, 10> kEnumNames<AlertKind>{
    "failed", "recovered", "missed", "rejects", "backlog", "host", "slow", "fast", "no_success", "counter"};

}  // namespace carillon
