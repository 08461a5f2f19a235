#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// How the host reads a figure from run to run.
enum class FigureKind : std::uint8_t {
    Counter,  ///< What this run did.
    Gauge,    ///< How things stand at its end.
    Total     ///< What this run adds: the host sums it up over the runs.
};

/// What a figure means to the host, whatever a task calls it. Of several with the same role the first one counts.
enum class FigureRole : std::uint8_t {
    None,
    Work,         ///< Items that the run dealt with.
    Rejected,     ///< Items that it put aside: alerts.rejects.
    Backlog,      ///< Items that it left to do: job.busy_schedule is in force while there are any, and alerts.backlog.
    OpenRejects,  ///< Items, of all runs, that are put aside and wait for somebody: the host's status says so.
    Lag           ///< Seconds that the oldest item of the backlog has waited.
};

/// What both are called in reports, in their order.
inline constexpr std::array<std::string_view, 3> kFigureKindNames{"counter", "gauge", "total"};
inline constexpr std::array<std::string_view, 6> kFigureRoleNames{"",        "work",         "rejected",
                                                                  "backlog", "open_rejects", "lag"};

/// A number that a run reports. Plain data. Names and the words of labels consist of a-z, 0-9 and _ and have 64
/// characters at most: others are not shown in /metrics. What takes many values, such as an id, is no label.
struct Figure {
    using Labels = std::vector<std::pair<std::string, std::string>>;

    std::string name{};
    std::int64_t value = 0;
    FigureKind kind = FigureKind::Counter;
    FigureRole role = FigureRole::None;
    Labels labels{};

    /// Its name in a report's `counters`, with the words of its labels: `sync_items_total.applied`.
    std::string key() const {
        std::string text = name;
        for (const auto& label : labels) text += '.' + label.second;
        return text;
    }

    bool operator==(const Figure&) const = default;
};

}  // namespace carillon
