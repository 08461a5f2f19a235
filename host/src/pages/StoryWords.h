#pragma once

#include "pages/JobWords.h"
#include "pages/Wording.h"
#include "schedule/TypedTime.h"
#include "store/SlotStory.h"

#include <string>
#include <vector>

/// What became of due times and why, in sentences, for a terminal and for a page.
namespace carillon {

/// With the run that it speaks of; empty: of none.
struct StorySentence {
    std::string text{};
    std::string run{};
    bool isQuoted = false;  ///< What a task said, in its own language.
};

struct SlotWords {
    Badge ending{};
    std::vector<StorySentence> sentences{};
};
SlotWords wordsOf(const Reader& reader, const SlotStory& story);

/// What is said before the slots, of the stretch that was asked for, and behind them, of its neighbours.
std::vector<std::string> summaryOf(const Reader& reader, const DueStory& story, const TypedTime& asked);
std::vector<std::string> neighboursOf(const Reader& reader, const DueStory& story);

}  // namespace carillon
