#include "serve/HostLock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace carillon {

HostLock::HostLock(const std::string& stateDir, const std::string& self) {
    std::error_code ignored;  // shows at once below
    if (std::filesystem::create_directories(stateDir, ignored))
        std::filesystem::permissions(stateDir, std::filesystem::perms(0750), ignored);
    const std::string path = stateDir + "/carillon.lock";
    _file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (_file < 0)
        throw Poco::FileException(path + ": " + std::strerror(errno) +
                                  "; give this user write access to its folder, or set state.dir to another one");
    if (::flock(_file, LOCK_EX | LOCK_NB) != 0) {
        std::array<char, 512> holder{};
        const bool known = ::pread(_file, holder.data(), holder.size() - 1, 0) > 0;
        ::close(_file);
        throw HostRunsAlready(stateDir + " is in use by " + (known ? holder.data() : "another host") +
                              "; end that one first, or set state.dir to another folder");
    }
    // What a holder wrote that is gone is no longer so. Not being able to write costs only the name.
    if (::ftruncate(_file, 0) == 0) [[maybe_unused]]
        const auto written = ::pwrite(_file, self.data(), self.size(), 0);
}

HostLock::~HostLock() {
    ::close(_file);
}

bool HostLock::isHeld(const std::string& stateDir) {
    const int file = ::open((stateDir + "/carillon.lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const bool held = ::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(file);
    return held;
}

}  // namespace carillon
