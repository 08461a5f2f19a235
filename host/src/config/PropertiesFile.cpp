#include "config/PropertiesFile.h"

#include "config/TextFile.h"

#include "Poco/AutoPtr.h"
#include "Poco/Exception.h"
#include "Poco/String.h"
#include "Poco/Util/LayeredConfiguration.h"
#include "Poco/Util/MapConfiguration.h"
#include "Poco/Util/PropertyFileConfiguration.h"
#include "Poco/Util/SystemConfiguration.h"

#include <cerrno>
#include <cstring>
#include <sstream>
#include <string_view>
#include <utility>

namespace carillon {
namespace {

bool continues(std::string_view line) {
    const auto last = line.find_last_not_of('\\');
    return (line.size() - (last == std::string::npos ? 0 : last + 1)) % 2 == 1;
}

/// The line of each key, which Poco's parser does not keep; it takes the same lines for keys as that parser does.
std::map<std::string, int> findKeyLines(const std::string& path, const std::string& text,
                                        std::vector<ConfigFault>& faults) {
    std::map<std::string, int> lines;
    bool continued = false;
    std::size_t at = 0;
    for (int number = 1; at < text.size(); ++number) {
        const std::string line(takeLine(text, at));
        const bool begins = !continued;
        const std::string trimmed = Poco::trim(line);
        const bool comment = begins && (trimmed.starts_with('#') || trimmed.starts_with('!'));
        continued = !comment && continues(line);
        if (!begins || comment || trimmed.empty()) continue;
        const auto separator = line.find_first_of("=:");
        const std::string key = Poco::trim(line.substr(0, separator));
        if (separator == std::string::npos || key.empty())
            faults.push_back({path, number, "", "the line has no key and '=': " + trimmed.substr(0, 60)});
        else if (const auto [it, isNew] = lines.emplace(key, number); !isNew)
            faults.push_back({path, number, key, " is given twice, first on line " + std::to_string(it->second)});
    }
    return lines;
}

}  // namespace

ConfigSource loadPropertiesFile(const std::string& path, const std::string& configDir,
                                std::vector<ConfigFault>& faults) {
    const auto text = readWholeFile(path);
    if (!text) {
        faults.push_back({path, 0, "", std::string("cannot be read: ") + std::strerror(errno)});
        return ConfigSource(path, {});
    }
    const auto lines = findKeyLines(path, *text, faults);
    Poco::AutoPtr<Poco::Util::LayeredConfiguration> layers(new Poco::Util::LayeredConfiguration);
    Poco::AutoPtr<Poco::Util::PropertyFileConfiguration> properties(new Poco::Util::PropertyFileConfiguration);
    std::istringstream stream(*text);
    properties->load(stream);
    Poco::AutoPtr<Poco::Util::MapConfiguration> variables(new Poco::Util::MapConfiguration);
    variables->setString("application.configDir", configDir);
    layers->add(properties, 0, false);
    layers->add(new Poco::Util::SystemConfiguration, 100, false);
    layers->add(variables, 200, false);

    std::map<std::string, ConfigSource::Entry> entries;
    for (const auto& [key, line] : lines) {
        if (!layers->has(key)) continue;
        ConfigSource::Entry entry{properties->getRawString(key, ""), "", line};
        try {
            entry.value = layers->getString(key);
        } catch (const Poco::Exception& e) {
            faults.push_back({path, line, key, " cannot be expanded: " + e.displayText()});
        }
        entries.emplace(key, std::move(entry));
    }
    return ConfigSource(path, std::move(entries));
}

}  // namespace carillon
