#include "api/Live.h"

namespace carillon {

void Live::runEnded(const RunIdentity& identity, const RunReport& report, TimePoint) {
    _jobs.ended(identity.job, identity.run, outcomeName(report.outcome), report.message);
}

void Live::runLogged(const std::string& job, const std::string& run, Poco::Message::Priority level, Poco::Timestamp at,
                     const std::string& text) {
    _log.add(std::make_shared<LiveLine>(job, run, level, at, text));
}

void Live::runProgressed(const std::string& job, const std::string& run, std::uint64_t done, std::uint64_t total,
                         const std::string& what) {
    _jobs.progressed(job, run, done, total, what);
}

}  // namespace carillon
