#pragma once

#include "carillon/Figure.h"
#include "carillon/Message.h"

#include <array>
#include <chrono>
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
    Message message{};  ///< One sentence for the operator: what was done, or what failed, on what, and the way out.
    std::vector<Figure> figures{};  ///< In the order in which they are shown.
    std::vector<Message> warnings{};
    std::int64_t warningsOmitted = 0;    ///< Warnings beyond kMaxWarnings.
    std::chrono::seconds retryAfter{0};  ///< Failed: the next attempt begins no sooner; 0: when the host thinks best.
    bool givenUp = false;                ///< Failed: no attempt is worth while before a person has done something.

    static RunReport succeeded(Message message) { return {Outcome::Succeeded, std::move(message)}; }
    static RunReport nothingToDo(Message message) { return {Outcome::NothingToDo, std::move(message)}; }
    /// Where job.retries allows another attempt, it comes after a growing pause.
    static RunReport failed(Message message) { return {Outcome::Failed, std::move(message)}; }
    /// The same, and that attempt comes no sooner than `after`: whoever is waited for has said so.
    static RunReport retryLater(Message message, std::chrono::seconds after) {
        RunReport report = failed(std::move(message));
        report.retryAfter = after;
        return report;
    }
    /// Failed, and another attempt would only fail alike: a credential is wrong, a setting is missing. None is made,
    /// whatever job.retries says, and whoever gets the host's alerts is told at once.
    static RunReport giveUp(Message message) {
        RunReport report = failed(std::move(message));
        report.givenUp = true;
        return report;
    }

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
    RunReport& warn(Message text) {
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
    RunReport(Outcome outcome_, Message message_) : outcome(outcome_), message(std::move(message_)) {}

public:
    RunReport() = default;
};

/// The outcomes' names in reports, tables and logs.
inline constexpr std::array<std::string_view, 4> kOutcomeNames{"succeeded", "nothing_to_do", "failed", "stopped"};

inline std::string_view outcomeName(Outcome outcome) {
    return kOutcomeNames[static_cast<std::size_t>(outcome)];
}

}  // namespace carillon
