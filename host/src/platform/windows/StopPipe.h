#pragma once

#include "windows/System.h"

namespace carillon {

/// The pipe by which a process is asked to end its run; what is sent is the number of the user who wants it
/// (User.h). Only the process's own user, administrators and the system can write to it.
std::wstring stopPipeOf(int process);

}  // namespace carillon
