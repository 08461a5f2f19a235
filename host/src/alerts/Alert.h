#pragma once

#include "base/Fields.h"
#include "carillon/Clock.h"
#include "carillon/Message.h"
#include "config/AlertKind.h"
#include "config/Expectations.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// How alerts leave the host. The names are stored in alert.channel.
enum class AlertChannel : std::uint8_t { Mail, Webhook, Ping };

inline constexpr AlertChannel kAlertChannels[] = {AlertChannel::Mail, AlertChannel::Webhook, AlertChannel::Ping};

template <>
inline constexpr std::array<std::string_view, 3> kEnumNames<AlertChannel>{"mail", "webhook", "ping"};

/// How an alert stands on its way out by one channel. The names are stored in alert.state.
enum class AlertPhase : std::uint8_t { Waiting, Sending, Sent, Dropped };
template <>
inline constexpr std::array<std::string_view, 4> kEnumNames<AlertPhase>{"waiting", "sending", "sent", "dropped"};

/// Why nothing ran for a slot: the message of Missed. Stored.
inline constexpr std::string_view kLateWaits = "waits";      ///< It is due, and nothing has begun.
inline constexpr std::string_view kLateFaulty = "faulty";    ///< Its configuration has faults.
inline constexpr std::string_view kLateChanged = "changed";  ///< It was due when its schedule was changed.
inline constexpr std::string_view kLateUnseen = "unseen";    ///< Its time passed while nothing could fire.
inline constexpr std::string_view kLateBegun = "begun";      ///< Its run began too late.
inline constexpr std::string_view kLateOverlap = "overlap";  ///< A run went on for too long.
inline constexpr std::string_view kLateQueue = "queue";      ///< Too many waited before it.

/// One thing that people are told, as facts: the words are found when it is sent. Plain data; holds no secret.
struct Alert {
    AlertKind kind = AlertKind::Failed;
    std::string job{};  ///< Host: empty.
    std::string title{};
    std::string host{};   ///< That decided it.
    std::string event{};  ///< The run or the slot that it is about: one event is told once.
    TimePoint at{};       ///< When it happened.
    std::string run{};
    Message message{};                 ///< Of that run; of Missed: one of kLate…; of Host: what is wrong with it.
    std::int64_t count = 0;            ///< Failures in a row, slots, rejects or items left. Host: 0: it is over.
                                       ///< Of what is expected: runs in a row that did not meet it.
    std::int64_t before = 0;           ///< Backlog: items that were left before it grew.
    std::optional<TimePoint> since{};  ///< Since when; Missed: the first slot.
    std::optional<TimePoint> lastSuccess{};           ///< Of the job.
    std::optional<ExpectationFinding> expectation{};  ///< What is not met; Recovered: what is met again.

    bool operator==(const Alert&) const = default;
};

/// What cannot be read, having been written by another version, is an alert that says so.
Alert readAlert(std::string_view json, const std::string& job);

/// 32 hex digits, the same for the same text wherever it is made: an id.
std::string alertHash(const std::string& text);

/// A failure whose slot has further attempts: nobody is told while the next one may still come. Plain data.
struct AwaitedFailure {
    std::string run{};
    Message message{};
    TimePoint finishedAt{};

    bool operator==(const AwaitedFailure&) const = default;
};

/// What is not met of what is expected of a job. Plain data.
struct UnmetExpectation {
    std::int64_t count = 0;             ///< Events in a row, such as runs, up to now; 0: it is met again.
    TimePoint since{};                  ///< The first of them.
    std::string event{};                ///< The last one that was counted.
    std::string toldEvent{};            ///< The last one that was told; empty: none since it was met.
    std::optional<TimePoint> toldAt{};  ///< The last alert, also of one before.

    bool operator==(const UnmetExpectation&) const = default;
};

/// What is remembered of a job between two decisions. Plain data, kept in the store as JSON.
struct AlertState {
    /// Runs that end out of order, as with overlap allow, are told apart among so many.
    static constexpr std::size_t kRecentRuns = 8;

    std::int64_t failures = 0;                ///< In a row, up to now.
    std::optional<TimePoint> failingSince{};  ///< The end of the first of them.
    bool failureTold = false;                 ///< People know of them: a recovery is to be told, too.
    std::optional<AwaitedFailure> awaited{};  ///< Not among the failures yet.
    bool lateTold = false;                ///< People know of a slot in which nothing ran, and nothing has ended since.
    std::optional<TimePoint> lateSlot{};  ///< The newest slot that was looked at for that.
    std::int64_t backlog = 0;             ///< Items that the last run left.
    std::int64_t growth = 0;              ///< Runs in a row that left more than the one before.
    std::int64_t grownFrom = 0;
    std::optional<TimePoint> growingSince{};
    std::map<AlertKind, TimePoint> toldAt{};          ///< The last alert of each kind.
    std::map<std::string, UnmetExpectation> unmet{};  ///< By Expectation::key().
    TimePoint seenUntil{};                            ///< The end of the newest run that was looked at.
    std::vector<std::string> recentRuns{};            ///< Looked at, newest last.

    bool operator==(const AlertState&) const = default;
};

template <class Archive>
void fields(Archive& archive, Alert& alert) {
    archive("kind", alert.kind);
    archive("job", alert.job);
    archive("title", alert.title);
    archive("host", alert.host);
    archive("event", alert.event);
    archive("run", alert.run);
    archive("message", alert.message);
    archive("count", alert.count);
    archive("before", alert.before);
    archive("at", alert.at);
    archive.ifAny("since", alert.since);
    archive.ifAny("last_success", alert.lastSuccess);
    archive.ifAny("expectation", alert.expectation);
}

template <class Archive>
void fields(Archive& archive, AwaitedFailure& failure) {
    archive("run", failure.run);
    archive("message", failure.message);
    archive("finished_at", failure.finishedAt);
}

template <class Archive>
void fields(Archive& archive, UnmetExpectation& unmet) {
    archive("count", unmet.count);
    archive("since", unmet.since);
    archive("event", unmet.event);
    archive("told_event", unmet.toldEvent);
    archive.ifAny("told_at", unmet.toldAt);
}

template <class Archive>
void fields(Archive& archive, AlertState& state) {
    archive("failures", state.failures);
    archive.ifAny("failing_since", state.failingSince);
    archive.ifAny("awaited", state.awaited);
    archive("failure_told", state.failureTold);
    archive("late_told", state.lateTold);
    archive.ifAny("late_slot", state.lateSlot);
    archive("backlog", state.backlog);
    archive("growth", state.growth);
    archive("grown_from", state.grownFrom);
    archive.ifAny("growing_since", state.growingSince);
    archive("told_at", state.toldAt);
    archive.ifAny("unmet", state.unmet);
    archive("seen_until", state.seenUntil);
    archive("recent_runs", state.recentRuns);
}

}  // namespace carillon
