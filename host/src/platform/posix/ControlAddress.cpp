#include "posix/ControlAddress.h"

namespace carillon {

ControlAddress::ControlAddress(const std::string&, const std::string& socket) : _path(socket) {}

}  // namespace carillon
