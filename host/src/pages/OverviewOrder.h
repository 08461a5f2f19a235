#pragma once

#include "pages/DayBook.h"
#include "pages/JobWords.h"
#include "record/HostState.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// By what the overview's jobs are ordered: one of its columns.
enum class OverviewColumn : std::uint8_t { Job, State, Last, Next, Day, Duration, Pending };
template <>
inline constexpr std::array kEnumNames<OverviewColumn>{
    std::string_view("job"), std::string_view("state"),    std::string_view("last"),   std::string_view("next"),
    std::string_view("day"), std::string_view("duration"), std::string_view("pending")};

/// A column, in the order that people look for first: what needs a person, what ran last or fires next, what failed or
/// was missed the most, took the longest or has the most to do; or the other way round.
struct OverviewOrder {
    OverviewColumn column = OverviewColumn::State;
    bool reversed = false;

    /// Whether big values come first.
    bool isDescending() const;
    /// `last`, or `-last` when it is reversed.
    std::string word() const { return (reversed ? "-" : "") + std::string(nameOf(column)); }
    bool operator==(const OverviewOrder&) const = default;
};

/// Of its word; of any other text the usual one.
OverviewOrder overviewOrderOf(const std::string& word);

/// A job as the overview sees it. Borrows.
struct OverviewJob {
    const JobState* job = nullptr;
    const JobDay* day = nullptr;
    ShownState state = ShownState::Idle;
    bool isUnmet = false;            ///< Something that is expected of it is not met.
    const Progress* told = nullptr;  ///< Of the run that goes on; null: it tells nothing.
};

/// What has no value, such as a job that never ran, is at the end either way; equal ones are by state and by name.
void sortJobs(std::vector<OverviewJob>& jobs, const OverviewOrder& order);

}  // namespace carillon
