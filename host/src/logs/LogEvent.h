#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// A text that LogLine built: `noun.verb key=value key="quoted value"`, each after exactly one space.
struct LogEvent {
    struct Field {
        std::string key{};
        std::string value{};
        bool quoted = false;
    };
    std::string name{};
    std::vector<Field> fields{};

    /// Nothing for any other text.
    static std::optional<LogEvent> parse(std::string_view text);
};

}  // namespace carillon
