#pragma once

#include "alerts/Alert.h"
#include "schedule/TimeZone.h"

#include <cstddef>
#include <optional>
#include <string>

namespace carillon {

/// Which alerts are wanted, newest first. Plain data.
struct AlertQuery {
    /// Of a row: what comes after it is older, or as old and has a greater id.
    struct Place {
        TimePoint createdAt{};
        std::string id{};
    };

    std::size_t limit = 50;
    std::string job{};                      ///< Empty: of all jobs and the host itself.
    std::optional<AlertKind> kind{};        ///< Only those; a ping is of no kind.
    std::optional<AlertChannel> channel{};  ///< Only those,
    std::optional<AlertPhase> phase{};      ///< and those that stand so.
    TimePoint since{};                      ///< Only those that were decided then or later,
    TimePoint until = kNever;               ///< and before that.
    std::optional<Place> after{};           ///< Where the page before ended.
};

/// The same as people type it; an empty word wants all.
struct AlertWords {
    std::string job{};
    std::string kind{};
    std::string channel{};
    std::string state{};
    std::string since{};  ///< See parseTypedTime(); from its beginning,
    std::string until{};  ///< to its end.

    bool empty() const { return (job + kind + channel + state + since + until).empty(); }
};

/// Times are those of the zone. Throws Poco::SyntaxException with a sentence that begins with the name of the word.
void apply(const AlertWords& words, const TimeZone& zone, TimePoint now, AlertQuery& query);

}  // namespace carillon
