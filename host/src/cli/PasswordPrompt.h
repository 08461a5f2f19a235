#pragma once

#include <string>

namespace carillon {

/// A new password: on a terminal asked for twice, unseen, on stderr; else the first line of stdin. Throws UsageError
/// when there is none, when the two differ, or when it is too weak.
std::string readNewPassword(const std::string& user);

}  // namespace carillon
