#include "platform/FileHold.h"

namespace carillon {

/// A file that somebody has open can neither be removed nor give its identity to another one.
FileHold::FileHold(const std::string& path) {
    if (const auto facts = factsOf(path)) _file = facts->identity;
}

bool FileHold::isAt(const std::string& path) const {
    const auto found = factsOf(path);
    return found && _file == found->identity;
}

}  // namespace carillon
