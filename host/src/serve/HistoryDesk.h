#pragma once

#include "carillon/Clock.h"
#include "record/Kept.h"
#include "store/Retention.h"

#include "Poco/Logger.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace carillon {

class RunStore;

/// What of a host's records is kept.
struct Keeping {
    HistoryKeeping history{};
    std::optional<std::chrono::milliseconds> logs{};  ///< Nothing: as each log is rotated.

    bool operator==(const Keeping&) const = default;
};

/// Deletes what is kept no longer of history, ledger and logs, on a thread of its own, and knows how much there is. Few
/// rows in one transaction, with a pause before the next, so that the scheduler never waits for it; what cannot be
/// deleted now is deleted later, and a line of the host's log tells of it once. Any thread; borrows clock and log.
class HistoryDesk {
public:
    /// Rows of a table that are deleted in one transaction.
    static constexpr std::size_t kPortion = 200;

    HistoryDesk(std::string stateDir, std::string logsDir, const Keeping& keeping, const Clock& clock,
                Poco::Logger& log);
    HistoryDesk(const HistoryDesk&) = delete;
    HistoryDesk& operator=(const HistoryDesk&) = delete;
    ~HistoryDesk();

    void start();
    void stop();
    /// Goes on with another keeping, and looks at once.
    void keep(const Keeping& keeping);

    /// Nothing: it has not looked yet.
    std::optional<Kept> kept() const;

private:
    using Steady = std::chrono::steady_clock;

    void run();
    /// False: this is the end, or another keeping.
    bool wait(std::chrono::milliseconds span);
    void look();
    void deleteRows(RunStore& store, const Keeping& keeping);
    void readExtents(RunStore& store, const Keeping& keeping);

    const std::string _stateDir;
    const std::string _logsDir;
    const Clock& _clock;
    Poco::Logger& _log;
    mutable std::mutex _mutex;  // of what follows
    std::condition_variable _changed;
    Keeping _keeping;
    std::optional<Kept> _kept{};
    bool _keepingChanged = false;
    bool _ending = false;

    // Of the desk's thread.
    std::unique_ptr<RunStore> _store;
    Steady::time_point _nextDeletion{};
    std::chrono::milliseconds _lookTook{};
    bool _fails = false;

    std::thread _thread{};
};

}  // namespace carillon
