#pragma once

#include <sys/types.h>

#include <string>

namespace carillon {

/// Who gave the command: with sudo, the one who called that.
uid_t callingUser();

/// The user's name; without one the number.
std::string nameOfUser(uid_t user);

}  // namespace carillon
