#pragma once

#include <array>
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

/// Poco's priorities as a line names them, from PRIO_FATAL on.
inline constexpr std::array<std::string_view, 8> kLogLevels = {"fatal",  "critical",    "error", "warning",
                                                               "notice", "information", "debug", "trace"};

/// What JsonLineFormatter makes, one object of JSON, of the message whose line LineFormatter wrote; nothing for any
/// other line. Bytes that are not UTF-8 stay \xNN, because JSON has no bytes. With a job, a member `job` behind `run`.
std::optional<std::string> parseLogLine(const std::string& line, const std::string& job = "");

}  // namespace carillon
