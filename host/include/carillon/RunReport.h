#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

enum class Outcome : std::uint8_t {  // stored in run.outcome: never renumber, only append
    Succeeded = 0,
    NothingToDo = 1,
    Failed = 2,
    Stopped = 3  ///< Somebody had it stopped before its work was done. Said by the host; a task reports Failed.
};

/// What a run tells the host when it ends. Plain data; it travels from the worker process to the host as JSON.
/// Neither message, counters nor warnings may hold a secret or personal data: they are kept in the history.
struct RunReport {
    /// More warnings than this are counted, not kept: a report stays small whatever the backlog.
    static constexpr std::size_t kMaxWarnings = 50;

    /// The counter of items that a run left to do. While the last one is above 0, job.busy_schedule is in force.
    static constexpr std::string_view kBacklogCounter = "pending_after";

    /// The counter of items, of all runs, that are put aside and wait for somebody. While the last run or replay that
    /// ended says more than 0, the status of the host says so.
    static constexpr std::string_view kRejectsCounter = "sync_rejects";

    Outcome outcome = Outcome::Failed;
    std::string message{};  ///< One sentence for the operator: what was done, or what failed, on what, and the way out.
    std::vector<std::pair<std::string, std::int64_t>> counters{};  ///< In the order in which they are shown.
    std::vector<std::string> warnings{};
    std::int64_t warningsOmitted = 0;  ///< Warnings beyond kMaxWarnings.

    static RunReport succeeded(std::string message) { return {Outcome::Succeeded, std::move(message)}; }
    static RunReport nothingToDo(std::string message) { return {Outcome::NothingToDo, std::move(message)}; }
    static RunReport failed(std::string message) { return {Outcome::Failed, std::move(message)}; }

    RunReport& count(std::string name, std::int64_t value) {
        counters.emplace_back(std::move(name), value);
        return *this;
    }
    RunReport& warn(std::string text) {
        if (warnings.size() < kMaxWarnings)
            warnings.push_back(std::move(text));
        else
            ++warningsOmitted;
        return *this;
    }

private:
    RunReport(Outcome outcome_, std::string message_) : outcome(outcome_), message(std::move(message_)) {}

public:
    RunReport() = default;
};

/// The outcomes' names in reports, tables and logs.
inline constexpr std::array<std::string_view, 4> kOutcomeNames{"succeeded", "nothing_to_do", "failed", "stopped"};

inline std::string_view outcomeName(Outcome outcome) {
    return kOutcomeNames[static_cast<std::size_t>(outcome)];
}

}  // namespace carillon
