#include "posix/ControlAddress.h"

#include <fcntl.h>
#include <sys/un.h>

namespace carillon {

ControlAddress::ControlAddress(const std::string& folder, const std::string& socket) : _path(socket) {
    if (_path.size() < sizeof(sockaddr_un::sun_path)) return;
    _folder = OpenFile(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    _path = "/proc/self/fd/" + std::to_string(_folder.handle()) + socket.substr(folder.size());
}

}  // namespace carillon
