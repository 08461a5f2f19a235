#pragma once

#include "Poco/Logger.h"

#include <string>

namespace carillon {

/// The log of the host itself: events as lines on stderr, where its service manager keeps them. Safe from any thread.
Poco::Logger& hostLog();

/// From now on to carillon.host.log in that folder, rotated like the log of a job: a daemon has no stderr.
void logHostToFile(const std::string& logsDir);

}  // namespace carillon
