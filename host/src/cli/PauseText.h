#pragma once

#include "carillon/Clock.h"
#include "config/HostConfig.h"
#include "record/Pause.h"

#include <map>
#include <string>

namespace carillon {

/// `by anna since 12:05:00 +01:00, 4 min ago, until 18:00:00 +01:00, in 5 h: travaux sur la base`, for the end of a
/// sentence that says what is paused; empty: an earlier version's, which noted nothing.
std::string describe(const Pause& pause, TimePoint now);

/// The sentence, on stderr.
void printPause(const std::string& job, const Pause& pause, TimePoint now);

/// Of the jobs that are paused, by job; none where there is no store yet, or it fails: `status` tells that.
std::map<std::string, Pause> readPauses(const HostConfig& host);

}  // namespace carillon
