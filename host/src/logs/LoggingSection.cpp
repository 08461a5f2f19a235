#include "logs/LoggingSection.h"

#include "Poco/Exception.h"

#include <map>
#include <utility>

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

LoggingSection::LoggingSection(const ConfigSource& source, std::string prefix, std::vector<ConfigFault>& faults)
    : _source(source), _prefix(std::move(prefix)), _faults(faults) {
    for (const auto& [key, entry] : source.entries())
        if (key.starts_with(_prefix) && !entry.value.empty()) _names.insert(key.substr(_prefix.size()));
}

std::set<std::string> LoggingSection::sections() const {
    std::set<std::string> sections;
    for (const auto& name : _names) sections.insert(name.substr(0, name.find('.')));
    return sections;
}

std::string LoggingSection::take(const std::string& name) {
    if (_names.erase(name) == 0) return "";
    const auto& entry = *_source.find(_prefix + name);
    if (!entry.rowFile.empty() || entry.value.find("${") == std::string::npos) return entry.value;
    fault(name, " = " + entry.value + ", which names a variable that is not set");
    return "";
}

std::string LoggingSection::takeClass(std::string_view expected) {
    if (!has("class")) missing("class", expected);
    return take("class");
}

LoggingSection LoggingSection::takeSection(const std::string& name) {
    std::erase_if(_names, [&name](const auto& rest) { return rest.starts_with(name + "."); });
    return {_source, _prefix + name + ".", _faults};
}

void LoggingSection::fault(const std::string& name, std::string problem) {
    _faults.push_back(_source.faultOf(_prefix + name, std::move(problem)));
}

void LoggingSection::missing(const std::string& name, std::string_view expected) {
    fault(name, " is missing, expected " + std::string(expected));
    int& line = _faults.back().line;
    if (line > 0) return;
    for (const auto& [key, entry] : _source.entries())
        if ((key + ".").starts_with(_prefix) && entry.rowFile.empty() && entry.line > 0 &&
            (line == 0 || entry.line < line))
            line = entry.line;
}

void LoggingSection::refuseRest(std::string_view expected) {
    for (const auto& name : _names) fault(name, " is not a known key, expected " + std::string(expected));
    _names.clear();
}

std::string oneOf(const std::set<std::string>& names) {
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
    return "one of " + (list.empty() ? "those of this file, which has none" : list);
}

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
