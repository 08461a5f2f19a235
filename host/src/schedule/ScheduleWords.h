#pragma once

#include <string>
#include <string_view>

namespace carillon {

enum class Language { English, French };

/// What a schedule says, as a native speaker would write it: "at 02:30 on the last Friday of the month". Without a
/// capital and a full stop. Throws ScheduleError as Schedule::parse() does.
std::string scheduleInWords(std::string_view text, Language language);

/// By $LC_ALL, $LC_MESSAGES or $LANG, the first that is set; English unless that is French.
Language preferredLanguage();

}  // namespace carillon
