#pragma once

#include "carillon/Clock.h"
#include "record/Activity.h"
#include "record/RunListener.h"
#include "store/ActivityLog.h"

#include "Poco/Logger.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace carillon {

/// Writes what people do with a host into its activity log, on a thread of its own: nobody who acts waits for the
/// store, and nothing that they do fails with it. While it fails, what was done waits in memory, so much at most; what
/// does not reach the store is a line of the host's log. Any thread; borrows clock and log.
class ActivityDesk final : public ActivityRecorder, public RunListener {
public:
    static constexpr std::size_t kMostWaiting = 1'000;
    /// Sources that one minute's refusals of strangers are told apart by.
    static constexpr std::size_t kMostStrangers = 20;

    ActivityDesk(std::string stateDir, const ActivityKeeping& keeping, const Clock& clock, Poco::Logger& log);
    ActivityDesk(const ActivityDesk&) = delete;
    ActivityDesk& operator=(const ActivityDesk&) = delete;
    ~ActivityDesk() override;

    void start();
    /// What waits is written, or becomes lines of the log.
    void stop();
    /// Goes on with another span.
    void keepFor(std::chrono::milliseconds span);

    /// Now.
    void record(Activity activity) noexcept override;
    void pauseEnded(const std::string& job, const Pause& pause) override;

private:
    using Steady = std::chrono::steady_clock;

    void add(Activity activity);
    void foldStranger(Activity& activity);
    void run();
    std::optional<std::vector<Activity>> take();
    bool write(const std::vector<Activity>& activities);
    void keepHouse();
    void tellLost(const Activity& activity) const;

    const std::string _stateDir;
    const Clock& _clock;
    Poco::Logger& _log;
    std::mutex _mutex;  // of what follows
    std::condition_variable _changed;
    ActivityKeeping _keeping;
    std::deque<Activity> _waiting{};
    TimePoint _minute{};                                         // since then
    std::set<std::pair<std::string, std::string>> _strangers{};  // addresses and names that were tried
    bool _keepingChanged = false;
    bool _ending = false;

    // Of the desk's thread.
    std::optional<ActivityLog> _store{};
    Steady::time_point _nextTrim{};
    bool _storeFails = false;

    std::thread _thread{};
};

}  // namespace carillon
