#include "config/AlertKind.h"

namespace carillon {

std::string_view nameOf(AlertKind kind) {
    switch (kind) {
        case AlertKind::Failed:
            return "failed";
        case AlertKind::Recovered:
            return "recovered";
        case AlertKind::Missed:
            return "missed";
        case AlertKind::Rejects:
            return "rejects";
        case AlertKind::Backlog:
            return "backlog";
        case AlertKind::Host:
            return "host";
    }
    return "failed";
}

std::optional<AlertKind> enumOf<AlertKind>(std::string_view name) {
    for (const auto kind : kAlertKinds)
        if (nameOf(kind) == name) return kind;
    return std::nullopt;
}

}  // namespace carillon
