#pragma once

#include <sys/types.h>

namespace carillon {

/// Who gave the command: with sudo, the one who called that.
uid_t callingUser();

}  // namespace carillon
