#pragma once

#include "config/Configuration.h"
#include "record/Run.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// A line of a job's log, taken apart.
struct LogEntry {
    std::string time{};   ///< RFC 3339; empty, as are level and run: the line is of another form.
    std::string level{};  ///< See kLogLevels.
    std::string job{};
    std::string run{};  ///< May be `-`.
    std::string text{};
};

/// What lines are wanted.
struct LogQuery {
    std::string level{};  ///< This one or worse; empty: all.
    std::string text{};   ///< Those with it, see folded(); empty: all.
    std::size_t most = 200;
    TimePoint since{};         ///< From then on,
    TimePoint until = kNever;  ///< before that.
    std::string run{};         ///< Of this one; empty: of all.
};

/// Of any line.
LogEntry parseLogEntry(const std::string& job, const std::string& line);

/// A query, made ready for the lines of one log, which it has to see from the oldest on. A line of another form is
/// taken by any level; its time is that of the line before.
class LogFilter {
public:
    explicit LogFilter(const LogQuery& query);

    bool takes(const LogEntry& line) { return takes(line.time, line.level, line.run, line.text); }
    bool takes(std::string_view time, std::string_view level, std::string_view run, std::string_view text);

private:
    std::size_t _rank;
    std::string _text;
    std::string _since;  // as lines have it; empty: always
    std::string _until;
    std::string _run;
    std::string _last{};  // the time of the line before
};
inline bool takes(const LogQuery& query, const LogEntry& entry) {
    return LogFilter(query).takes(entry);
}

/// The file of a job's log; empty: it goes to none.
std::string logPathOf(const JobRef& job, const HostConfig& host);

/// What was found in the end of a log, oldest first.
struct LogFindings {
    std::vector<LogEntry> entries{};
    bool isCut = false;  ///< Fewer were found than were wanted, and the log has more lines than were looked at.
};

/// So much of the end of the logs is looked at for a page, however long they are: for all of its jobs together.
constexpr std::size_t kBytesLookedAt = 4'000'000;

/// The last lines of one job that the query takes. Looks at the last `bytes` of its log at most.
LogFindings lastLogEntries(const std::string& job, const std::string& path, const LogQuery& query,
                           std::size_t bytes = kBytesLookedAt);

/// The lines of one run, the last `most` of them. Reads the log from its end to the run's beginning, but no more than
/// `bytes`.
LogFindings logEntriesOf(const RunRow& run, const std::string& path, std::size_t most,
                         std::size_t bytes = kBytesLookedAt);

/// Those of several jobs in one, by time; the last `most` of them.
std::vector<LogEntry> mergeLogEntries(std::vector<LogEntry> entries, std::size_t most);

}  // namespace carillon
