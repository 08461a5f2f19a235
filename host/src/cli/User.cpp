#include "cli/User.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace carillon {

uid_t callingUser() {
    const char* const text = std::getenv("SUDO_UID");
    uid_t user = 0;
    if (text == nullptr) return ::getuid();
    const char* const end = text + std::strlen(text);
    const auto [stop, error] = std::from_chars(text, end, user);
    return error == std::errc() && stop == end ? user : ::getuid();
}

}  // namespace carillon
