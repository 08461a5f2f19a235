#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// From this instant on local time is UTC plus `offset`.
struct ZoneTransition {
    std::chrono::sys_seconds at{};
    std::chrono::seconds offset{};
};

/// What a zone does each year from its last recorded transition on, as POSIX writes it in TZ:
/// `CET-1CEST,M3.5.0,M10.5.0/3`. With the extension of RFC 8536: times of day from -167 to 167 hours.
class ZoneRule {
public:
    /// Nothing when the text is no such rule.
    static std::optional<ZoneRule> parse(std::string_view text);

    std::chrono::seconds standardOffset() const { return _standard; }
    /// Appends the transitions of that year, in order; none when the zone keeps one offset.
    void appendTransitions(std::chrono::year year, std::vector<ZoneTransition>& transitions) const;

    /// A day of each year and the local time on it.
    struct Change {
        enum class Kind { NthWeekday, DayWithoutLeapDay, DayOfYear };
        Kind kind = Kind::NthWeekday;
        unsigned month = 0;
        unsigned week = 0;     ///< 1 to 5; 5: the last one.
        unsigned weekday = 0;  ///< 0: Sunday.
        int day = 0;           ///< Of the year: from 1 (DayWithoutLeapDay) or from 0 (DayOfYear).
        std::chrono::seconds time = std::chrono::hours(2);
    };

private:
    std::chrono::seconds _standard{};
    std::chrono::seconds _summer{};
    std::optional<Change> _toSummer{};
    std::optional<Change> _toStandard{};
};

/// What a compiled file of the time-zone database (TZif, RFC 8536) says.
struct ZoneFile {
    std::chrono::seconds firstOffset{};         ///< Before the first transition.
    std::vector<ZoneTransition> transitions{};  ///< In order.
    std::optional<ZoneRule> rule{};             ///< After the last one; none: its offset stays.

    /// Throws ScheduleError when the file cannot be read, is none of that kind, is damaged or counts leap seconds.
    static ZoneFile read(const std::string& path);
    /// The same of the file's bytes; `path` is for messages.
    static ZoneFile parse(const std::string& bytes, const std::string& path);
};

}  // namespace carillon
