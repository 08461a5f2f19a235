#include "platform/User.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace carillon {

std::string User::name() const {
    std::array<char, 4096> text{};
    struct passwd entry {};
    struct passwd* found = nullptr;
    ::getpwuid_r(number, &entry, text.data(), text.size(), &found);
    return found != nullptr ? entry.pw_name : "#" + std::to_string(number);
}

User callingUser() {
    const char* const text = std::getenv("SUDO_UID");
    uid_t user = 0;
    if (text == nullptr) return {::getuid()};
    const char* const end = text + std::strlen(text);
    const auto [stop, error] = std::from_chars(text, end, user);
    return {error == std::errc() && stop == end ? user : ::getuid()};
}

}  // namespace carillon
