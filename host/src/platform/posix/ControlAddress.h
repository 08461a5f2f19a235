#pragma once

#include "platform/OpenFile.h"

#include <string>

namespace carillon {

/// The address of a socket. One in a deep folder is longer than an address may be: where the system has a shorter way
/// to it, that is taken, as long as this object lives.
class ControlAddress {
public:
    ControlAddress(const std::string& folder, const std::string& socket);

    const std::string& path() const { return _path; }

private:
    std::string _path;
    OpenFile _folder{};
};

}  // namespace carillon
