#pragma once

#include "Poco/Logger.h"

namespace carillon {

/// The log of the host itself: events as lines on stderr, where its service manager keeps them. Safe from any thread.
Poco::Logger& hostLog();

}  // namespace carillon
