#include "logs/LogSetup.h"

#include "logs/FormatterBuilder.h"
#include "logs/LoggingSection.h"

#include "Poco/Exception.h"
#include "Poco/Logger.h"
#include "Poco/Path.h"

#include <optional>

namespace carillon {
namespace {

constexpr char kLevels[] = "one of none, fatal, critical, error, warning, notice, information, debug, trace";

struct Logger {
    int level = Poco::Message::PRIO_INFORMATION;
    std::optional<BuiltChannel> channel{};  ///< Empty: no key names one.
};

int takeLevel(LoggingSection& section) {
    const std::string given = section.take("level");
    try {
        if (!given.empty()) return Poco::Logger::parseLevel(given);
    } catch (const Poco::Exception&) {
        section.fault("level", " = " + given + ", expected " + kLevels);
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
    section.refuseRest("name, channel or level");
    return logger;
}

/// The job writes with the root logger; others are only checked.
Logger buildLoggers(LoggingSection loggers, ChannelBuilder& channels) {
    Logger root;
    for (const auto& name : loggers.sections()) {
        LoggingSection section = loggers.takeSection(name);
        const bool isRoot = name == "root" && !section.has("name");
        if (!isRoot && section.take("name").empty())
            section.missing("name", "the name of a logger; the job's own is logging.loggers.root");
        const Logger logger = buildLogger(section, channels);
        if (isRoot) root = logger;
    }
    if (!root.channel && !channels.names().empty())
        loggers.fault("root.channel", " is missing, expected " + oneOf(channels.names()));
    return root;
}

}  // namespace

LogSetup::LogSetup(const JobConfig& job, const std::string& logsDir, LostLines& lost) {
    LoggingSection logging(job.source, "logging.", faults);
    const FormatterBuilder formatters(logging.takeSection("formatters"));
    const Poco::Path folder = Poco::Path(logsDir).makeAbsolute().makeDirectory();
    ChannelBuilder channels(logging.takeSection("channels"), formatters, Poco::Path(folder, job.name + ".log"), lost);
    const Logger logger = buildLoggers(logging.takeSection("loggers"), channels);
    logging.refuseRest("one below logging.channels, .formatters or .loggers");
    level = logger.level;
    root = logger.channel.value_or(BuiltChannel{});
    if (!root.channel && faults.empty()) root = channels.buildDefault();
    created = channels.takeCreated();
}

}  // namespace carillon
