#include "store/OpenSlots.h"

#include "store/SlotTable.h"
#include "store/Sql.h"

#include <algorithm>
#include <map>

namespace carillon {
namespace {

using Poco::Int64;

// A run begins with its head start before its slot at most, and so the index by its start serves.
constexpr std::string_view kClosed = R"sql(
    SELECT scheduled_at FROM run
     WHERE job = ? AND started_at >= ? AND scheduled_at >= ? AND scheduled_at < ?
       AND (outcome IS NULL OR outcome IN (0, 1))
    UNION
    SELECT retry_slot FROM job_schedule WHERE job = ? AND retry_slot IS NOT NULL
    UNION
    SELECT s.slot_at FROM slot s JOIN run r ON r.id = s.run
     WHERE s.job = ? AND s.slot_at >= ? AND s.slot_at < ? AND s.ending = 'merged' AND r.outcome IN (0, 1)
     ORDER BY 1)sql";

constexpr std::string_view kAttempted = R"sql(
    SELECT DISTINCT scheduled_at FROM run
     WHERE job = ? AND started_at >= ? AND scheduled_at >= ? AND scheduled_at < ? ORDER BY 1)sql";

constexpr std::string_view kSelectNext = "SELECT next_at FROM job_schedule WHERE job = ?";

/// Such a slot was not to run.
bool isOffTime(SkipReason skip) {
    return skip == SkipReason::DayOff || skip == SkipReason::Moved || skip == SkipReason::Blackout;
}

}  // namespace

KnownSlots readKnownSlots(Poco::Data::Session& session, const std::string& job, TimePoint from, TimePoint until) {
    KnownSlots known;
    known.slots = readSlotsBetween(session, job, from, until);
    std::erase_if(known.slots, [](const SlotRow& slot) {
        return slot.trigger != Trigger::Schedule && slot.trigger != Trigger::Misfire &&
               slot.trigger != Trigger::Backfill;
    });
    const Int64 first = toMicros(from);
    const Int64 last = toMicros(until);
    known.closed = column(select<Poco::Tuple<Int64>>(session, kClosed, job, toMicros(from - std::chrono::seconds(1)),
                                                     first, last, job, job, first, last),
                          [](const auto& row) { return fromMicros(row.template get<0>()); });
    known.attempted = column(
        select<Poco::Tuple<Int64>>(session, kAttempted, job, toMicros(from - std::chrono::seconds(1)), first, last),
        [](const auto& row) { return fromMicros(row.template get<0>()); });
    const auto next = select<Poco::Tuple<NullableInt64>>(session, kSelectNext, job);
    if (!next.empty() && !next.front().get<0>().isNull())
        known.decidedUntil = fromMicros(next.front().get<0>().value());
    return known;
}

std::vector<TimePoint> openSlots(const KnownSlots& known, const std::vector<TimePoint>& due, OpenKind kind) {
    std::map<TimePoint, bool> candidates;  // whether the ledger says that it ran
    for (const auto at : due) candidates[at] = false;
    for (const auto& slot : known.slots)
        if (!isOffTime(slot.reason.skip)) candidates[slot.slotAt] = slot.ending == SlotEnding::Ran;
    const auto has = [](const std::vector<TimePoint>& times, TimePoint at) {
        return std::binary_search(times.begin(), times.end(), at);
    };
    std::vector<TimePoint> open;
    for (const auto& [at, ran] : candidates) {
        const bool isSpared = kind == OpenKind::WithoutRun && (ran || has(known.attempted, at));
        if (!isSpared && !has(known.closed, at) && at < known.decidedUntil) open.push_back(at);
    }
    return open;
}

}  // namespace carillon
