#pragma once

namespace carillon {

/// What people are told things in.
enum class Language { English, French };

/// By $LC_ALL, $LC_MESSAGES or $LANG, the first that is set; English unless that is French.
Language preferredLanguage();

}  // namespace carillon
