#pragma once

#include <string>

namespace carillon {

/// A new password: on a terminal asked for twice, unseen, on stderr; else the first line of stdin. `isNew`: so is the
/// user, which the question says. Throws UsageError when there is none, when the two differ, or when it is too weak.
std::string readNewPassword(const std::string& user, bool isNew);

}  // namespace carillon
