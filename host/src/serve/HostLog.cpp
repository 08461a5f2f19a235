#include "serve/HostLog.h"

#include "report/LineFormatter.h"

#include "Poco/AutoPtr.h"
#include "Poco/ConsoleChannel.h"
#include "Poco/FormattingChannel.h"

#include <iostream>

namespace carillon {

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
