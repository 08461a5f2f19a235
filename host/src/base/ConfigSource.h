#pragma once

#include "carillon/Message.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace carillon {

/// One thing that is wrong in a configuration.
struct ConfigFault {
    std::string file{};
    int line = 0;  ///< 0: the key is not in the file.
    std::string key{};
    Message problem{};  ///< What was found and what would be right; follows the key.

    /// `jobs/sync.properties:14: task.timeout = 5, expected a duration such as 30s (100ms to 10m)`
    Message message() const { return Message(place()) + problem; }
    /// The same in English.
    std::string sentence() const { return place() + problem.text; }

private:
    /// What comes before the problem, which is the same in all languages.
    std::string place() const {
        const std::string_view text = problem.text;
        const bool isApart = !key.empty() && !text.empty() && kCloseUp.find(text.front()) == std::string_view::npos;
        return file + (line > 0 ? ":" + std::to_string(line) : "") + ": " + key + (isApart ? " " : "");
    }
    static constexpr std::string_view kCloseUp = " :;,.";  ///< What a problem begins with that is not set apart.
};

/// The keys and values of one file, with the place of each. Immutable.
class ConfigSource {
public:
    struct Entry {
        std::string raw{};    ///< As written.
        std::string value{};  ///< With ${…} expanded.
        int line = 0;         ///< 0: given on the command line.
        /// The file of instances whose row, on `line`, gave a part of the value; empty: all of it is the source's own.
        std::string rowFile{};

        bool operator==(const Entry&) const = default;
    };

    ConfigSource() = default;
    ConfigSource(std::string file, std::map<std::string, Entry> entries)
        : _file(std::move(file)), _entries(std::move(entries)) {}

    bool operator==(const ConfigSource&) const = default;

    const std::string& file() const { return _file; }
    const std::map<std::string, Entry>& entries() const { return _entries; }
    const Entry* find(const std::string& key) const {
        const auto it = _entries.find(key);
        return it == _entries.end() ? nullptr : &it->second;
    }
    /// What is wrong with a key, at its place; `problem` follows the key's name in the sentence.
    ConfigFault faultOf(const std::string& key, Message problem) const {
        const auto* entry = find(key);
        if (entry == nullptr) return {_file, 0, key, std::move(problem)};
        return {entry->rowFile.empty() ? _file : entry->rowFile, entry->line, key, std::move(problem)};
    }

private:
    std::string _file;
    std::map<std::string, Entry> _entries;
};

}  // namespace carillon
