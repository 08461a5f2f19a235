#include "serve/HostLog.h"

#include "logs/JobLog.h"
#include "logs/LineFormatter.h"

#include "Poco/AutoPtr.h"
#include "Poco/ConsoleChannel.h"
#include "Poco/FormattingChannel.h"

#include <iostream>

namespace carillon {

namespace {

/// The default log of a job with a name that no job can have.
class HostFile final : public Poco::Channel {
public:
    explicit HostFile(const std::string& logsDir) : _log(named("carillon.host"), logsDir) {}

    void log(const Poco::Message& message) override {
        _log.write("", message.getPriority(), message.getTime(), message.getText());
    }

private:
    static JobConfig named(const char* name) {
        JobConfig config;
        config.name = name;
        return config;
    }

    JobLog _log;
};

}  // namespace

void logHostToFile(const std::string& logsDir) {
    hostLog().setChannel(Poco::AutoPtr<Poco::Channel>(new HostFile(logsDir)));
}

Poco::Logger& hostLog() {
    static Poco::Logger& log = [&]() -> Poco::Logger& {
        const Poco::AutoPtr<Poco::Channel> console(new Poco::ConsoleChannel(std::cerr));
        const Poco::AutoPtr<Poco::Formatter> formatter(new LineFormatter);
        const Poco::AutoPtr<Poco::Channel> lines(new Poco::FormattingChannel(formatter, console));
        return Poco::Logger::create("carillon.host", lines, Poco::Message::PRIO_INFORMATION);
    }();
    return log;
}

}  // namespace carillon
