#pragma once

#include <string>
#include <vector>

namespace carillon {

/// What the resolver says of a name.
struct NameLookup {
    std::vector<std::string> addresses{};  ///< Of IPv4 and IPv6, as texts, in the order in which they are to be tried.
    std::string problem{};                 ///< Why there is none, in the system's words; empty: it has answered.
};

/// Asks it; takes its time. Any thread.
NameLookup lookUpName(const std::string& host);

}  // namespace carillon
