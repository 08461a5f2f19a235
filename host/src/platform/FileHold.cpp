#include "platform/FileHold.h"

namespace carillon {

/// Without a descriptor, which only Linux can have without harm to locks: as long as somebody has the file open, its
/// identity is its own.
FileHold::FileHold(const std::string& path) {
    if (const auto facts = factsOf(path)) _file = facts->identity;
}

bool FileHold::isAt(const std::string& path) const {
    const auto found = factsOf(path);
    return found && _file == found->identity;
}

}  // namespace carillon
