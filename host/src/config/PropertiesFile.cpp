#include "config/PropertiesFile.h"

#include "base/TextFile.h"
#include "config/BackslashTraps.h"
#include "words/FileWords.h"
#include "words/HostTexts.h"
#include "words/OddCharacter.h"

#include "Poco/Ascii.h"
#include "Poco/AutoPtr.h"
#include "Poco/Exception.h"
#include "Poco/String.h"
#include "Poco/Util/LayeredConfiguration.h"
#include "Poco/Util/MapConfiguration.h"
#include "Poco/Util/PropertyFileConfiguration.h"
#include "Poco/Util/SystemConfiguration.h"

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string_view>
#include <utility>

namespace carillon {
namespace {

bool isComment(std::string_view line) {
    const auto begin = line.find_first_not_of(" \t");
    return begin != std::string_view::npos && (line[begin] == '#' || line[begin] == '!');
}

/// What stands before a `:` may be no key at all, but the beginning of a secret. Every key has a dot.
bool looksLikeKey(std::string_view name) {
    return name.find('.') != std::string_view::npos && std::all_of(name.begin(), name.end(), [](char c) {
               return Poco::Ascii::isAlphaNumeric(c) || c == '_' || c == '-' || c == '.';
           });
}

/// The next key with all its lines, or a line that is none, which has no name; `line` and `at` move behind it. Takes
/// the same lines for keys as Poco's parser does, which does not keep where they stand.
WrittenKey takeKey(std::string_view text, std::size_t& at, int& line) {
    WrittenKey key{line, "", {}};
    do {
        key.lines.push_back(takeLine(text, at));
        ++line;
    } while (continuesOnNextLine(key.lines.back()) && !isComment(key.lines.front()) && at < text.size());
    const std::string_view first = key.lines.front();
    const auto separator = first.find_first_of("=:");
    if (separator == std::string_view::npos || isComment(first)) return key;
    const std::string name = Poco::trim(std::string(first.substr(0, separator)));
    if (first.find('=') != std::string_view::npos || looksLikeKey(name)) key.name = name;
    return key;
}

/// The line of each key.
std::map<std::string, int> findKeyLines(const std::string& path, const std::string& text,
                                        std::vector<ConfigFault>& faults, std::vector<ConfigFault>& warnings) {
    std::map<std::string, int> lines;
    int line = 1;
    for (std::size_t at = 0; at < text.size();) {
        const WrittenKey key = takeKey(text, at, line);
        const std::string first = Poco::trim(std::string(key.lines.front()));
        if (first.empty() || isComment(first)) continue;
        if (key.name.empty()) {
            // Nothing of it: it may be a secret that was pasted there.
            faults.push_back(
                {path, key.line, "",
                 sayHost("fault.noline", {{"hint", oddCharacterHint(first.substr(0, lengthOfCharacter(first)))}})});
            continue;
        }
        if (const auto [it, isNew] = lines.emplace(key.name, key.line); !isNew)
            faults.push_back({path, key.line, key.name, sayHost("fault.twice", {{"line", it->second}})});
        warnOfBackslashes(path, key, warnings);
    }
    return lines;
}

}  // namespace

ConfigSource loadPropertiesFile(const std::string& path, const std::string& configDir, std::vector<ConfigFault>& faults,
                                std::vector<ConfigFault>& warnings) {
    const TextFile file = readTextFile(path);
    if (file.error) faults.push_back({path, 0, "", sayFailure(file)});
    if (file.flaw) faults.push_back({path, file.flaw->line, "", sayFlaw(*file.flaw)});
    if (file.error || file.flaw) return ConfigSource(path, {});
    const auto lines = findKeyLines(path, file.text, faults, warnings);
    Poco::AutoPtr<Poco::Util::LayeredConfiguration> layers(new Poco::Util::LayeredConfiguration);
    Poco::AutoPtr<Poco::Util::PropertyFileConfiguration> properties(new Poco::Util::PropertyFileConfiguration);
    std::istringstream stream(file.text);
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
            faults.push_back({path, line, key, sayHost("fault.expansion", {{"why", e.displayText()}})});
        }
        entries.emplace(key, std::move(entry));
    }
    return ConfigSource(path, std::move(entries));
}

}  // namespace carillon
