#pragma once

#include "calendar/Timetable.h"
#include "carillon/Clock.h"
#include "config/JobSettings.h"
#include "record/SlotReason.h"
#include "record/Words.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// A slot that is looked at no later than this is on time, and so not part of any unseen time.
constexpr std::chrono::seconds kMisfireGrace{5};

/// Slots of a job that are recorded one by one when many have passed; the ledger keeps no more in any case.
constexpr std::size_t kRecordedSlots = 5'000;

/// A stretch of time in which nothing could fire: the host was down or frozen, its clock was set forward, its store
/// failed. Slots after `from` up to `to` passed unseen.
struct UnseenTime {
    TimePoint from{};
    TimePoint to{};
    std::string why{};  ///< As far as it is known: "the store failed"; else empty.
};

/// How a job stands when its due slots are looked at.
struct JobSituation {
    TimePoint firstDue{};                   ///< The first slot without a ledger row.
    const std::vector<UnseenTime>& unseen;  ///< All that may matter to it.
    std::size_t running = 0;                ///< Runs of the job.
    SlotReason blocked{};                   ///< Why the job must not fire; None: it may.
    std::chrono::microseconds splay{};      ///< How much later than its slots it fires.
};

/// A slot that became no run of its own.
struct EndedSlot {
    TimePoint slot{};
    SlotEnding ending = SlotEnding::Skipped;  ///< Not Ran. Merged: into the run that fires.
    SlotReason reason{};
};

/// What becomes of the slots that are due.
struct SlotDecision {
    /// In order; with `fire` they are the oldest ones, without a hole.
    std::vector<EndedSlot> ended{};
    /// It becomes a run. Behind it only slots that do not fire in any case have ended.
    std::optional<TimePoint> fire{};
    bool misfire = false;             ///< That one is late.
    bool replaces = false;            ///< A run must end first: it is to be stopped.
    std::optional<TimePoint> next{};  ///< The first slot that is left: it waits when it is due already.
    bool olderOmitted = false;        ///< More slots had passed than are recorded one by one.

    bool moves() const { return fire.has_value() || !ended.empty(); }
};

/// Pure. Every slot from firstDue on that is to fire by now ends in exactly one way, sooner or later:
/// - It is late when its time to fire passed unseen: job.misfire decides. run_once merges all that are late into one
/// run; skip misses
///   them; run_all runs each in turn, the newest job.misfire.max of them. What is older than job.misfire.window is
///   missed.
/// - Of several that wait for the same moment, the earlier ones merge into the last, but with overlap queue and while
///   run_all catches up each has its turn.
/// - A slot on a day off or in a blackout is skipped, seen or unseen, paused or not: it is in no other one's way.
/// - While a blackout goes on, nothing begins: what would waits for its end.
/// - While a run goes on, job.overlap decides. queue keeps at most job.queue.max waiting and skips the oldest.
SlotDecision decideSlots(const Timetable& schedule, const JobSettings& settings, const JobSituation& job,
                         TimePoint now);

}  // namespace carillon
