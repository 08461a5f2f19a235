#pragma once

#include "access/WebAccess.h"
#include "config/Configuration.h"

#include <cstddef>
#include <string>
#include <vector>

namespace carillon {

/// Part of all jobs, in the order of files and names.
struct JobNames {
    std::vector<std::string> names{};
    std::string last{};  ///< The name that others follow; empty: none does.
};

/// Those that the caller may see after the one called `after`, `most` at most.
JobNames visibleJobs(const Caller& caller, const Configuration& configuration, const std::string& after,
                     std::size_t most);

}  // namespace carillon
