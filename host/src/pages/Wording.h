#pragma once

#include "carillon/Clock.h"
#include "schedule/TimeZone.h"
#include "words/MessageWords.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace carillon {

/// For whom a page is written: language, the host's zone, the instant that ages are counted from, and what plugins
/// say in that language; null: they are quoted in English.
struct Reader {
    const Texts& texts;
    std::shared_ptr<const TimeZone> zone{};
    TimePoint now{};
    std::shared_ptr<const PluginTexts> plugins{};
};

/// What a task or the host says, in the reader's language if there are texts for it.
std::string inWords(const Reader& reader, const Message& message);
/// The language that it is in then, as BCP 47 has it: en or fr.
std::string languageOf(const Reader& reader, const Message& message);

/// What something took: `420 ms`, `1.4 s`, `2 min 03 s`, `1 h 05 min`.
std::string durationText(const Texts& texts, std::chrono::microseconds length);

/// A stretch in its largest unit, as people say it: `12 s`, `5 min`, `3 h`, `2 d`.
std::string spanText(const Texts& texts, std::chrono::microseconds length);

/// `3 min ago` or `in 3 min`.
std::string distanceText(const Reader& reader, TimePoint at);

enum class TimeForm {
    Full,   ///< `27 Nov 2026, 18:36:01`
    Short,  ///< The same without the year if that is this one, and today without the day.
};

/// In the host's zone.
std::string timeText(const Reader& reader, TimePoint at, TimeForm form);

/// The same as an element that a script writes anew in the reader's own zone.
std::string timeElement(const Reader& reader, TimePoint at, TimeForm form = TimeForm::Short);
/// distanceText() as an element that a script keeps up to date, with the time as its tooltip.
std::string distanceElement(const Reader& reader, TimePoint at);

/// Text as HTML, with what is hidden in it made visible (visibleText).
std::string escapeHtml(std::string_view text);

}  // namespace carillon
