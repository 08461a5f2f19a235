#include "serve/HostLock.h"

#include "shared/TrustedPath.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace carillon {

HostLock::HostLock(const std::string& stateDir, const std::string& self)
    : _stateDir(stateDir), _path(stateDir + "/carillon.lock"), _self(self) {
    take();
}

void HostLock::take() {
    TrustedPath trusted = trustedPathInFolders(_path, O_RDWR | O_CREAT, 0640);
    if (!trusted.refusal().empty()) throw Poco::FileException(_path + ": " + trusted.refusal());
    if (!trusted)
        throw Poco::FileException(_path + ": " + std::strerror(trusted.error()) +
                                  "; give this user write access to its folder, or set state.dir to another one");
    const int file = trusted.take();
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        std::array<char, 512> holder{};
        const bool known = ::pread(file, holder.data(), holder.size() - 1, 0) > 0;
        ::close(file);
        throw HostRunsAlready(_stateDir + " is in use by " + (known ? holder.data() : "another host") +
                              "; end that one first, or set state.dir to another folder");
    }
    if (_file >= 0) ::close(_file);
    _file = file;
    writeName();
}

/// What a holder wrote that is gone is no longer so. Not being able to write costs only the name.
void HostLock::writeName() const {
    if (::ftruncate(_file, 0) == 0) [[maybe_unused]]
        const auto written = ::pwrite(_file, _self.data(), _self.size(), 0);
}

bool HostLock::isInPlace() const {
    struct stat held {};
    struct stat found {};
    return ::fstat(_file, &held) == 0 && ::stat(_path.c_str(), &found) == 0 && found.st_dev == held.st_dev &&
           found.st_ino == held.st_ino;
}

HostLock::Look HostLock::look() {
    _problem.clear();
    if (isInPlace()) return Look::Held;
    try {
        take();
        return Look::Restored;
    } catch (const HostRunsAlready& e) {
        _problem = "this host has lost the lock of its state and ends: " + e.message();
        return Look::Lost;
    } catch (const Poco::FileException& e) {
        _problem = "this host cannot hold the lock of its state: " + e.message();
        return Look::Failed;
    }
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
