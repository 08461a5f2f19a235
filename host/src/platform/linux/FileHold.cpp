#include "platform/FileHold.h"

#include <fcntl.h>

namespace carillon {

/// Only with O_PATH: to close any other descriptor of the file would free the locks that the process has on it.
FileHold::FileHold(const std::string& path) : _place(::open(path.c_str(), O_PATH | O_CLOEXEC)) {
    std::error_code ignored;
    const auto facts = _place ? _place.facts(ignored) : std::nullopt;
    if (facts) _file = facts->identity;
}

bool FileHold::isAt(const std::string& path) const {
    const auto found = factsOf(path);
    return found && _file == found->identity;
}

}  // namespace carillon
