#pragma once

#include "carillon/Clock.h"
#include "record/Run.h"

#include "Poco/Data/Session.h"

#include <vector>

namespace carillon {

/// Makes of each of these runs that has no end, and whose process is gone, what the next claim or the next start of its
/// host will record: failed, with that message. It has no time of its end. For who reads: the table is left as it is.
void tellVanished(Poco::Data::Session& session, std::vector<RunRow>& runs, TimePoint now);

}  // namespace carillon
