#pragma once

#include "carillon/Figure.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
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
/// Neither message, figures nor warnings may hold a secret or personal data: they are kept in the history.
struct RunReport {
    /// More warnings than this are counted, not kept: a report stays small whatever the backlog.
    static constexpr std::size_t kMaxWarnings = 50;

    Outcome outcome = Outcome::Failed;
    std::string message{};  ///< One sentence for the operator: what was done, or what failed, on what, and the way out.
    std::vector<Figure> figures{};  ///< In the order in which they are shown.
    std::vector<std::string> warnings{};
    std::int64_t warningsOmitted = 0;  ///< Warnings beyond kMaxWarnings.

    static RunReport succeeded(std::string message) { return {Outcome::Succeeded, std::move(message)}; }
    static RunReport nothingToDo(std::string message) { return {Outcome::NothingToDo, std::move(message)}; }
    static RunReport failed(std::string message) { return {Outcome::Failed, std::move(message)}; }

    /// What this run did: `report.counter("applied", n)`.
    RunReport& counter(std::string name, std::int64_t value, FigureRole role = FigureRole::None) {
        return add({std::move(name), value, FigureKind::Counter, role, {}});
    }
    RunReport& counter(std::string name, std::int64_t value, Figure::Labels labels) {
        return add({std::move(name), value, FigureKind::Counter, FigureRole::None, std::move(labels)});
    }
    /// How things stand at its end.
    RunReport& gauge(std::string name, std::int64_t value, FigureRole role = FigureRole::None) {
        return add({std::move(name), value, FigureKind::Gauge, role, {}});
    }
    RunReport& gauge(std::string name, std::int64_t value, Figure::Labels labels) {
        return add({std::move(name), value, FigureKind::Gauge, FigureRole::None, std::move(labels)});
    }
    /// What it adds to a sum over all runs: `report.total("items_total", n, {{"outcome", "applied"}})`.
    RunReport& total(std::string name, std::int64_t value, Figure::Labels labels = {}) {
        return add({std::move(name), value, FigureKind::Total, FigureRole::None, std::move(labels)});
    }
    RunReport& add(Figure figure) {
        figures.push_back(std::move(figure));
        return *this;
    }
    RunReport& warn(std::string text) {
        if (warnings.size() < kMaxWarnings)
            warnings.push_back(std::move(text));
        else
            ++warningsOmitted;
        return *this;
    }

    /// Of the figure with that role; nothing: the run does not tell.
    std::optional<std::int64_t> valueOf(FigureRole role) const {
        for (const auto& figure : figures)
            if (figure.role == role) return figure.value;
        return std::nullopt;
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
