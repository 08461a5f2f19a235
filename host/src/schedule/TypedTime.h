#pragma once

#include "carillon/Clock.h"
#include "schedule/TimeZone.h"

#include <string>

namespace carillon {

/// A time as a person types it: all instants from `from` on, before `until`.
struct TypedTime {
    TimePoint from{};
    TimePoint until{};

    bool operator==(const TypedTime&) const = default;
};

/// Where a time without its day lies.
enum class Toward {
    Past,   ///< The last one, `now` included.
    Future  ///< The next one.
};

/// Reads, in that zone, `2026-11-28 03:00` or `2026-11-28T03:00` with or without seconds, which stands for that minute
/// or second; `2026-11-28`, the whole day; `03:00` or `3h00`, its next or last coming; a span such as `2h`, from now in
/// that direction; and RFC 3339, whose zone is its own. A day may also be `28/11/2026`, `today`, `yesterday`,
/// `tomorrow` or a weekday, its next or last coming, today included; in English or French, whatever the case and the
/// accents. A local time that comes twice stands for both, one that there was not for the instant of the change. Throws
/// Poco::SyntaxException with a sentence.
TypedTime parseTypedTime(const std::string& text, const TimeZone& zone, TimePoint now, Toward toward);

/// The same of the end of something that begins now. Throws Poco::InvalidArgumentException: what was given, and what is
/// expected, as the rest of a sentence; also for what is past.
TimePoint parseEnd(const std::string& text, TimePoint now, const TimeZone& zone);

}  // namespace carillon
