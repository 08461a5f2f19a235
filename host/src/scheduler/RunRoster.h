#pragma once

#include "runner/RunTicket.h"
#include "scheduler/ScheduleBook.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace carillon {

/// The runs that are claimed and not over, and how many more there may be. One thread.
class RunRoster {
public:
    /// Beyond the seats, so many runs are claimed ahead, half of them at once at least: a seat that becomes free goes
    /// on without waiting for the store.
    static constexpr std::size_t kAhead = 64;

    struct Entry {
        std::string job{};
        std::string group{};
        RunIdentity identity{};
        std::shared_ptr<RunHandle> handle{};
    };

    void setLimits(std::size_t most, std::map<std::string, int> groupMost) {
        _most = most;
        _groupMost = std::move(groupMost);
    }

    /// Room for one more run. Free: it is kept for it until release().
    Room take(const std::string& group);
    /// What was taken is not kept any longer: the runs were added, or did not begin.
    void release();
    bool isGroupFull(const std::string& group) const;

    void add(Entry entry);
    void remove(const std::string& run);

    std::size_t size() const { return _runs.size(); }
    const std::map<std::string, Entry>& runs() const { return _runs; }
    /// The job's oldest run; null: it has none.
    const Entry* findRunOf(const std::string& job) const;
    void stopAll(const std::string& why) const;
    void stopJob(const std::string& job, const std::string& why) const;

private:
    std::size_t _most = 1;
    bool _filled = false;  ///< Until half of what is ahead has begun.
    std::map<std::string, int> _groupMost{};
    std::map<std::string, int> _groupRuns{};  ///< With what is taken.
    std::vector<std::string> _taken{};        ///< The groups of what is.
    std::map<std::string, Entry> _runs{};     ///< By run: their ids begin with their time.
};

}  // namespace carillon
