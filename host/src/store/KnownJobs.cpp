#include "store/KnownJobs.h"

#include "store/Sql.h"

#include <string_view>

namespace carillon {
namespace {

constexpr std::string_view kSelectKnown = "SELECT job, since FROM job_known";

constexpr std::string_view kInsertKnown = R"sql(
    INSERT INTO job_known (job, since)
    SELECT ?, ? FROM (SELECT 1 AS one) AS once WHERE NOT EXISTS (SELECT 1 FROM job_known WHERE job = ?))sql";

constexpr std::string_view kDeleteKnown = "DELETE FROM job_known WHERE job = ?";

}  // namespace

std::map<std::string, TimePoint> readKnownJobs(Poco::Data::Session& session) {
    std::map<std::string, TimePoint> known;
    for (const auto& row : select<Poco::Tuple<std::string, Poco::Int64>>(session, kSelectKnown))
        known.emplace(row.get<0>(), fromMicros(row.get<1>()));
    return known;
}

void addKnownJobs(Poco::Data::Session& session, const std::vector<std::string>& jobs, TimePoint now) {
    for (const auto& job : jobs) execute(session, kInsertKnown, job, toMicros(now), job);
}

void removeKnownJobs(Poco::Data::Session& session, const std::vector<std::string>& jobs) {
    for (const auto& job : jobs) execute(session, kDeleteKnown, job);
}

}  // namespace carillon
