#pragma once

#include "alerts/JobTroubles.h"
#include "config/Configuration.h"
#include "pages/Wording.h"
#include "scheduler/HostActions.h"

#include <string>
#include <vector>

namespace carillon {

/// Something that needs a person.
struct Alarm {
    std::string what{};    ///< One sentence.
    std::string todo{};    ///< One sentence.
    std::string detail{};  ///< As the host itself says it, in English; may be empty.
    std::string path{};    ///< Where to look; may be empty.
};

/// What of the host needs a person. `usersFault`: see AccessControl::fault().
std::vector<Alarm> alarmsOfHost(const Reader& reader, const HostState& state, const Configuration& configuration,
                                const std::string& usersFault);

/// What of these jobs does, but for failed runs, which the overview has.
std::vector<Alarm> alarmsOfJobs(const Reader& reader, const std::vector<JobTrouble>& troubles);

}  // namespace carillon
