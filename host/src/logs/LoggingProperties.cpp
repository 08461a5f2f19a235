#include "logs/LoggingProperties.h"

#include "Poco/Exception.h"

#include <map>

namespace carillon {
namespace {

/// What is expected where Poco only says that something else is not.
std::string expectedOf(const std::string& className, const std::string& property) {
    static const std::map<std::string, std::string> kExpected = {
        {"FileChannel", "path, rotation, archive, times, compress, purgeAge, purgeCount, flush, rotateOnOpen"},
        {"FileChannel.rotation", "a size such as 10 M (below 2048 M), a time such as 00:00, daily, weekly or never"},
        {"FileChannel.archive", "number or timestamp"},
        {"FileChannel.times", "utc or local"},
        {"FileChannel.purgeCount", "a whole number above 0 or none"},
        {"FileChannel.purgeAge", "an age such as 30 days or none"},
        {"SimpleFileChannel", "path, secondaryPath, rotation, flush"},
        {"ConsoleChannel", "formatter, pattern"},
        {"NullChannel", "no property"},
        {"AsyncChannel", "channel, priority, queueSize"},
        {"AsyncChannel.priority", "one of lowest, low, normal, high, highest"},
        {"AsyncChannel.queueSize", "a whole number or none"},
        {"SplitterChannel", "channels"},
        {"SyslogChannel", "name, facility, options"},
        {"PatternFormatter", "pattern, times"},
        {"LineFormatter", "no property"},
        {"JsonLineFormatter", "no property"},
    };
    const auto exact = kExpected.find(className + "." + property);
    if (exact != kExpected.end()) return ", expected " + exact->second;
    const auto known = kExpected.find(className);
    return known == kExpected.end() ? "" : ", expected for a " + className + ": " + known->second;
}

}  // namespace

void setProperties(Poco::Configurable& object, const std::string& className, LoggingSection& section) {
    for (const auto& property : std::set(section.names())) {
        const std::string value = section.take(property);
        if (value.empty()) continue;  // a fault already
        try {
            object.setProperty(property, value);
        } catch (const Poco::Exception& e) {
            section.fault(property,
                          " = " + value + " is refused (" + e.displayText() + ")" + expectedOf(className, property));
        }
    }
}

}  // namespace carillon
