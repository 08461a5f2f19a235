#include "platform/NamePattern.h"

#include <fnmatch.h>

namespace carillon {

bool matchesPattern(const std::string& pattern, const std::string& text) {
    return ::fnmatch(pattern.c_str(), text.c_str(), FNM_NOESCAPE) == 0;
}

}  // namespace carillon
