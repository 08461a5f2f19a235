#include "cli/User.h"

#include <pwd.h>
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

std::string nameOfUser(uid_t user) {
    const passwd* const found = ::getpwuid(user);
    return found == nullptr ? "user " + std::to_string(user) : found->pw_name;
}

}  // namespace carillon
