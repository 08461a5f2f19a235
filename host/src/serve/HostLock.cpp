#include "serve/HostLock.h"

#include "carillon/TrustedPath.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace carillon {

HostLock::HostLock(const std::string& stateDir, const std::string& self) {
    const std::string path = stateDir + "/carillon.lock";
    TrustedPath file = trustedPathInFolders(path, O_RDWR | O_CREAT, 0640);
    if (!file.refusal().empty()) throw Poco::FileException(path + ": " + file.refusal());
    if (!file)
        throw Poco::FileException(path + ": " + std::strerror(file.error()) +
                                  "; give this user write access to its folder, or set state.dir to another one");
    _file = file.take();
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

}  // namespace carillon
