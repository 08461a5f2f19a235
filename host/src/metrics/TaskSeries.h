#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// Where a counter that a task reports is shown in /metrics. `name` becomes carillon_task_name; a name that ends in
/// _total is added up over the job's runs, any other is what the last run said; `name.word` is the series
/// carillon_task_name{outcome="word"}.
struct TaskSeries {
    /// Of one job; what a task reports beyond them is not shown.
    static constexpr std::size_t kMost = 32;

    std::string family{};
    std::string outcome{};  ///< Empty: none.
    bool isTotal = false;
};

/// Nothing when the counter's name cannot be a metric's: it is one of [a-z0-9_], 64 characters at most, and a word
/// after the dot, too.
std::optional<TaskSeries> taskSeriesOf(std::string_view counter);

}  // namespace carillon
