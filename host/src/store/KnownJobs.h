#pragma once

#include "carillon/Clock.h"

#include "Poco/Data/Session.h"

#include <map>
#include <string>
#include <vector>

namespace carillon {

/// The table job_known: since when a success is expected of a job (job.expect.success_within). It counts until the job
/// has one. All pass on what the database throws.
/// Invariant: a row is made once and keeps its time, so that no restart of a host lets the time begin anew; it goes
/// when nothing is expected of the job any more.
std::map<std::string, TimePoint> readKnownJobs(Poco::Data::Session& session);

/// Inside a transaction of the caller. Of a job that is known already nothing changes.
void addKnownJobs(Poco::Data::Session& session, const std::vector<std::string>& jobs, TimePoint now);
void removeKnownJobs(Poco::Data::Session& session, const std::vector<std::string>& jobs);

}  // namespace carillon
