#include "config/PropertiesFile.h"

#include "Poco/AutoPtr.h"
#include "Poco/Exception.h"
#include "Poco/String.h"
#include "Poco/Util/LayeredConfiguration.h"
#include "Poco/Util/MapConfiguration.h"
#include "Poco/Util/PropertyFileConfiguration.h"
#include "Poco/Util/SystemConfiguration.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <sstream>
#include <utility>

namespace carillon {
namespace {

/// Nothing, with errno, when it cannot be read; a folder can be opened, and shows only when it is read.
std::optional<std::string> readWhole(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return std::nullopt;
    std::string text;
    std::array<char, 65536> block{};
    ssize_t n = 0;
    while ((n = ::read(file, block.data(), block.size())) > 0) text.append(block.data(), static_cast<std::size_t>(n));
    const int error = errno;
    ::close(file);
    errno = error;
    return n < 0 ? std::nullopt : std::optional(std::move(text));
}

bool continues(const std::string& line) {
    const auto last = line.find_last_not_of('\\');
    return (line.size() - (last == std::string::npos ? 0 : last + 1)) % 2 == 1;
}

/// The line at `at`, which moves behind its end: \n, \r\n or \r.
std::string takeLine(const std::string& text, std::size_t& at) {
    const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + (text.compare(end, 2, "\r\n") == 0 ? 2 : 1);
    return line;
}

/// The line of each key, which Poco's parser does not keep; it takes the same lines for keys as that parser does.
std::map<std::string, int> findKeyLines(const std::string& path, const std::string& text,
                                        std::vector<ConfigFault>& faults) {
    std::map<std::string, int> lines;
    bool continued = false;
    std::size_t at = 0;
    for (int number = 1; at < text.size(); ++number) {
        const std::string line = takeLine(text, at);
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
    const auto text = readWhole(path);
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
