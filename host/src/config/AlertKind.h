#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace carillon {

/// What people are alerted to. The names are stored in alert.kind.
enum class AlertKind : std::uint8_t { Failed, Recovered, Missed, Rejects, Backlog, Host };

inline constexpr AlertKind kAlertKinds[] = {AlertKind::Failed,  AlertKind::Recovered, AlertKind::Missed,
                                            AlertKind::Rejects, AlertKind::Backlog,   AlertKind::Host};

/// `failed`, `recovered`, `missed`, `rejects`, `backlog`, `host`.
std::string_view alertKindName(AlertKind kind);
std::optional<AlertKind> alertKindOf(std::string_view name);

}  // namespace carillon
