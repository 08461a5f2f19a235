#pragma once

#include "store/ScheduleStore.h"

#include "Poco/Data/Session.h"

#include <string>
#include <vector>

namespace carillon {

/// See ScheduleStore::renewLeases(). Inside a transaction of the caller, who passes on what the database throws.
/// `owner`: the text of the process that holds the locks.
LeaseFindings renewLeases(Poco::Data::Session& session, const std::vector<RunIdentity>& runs, const std::string& owner,
                          TimePoint now);

}  // namespace carillon
