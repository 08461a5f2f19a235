#include "logs/LoggingSection.h"

#include "words/HostTexts.h"

#include "Poco/Exception.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace carillon {
namespace {

/// What is expected where Poco only says that something else is not. What has a point in it is a key; the others are
/// names of properties.
constexpr std::pair<std::string_view, const char*> kExpected[] = {
    {"FileChannel", "path, rotation, archive, times, compress, purgeAge, purgeCount, flush, rotateOnOpen"},
    {"FileChannel.rotation", "logging.rotation"},
    {"FileChannel.archive", "logging.archive"},
    {"FileChannel.times", "logging.times"},
    {"FileChannel.purgeCount", "logging.purgecount"},
    {"FileChannel.purgeAge", "logging.purgeage"},
    {"SimpleFileChannel", "path, secondaryPath, rotation, flush"},
    {"ConsoleChannel", "formatter, pattern"},
    {"NullChannel", "logging.noproperty"},
    {"AsyncChannel", "channel, priority, queueSize"},
    {"AsyncChannel.priority", "logging.priority"},
    {"AsyncChannel.queueSize", "logging.queuesize"},
    {"SplitterChannel", "channels"},
    {"SyslogChannel", "name, facility, options"},
    {"PatternFormatter", "pattern, times"},
    {"LineFormatter", "logging.noproperty"},
    {"JsonLineFormatter", "logging.noproperty"},
};

/// Empty: that is not known.
Message expectedOf(std::string_view name) {
    const auto* const found =
        std::find_if(std::begin(kExpected), std::end(kExpected), [name](const auto& one) { return one.first == name; });
    if (found == std::end(kExpected)) return {};
    const std::string_view text = found->second;
    return text.find('.') == std::string_view::npos ? Message(text) : sayHost(found->second);
}

Message sayRefused(const std::string& className, const std::string& property, const std::string& value,
                   const std::string& why) {
    Message::Values values{{"given", value}, {"why", why}, {"class", className}};
    Message exact = expectedOf(className + "." + property);
    const char* key = exact.empty() ? "logging.refusedclass" : "logging.refusedas";
    if (exact.empty()) exact = expectedOf(className);
    if (exact.empty()) return sayHost("logging.refused", values);
    values.emplace_back("expected", std::move(exact));
    return sayHost(key, values);
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
    fault(name, sayHost("fault.unset", {{"given", entry.value}}));
    return "";
}

std::string LoggingSection::takeClass(const Message& expected) {
    if (!has("class")) missing("class", expected);
    return take("class");
}

LoggingSection LoggingSection::takeSection(const std::string& name) {
    std::erase_if(_names, [&name](const auto& rest) { return rest.starts_with(name + "."); });
    return {_source, _prefix + name + ".", _faults};
}

void LoggingSection::fault(const std::string& name, Message problem) {
    _faults.push_back(_source.faultOf(_prefix + name, std::move(problem)));
}

void LoggingSection::unexpected(const std::string& name, const std::string& given, const Message& expected) {
    fault(name, sayHost("fault.unexpected", {{"given", given}, {"expected", expected}, {"hint", ""}}));
}

void LoggingSection::missing(const std::string& name, const Message& expected) {
    fault(name, sayHost("logging.missing", {{"expected", expected}}));
    int& line = _faults.back().line;
    if (line > 0) return;
    for (const auto& [key, entry] : _source.entries())
        if ((key + ".").starts_with(_prefix) && entry.rowFile.empty() && entry.line > 0 &&
            (line == 0 || entry.line < line))
            line = entry.line;
}

void LoggingSection::refuseRest(const Message& expected) {
    for (const auto& name : _names) fault(name, sayHost("logging.unknown", {{"expected", expected}}));
    _names.clear();
}

Message oneOf(const std::set<std::string>& names) {
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
    return list.empty() ? sayHost("logging.ofnone") : sayHost("wanted.choice", {{"known", list}});
}

void setProperties(Poco::Configurable& object, const std::string& className, LoggingSection& section) {
    for (const auto& property : std::set(section.names())) {
        const std::string value = section.take(property);
        if (value.empty()) continue;  // a fault already
        try {
            object.setProperty(property, value);
        } catch (const Poco::Exception& e) {
            section.fault(property, sayRefused(className, property, value, e.displayText()));
        }
    }
}

}  // namespace carillon
