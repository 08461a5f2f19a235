#pragma once

#include "api/LiveJobs.h"
#include "api/LiveLog.h"
#include "runner/RunObserver.h"
#include "scheduler/SchedulerListener.h"

namespace carillon {

/// Where a scheduler and its runs tell what happens, for who follows it on a page. Any thread.
class Live final : public SchedulerListener, public RunObserver {
public:
    LiveLog& log() { return _log; }
    LiveJobs& jobs() { return _jobs; }

    void runEnded(const RunIdentity& identity, const RunReport& report, TimePoint finishedAt) override;
    void runLogged(const std::string& job, const std::string& run, Poco::Message::Priority level, Poco::Timestamp at,
                   const std::string& text) override;
    void runProgressed(const std::string& job, const std::string& run, std::uint64_t done, std::uint64_t total,
                       const std::string& what) override;

private:
    LiveLog _log{};
    LiveJobs _jobs{};
};

}  // namespace carillon
