#include "platform/User.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
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

User userOfThisProcess() {
    return {::geteuid()};
}

bool becomeOwnerOf(const std::string& folder) {
    struct stat facts {};
    if (::geteuid() != 0 || ::stat(folder.c_str(), &facts) != 0 || facts.st_uid == 0) return false;
    const bool isOther = ::setgroups(0, nullptr) == 0 && ::setgid(facts.st_gid) == 0 && ::setuid(facts.st_uid) == 0;
    if (!isOther) std::_Exit(EXIT_FAILURE);  // half of the rights are gone
    return true;
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
