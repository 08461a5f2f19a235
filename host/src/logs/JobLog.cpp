#include "logs/JobLog.h"

#include "logs/LogSetup.h"
#include "logs/LostLines.h"

#include "Poco/Exception.h"

#include <utility>

namespace carillon {

struct JobLog::Channels {
    Channels(const JobConfig& job, const std::string& logsDir, SteadyNow now)
        : lost(job.name, std::move(now)), setup(job, logsDir, lost) {}
    /// An AsyncChannel hands on what waits in it, so it is closed before the targets, which are older than it is.
    ~Channels() {
        for (auto channel = setup.created.rbegin(); channel != setup.created.rend(); ++channel) (*channel)->close();
    }
    Channels(const Channels&) = delete;
    Channels& operator=(const Channels&) = delete;

    LostLines lost;
    LogSetup setup;
};

JobLog::JobLog(const JobConfig& job, const std::string& logsDir, SteadyNow now)
    : _channels(std::make_unique<Channels>(job, logsDir, std::move(now))) {
    const auto& faults = _channels->setup.faults;
    if (!faults.empty()) throw Poco::InvalidArgumentException(faults.front().sentence());
}

JobLog::~JobLog() = default;

std::vector<ConfigFault> JobLog::check(const JobConfig& job, const std::string& logsDir) {
    LostLines none(job.name, {});
    return LogSetup(job, logsDir, none).faults;
}

void JobLog::write(const std::string& run, Poco::Message::Priority level, Poco::Timestamp at,
                   const std::string& text) noexcept {
    if (level > _channels->setup.level) return;
    try {
        Poco::Message message(std::string(), text, level);
        message.setTime(at);
        if (!run.empty()) message.set("run", run);
        _channels->setup.root.channel->log(message);
    } catch (...) {  // no memory for the message: what a channel throws ends in its GuardedChannel
    }
}

int JobLog::level() const noexcept {
    return _channels->setup.level;
}

std::string JobLog::path() const {
    return _channels->setup.root.path;
}

std::uint64_t JobLog::failures() const noexcept {
    return _channels->lost.count();
}

}  // namespace carillon
