#pragma once

#include "config/JobConfig.h"
#include "config/JobFile.h"
#include "record/TaskMessage.h"

#include "Poco/Message.h"
#include "Poco/Timestamp.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace carillon {

/// The log of one job, built from its `logging.*` keys: Poco's own, but with channels, formatters and loggers that no
/// other job sees. Without a channel for the root logger it is `<logsDir>/JOB.log`, rotated at 10 MB, ten kept.
/// A relative path is relative to `logsDir`; a file is made when the first line is written, mode 0640, its folder 0750.
/// Safe from any thread; the destructor writes what waits in an AsyncChannel and closes.
class JobLog {
public:
    using SteadyNow = std::function<std::chrono::steady_clock::time_point()>;

    /// Throws Poco::InvalidArgumentException with the first of the faults that check() finds.
    JobLog(const JobConfig& job, const std::string& logsDir, SteadyNow now = &std::chrono::steady_clock::now);
    ~JobLog();
    JobLog(const JobLog&) = delete;
    JobLog& operator=(const JobLog&) = delete;

    /// Every fault of the `logging.*` keys. Opens no file.
    static std::vector<ConfigFault> check(const JobConfig& job, const std::string& logsDir);

    /// A line that cannot be written goes to stderr with the reason, at most one in 10 s; its channel is closed, and
    /// opened again for the next line. The run may be empty.
    void write(const std::string& run, Poco::Message::Priority level, Poco::Timestamp at,
               const std::string& text) noexcept;
    void write(const std::string& run, const LogMessage& line) noexcept {
        write(run, static_cast<Poco::Message::Priority>(line.level), line.at, line.text);
    }

    /// Lines above this Poco::Message::Priority are left out; 0: every line is.
    int level() const noexcept;
    /// The first file that the root logger reaches; empty: none.
    std::string path() const;
    /// Lines that a channel could not write so far.
    std::uint64_t failures() const noexcept;

private:
    struct Channels;
    std::unique_ptr<Channels> _channels;
};

/// The logs of the jobs that run: one for all runs of a job, since two would rotate one file against each other. The
/// last ones stay open, as a job that runs often would else build its log each time. Safe from any thread.
class JobLogs {
public:
    /// So many stay open beside those in use.
    static constexpr std::size_t kKept = 64;

    /// Throws Poco::InvalidArgumentException for faults of the `logging.*` keys. Runs that overlap share the log of the
    /// first, whatever a reload changed meanwhile.
    std::shared_ptr<JobLog> open(const JobRef& ref, const JobConfig& job, const std::string& logsDir);

private:
    struct Kept {
        std::string job{};
        std::shared_ptr<const JobFile> file{};  ///< Another one after a reload that changed it.
        std::shared_ptr<JobLog> log{};
    };
    using Kepts = std::list<Kept>;

    std::mutex _mutex;
    Kepts _kept;  ///< The one used last comes first.
    std::unordered_map<std::string, Kepts::iterator> _places;
    std::unordered_map<std::string, std::weak_ptr<JobLog>> _inUse;  ///< Of those that are not kept any longer.
};

}  // namespace carillon
