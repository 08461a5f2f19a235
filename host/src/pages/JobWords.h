#pragma once

#include "config/Configuration.h"
#include "pages/DayBook.h"
#include "pages/Template.h"
#include "pages/Wording.h"
#include "record/HostState.h"
#include "record/Run.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How jobs and runs are called on all pages. A `badge` is the class of their colour: good, bad, busy, warn or calm.
namespace carillon {

/// A state in words, with the class of its colour.
struct Badge {
    std::string words{};
    std::string colour{};
    bool operator==(const Badge&) const = default;
};

/// What a job's row says first: that its last run failed, or that its slots pass without one, when it is at rest; else
/// its phase, by that one's name. In the order in which people choose among them.
enum class ShownState : std::uint8_t {
    Failed,
    Late,
    Faulty,
    Running,
    Waiting,
    Retrying,
    Paused,
    Idle,
    Manual,
    Disabled
};
template <>
inline constexpr std::array kEnumNames<ShownState>{
    std::string_view("failed"),  std::string_view("late"),     std::string_view("faulty"), std::string_view("running"),
    std::string_view("waiting"), std::string_view("retrying"), std::string_view("paused"), std::string_view("idle"),
    std::string_view("manual"),  std::string_view("disabled")};

ShownState shownState(const JobState& job, const std::optional<RunRow>& last, bool isLate);
Badge badgeOfState(const Texts& texts, const JobState& job, ShownState shown);

/// succeeded, nothing_to_do, failed, stopped or running.
std::string outcomeOf(const RunRow& run);
Badge badgeOfRun(const Texts& texts, const RunRow& run);

/// Sets `words` and `colour`.
Fields badgeFields(const Badge& badge);

/// The schedule in words with a capital, and its zone if that is not the reader's; empty: there is none.
std::string scheduleWords(const Reader& reader, const JobRef& job);

/// What days off and blackouts do to it, a phrase each with a capital.
std::vector<std::string> scheduleOffWords(const Reader& reader, const JobRef& job);

std::string jobPath(const std::string& job);
std::string runPath(const std::string& run);

}  // namespace carillon
