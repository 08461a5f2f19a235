#pragma once

#include "config/JobConfig.h"
#include "record/TaskMessage.h"

#include "Poco/Message.h"
#include "Poco/Timestamp.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
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

}  // namespace carillon
