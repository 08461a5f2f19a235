#pragma once

#include "carillon/Clock.h"
#include "config/HostConfig.h"
#include "schedule/TypedTime.h"

#include <chrono>
#include <string>

namespace carillon {

/// Times as sentences of the command line tell them, in the language of whoever calls it and in the zone of
/// dateTimeText(). In English each is what schedule/TimeText.h makes of it.

/// A time of the past that somebody typed, in the host's zone (parseTypedTime). Throws UsageError.
TypedTime typedTime(const char* option, const std::string& text, const HostConfig& host);

/// As spanText(): `3 d 4 h`, `3 j 4 h`.
std::string spanWords(std::chrono::microseconds span);

/// As dateTimeText(); `le 30/11/2026 à 12:05:00`.
std::string dateTimeWords(TimePoint at);

/// `2026-11-30`, `30/11/2026`.
std::string dayWords(TimePoint at);

/// As whenText(); `aujourd’hui à 12:05:00, dans 4 min 12 s`, or with the date.
std::string whenWords(TimePoint at, TimePoint now);

/// As whenText(), for a column of a table: the time as programs write it in each language.
std::string whenCell(TimePoint at, TimePoint now);

}  // namespace carillon
