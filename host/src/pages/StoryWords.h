#pragma once

#include "config/JobFile.h"
#include "pages/JobWords.h"
#include "pages/Wording.h"
#include "schedule/TypedTime.h"
#include "store/SlotStory.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What became of due times and why, in sentences, for a terminal and for a page.
namespace carillon {

/// With the run that it speaks of; empty: of none.
struct StorySentence {
    std::string text{};
    std::string run{};
    bool isQuoted = false;        ///< What a task said.
    std::string language = "en";  ///< Of what is quoted.
    bool operator==(const StorySentence&) const = default;
};

struct SlotWords {
    Badge ending{};
    std::vector<StorySentence> sentences{};
    bool operator==(const SlotWords&) const = default;
};
SlotWords wordsOf(const Reader& reader, const SlotStory& story);

/// Slots in a row of which the same is said.
struct SlotGroup {
    TimePoint first{};
    TimePoint last{};
    std::int64_t count = 1;
    SlotWords words{};
};
std::vector<SlotGroup> groupsOf(const Reader& reader, const DueStory& story);

/// What of the job's configuration matters to the story.
struct StoryOfJob {
    bool isEnabled = false;
    std::int64_t bySchedule =
        0;  ///< Slots in the stretch by its schedule of today; those after kMostCounted do not count.
};
constexpr std::int64_t kMostCounted = 100'000;
/// `job`: nothing when it is configured no more.
StoryOfJob jobOfStory(const std::optional<JobRef>& job, const TypedTime& asked);

/// What is said before the slots, of the stretch that was asked for, and behind them, of its neighbours.
std::vector<std::string> summaryOf(const Reader& reader, const DueStory& story, const TypedTime& asked,
                                   const StoryOfJob& job);
std::vector<std::string> neighboursOf(const Reader& reader, const DueStory& story, const StoryOfJob& job);

}  // namespace carillon
