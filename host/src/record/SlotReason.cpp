#include "record/SlotReason.h"

#include <algorithm>
#include <array>

namespace carillon {
namespace {

/// Those whose detail is a part of the sentence, and what stands before it.
struct Phrase {
    SkipReason skip;
    std::string_view begin;
};
constexpr std::array kPhrases{Phrase{SkipReason::Stopped, "stopped by "}, Phrase{SkipReason::Paused, "paused by "},
                              Phrase{SkipReason::DayOff, "day off: "}, Phrase{SkipReason::Moved, "moved to "}};

const Phrase* phraseOf(SkipReason skip) {
    const auto found =
        std::find_if(kPhrases.begin(), kPhrases.end(), [skip](const Phrase& phrase) { return phrase.skip == skip; });
    return found == kPhrases.end() ? nullptr : &*found;
}

}  // namespace

std::string textOf(const SlotReason& reason) {
    if (reason.skip == SkipReason::Other) return reason.detail;
    const auto* phrase = phraseOf(reason.skip);
    // Of one that an earlier version paused it is not known by whom.
    if (phrase != nullptr && (reason.skip != SkipReason::Paused || !reason.detail.empty()))
        return std::string(phrase->begin) + reason.detail;
    std::string text(nameOf(reason.skip));
    return reason.detail.empty() ? text : text + " (" + reason.detail + ')';
}

SlotReason slotReasonOf(std::string_view text) {
    const SlotReason asItStands{SkipReason::Other, std::string(text)};
    for (const auto& phrase : kPhrases) {
        const bool needsMore = phrase.skip == SkipReason::Paused;
        if (text.starts_with(phrase.begin) && (!needsMore || text.size() > phrase.begin.size()))
            return {phrase.skip, std::string(text.substr(phrase.begin.size()))};
    }
    if (text == nameOf(SkipReason::Paused)) return {SkipReason::Paused, {}};
    const auto name = text.substr(0, text.find(" ("));
    const auto known = enumOf<SkipReason>(name);
    if (!known || *known == SkipReason::Other || phraseOf(*known) != nullptr) return asItStands;
    if (name == text) return {*known, {}};
    const auto detail = text.substr(name.size() + 2);
    if (name.empty() || detail.size() < 2 || !detail.ends_with(')')) return asItStands;
    return {*known, std::string(detail.substr(0, detail.size() - 1))};
}

}  // namespace carillon
