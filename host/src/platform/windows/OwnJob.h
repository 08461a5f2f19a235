#pragma once

#include "windows/System.h"

namespace carillon {

/// A job of this process, inside the one in which its host has put it: what this process starts from now on is in it
/// too. No process can leave one, so there is one as long as it lives. Null when the system refuses. Any thread.
HANDLE ownJob();

}  // namespace carillon
