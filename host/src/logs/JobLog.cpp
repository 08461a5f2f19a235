#include "logs/JobLog.h"

#include "carillon/Failure.h"
#include "logs/ChannelBuilder.h"
#include "logs/LoggingSection.h"
#include "logs/LostLines.h"
#include "words/HostTexts.h"

#include "Poco/Channel.h"
#include "Poco/Exception.h"
#include "Poco/Logger.h"
#include "Poco/Path.h"

#include <optional>
#include <utility>

namespace carillon {
namespace {

/// What the `logging.*` keys of a job describe, and every fault of them. Opens no file.
struct LogSetup {
    /// The channels borrow `lost`.
    LogSetup(const JobConfig& job, const std::string& logsDir, LostLines& lost);

    /// What the job's lines are written to; null after a fault.
    BuiltChannel root{};
    int level = Poco::Message::PRIO_INFORMATION;
    /// What has to be closed, each after the targets that it writes to.
    std::vector<Poco::Channel::Ptr> created{};
    std::vector<ConfigFault> faults{};
};

constexpr char kLevels[] = "none, fatal, critical, error, warning, notice, information, debug, trace";

struct Logger {
    int level = Poco::Message::PRIO_INFORMATION;
    std::optional<BuiltChannel> channel{};  ///< Empty: no key names one.
};

int takeLevel(LoggingSection& section) {
    const std::string given = section.take("level");
    try {
        if (!given.empty()) return Poco::Logger::parseLevel(given);
    } catch (const Poco::Exception&) {
        section.unexpected("level", given, sayHost("wanted.choice", {{"known", kLevels}}));
    }
    return Poco::Message::PRIO_INFORMATION;
}

Logger buildLogger(LoggingSection& section, ChannelBuilder& channels) {
    Logger logger;
    logger.level = takeLevel(section);
    if (section.has("channel"))
        logger.channel = channels.takeNamed(section);
    else if (const auto inPlace = section.takeSection("channel"); !inPlace.empty())
        logger.channel = channels.build(inPlace);
    section.refuseRest(sayHost("logging.keysoflogger"));
    return logger;
}

/// The job writes with the root logger; others are only checked.
Logger buildLoggers(LoggingSection loggers, ChannelBuilder& channels) {
    Logger root;
    for (const auto& name : loggers.sections()) {
        LoggingSection section = loggers.takeSection(name);
        const bool isRoot = name == "root" && !section.has("name");
        if (!isRoot && section.take("name").empty()) section.missing("name", sayHost("logging.loggername"));
        const Logger logger = buildLogger(section, channels);
        if (isRoot) root = logger;
    }
    if (!root.channel && !channels.names().empty())
        loggers.fault("root.channel", sayHost("logging.missing", {{"expected", oneOf(channels.names())}}));
    return root;
}

LogSetup::LogSetup(const JobConfig& job, const std::string& logsDir, LostLines& lost) {
    LoggingSection logging(job.source, "logging.", faults);
    const FormatterBuilder formatters(logging.takeSection("formatters"));
    const Poco::Path folder = Poco::Path(logsDir).makeAbsolute().makeDirectory();
    ChannelBuilder channels(logging.takeSection("channels"), formatters, Poco::Path(folder, job.name + ".log"), lost);
    const Logger logger = buildLoggers(logging.takeSection("loggers"), channels);
    logging.refuseRest(sayHost("logging.sections"));
    level = logger.level;
    root = logger.channel.value_or(BuiltChannel{});
    if (!root.channel && faults.empty()) root = channels.buildDefault();
    created = channels.takeCreated();
}

}  // namespace

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
    if (!faults.empty()) throw Failure(faults.front().message());
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

std::shared_ptr<JobLog> JobLogs::open(const JobRef& ref, const JobConfig& job, const std::string& logsDir) {
    const std::lock_guard lock(_mutex);
    std::shared_ptr<JobLog> log;
    if (const auto place = _places.find(job.name); place != _places.end()) {
        const Kept& kept = *place->second;
        if (kept.file == ref.file || kept.log.use_count() > 1) {
            _kept.splice(_kept.begin(), _kept, place->second);
            return kept.log;
        }
        _kept.erase(place->second);
        _places.erase(place);
    } else if (const auto used = _inUse.find(job.name); used != _inUse.end()) {
        log = used->second.lock();
        _inUse.erase(used);
    }
    if (!log) log = std::make_shared<JobLog>(job, logsDir);
    _kept.push_front({job.name, ref.file, log});
    _places[job.name] = _kept.begin();
    if (_kept.size() > kKept) {
        Kept& last = _kept.back();
        if (last.log.use_count() > 1) _inUse[last.job] = last.log;
        _places.erase(last.job);
        _kept.pop_back();
    }
    return log;
}

}  // namespace carillon
