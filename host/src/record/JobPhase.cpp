#include "record/JobPhase.h"

#include <array>
#include <cstddef>

namespace carillon {

std::string_view jobPhaseName(JobPhase phase) {
    constexpr std::array<std::string_view, 8> kPhases{"faulty",  "running",  "paused", "disabled",
                                                      "waiting", "retrying", "manual", "idle"};
    return kPhases[static_cast<std::size_t>(phase)];
}

}  // namespace carillon
