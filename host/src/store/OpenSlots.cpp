#include "store/OpenSlots.h"

#include "store/SlotTable.h"
#include "store/Sql.h"

#include <algorithm>
#include <map>

namespace carillon {
namespace {

using Poco::Int64;

// A run begins with its head start before its slot at most, and so the index by its start serves.
constexpr std::string_view kSucceeded = R"sql(
    SELECT scheduled_at FROM run
     WHERE job = ? AND started_at >= ? AND scheduled_at >= ? AND scheduled_at < ? AND outcome IN (0, 1)
    UNION
    SELECT s.slot_at FROM slot s JOIN run r ON r.id = s.run
     WHERE s.job = ? AND s.slot_at >= ? AND s.slot_at < ? AND s.ending = 'merged' AND r.outcome IN (0, 1)
     ORDER BY 1)sql";

constexpr std::string_view kSelectNext = "SELECT next_at FROM job_schedule WHERE job = ?";

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
    known.succeeded =
        column(select<Poco::Tuple<Int64>>(session, kSucceeded, job, toMicros(from - std::chrono::seconds(1)), first,
                                          last, job, first, last),
               [](const auto& row) { return fromMicros(row.template get<0>()); });
    const auto next = select<Poco::Tuple<NullableInt64>>(session, kSelectNext, job);
    if (!next.empty() && !next.front().get<0>().isNull())
        known.decidedUntil = fromMicros(next.front().get<0>().value());
    return known;
}

std::vector<TimePoint> openSlots(const KnownSlots& known, const std::vector<TimePoint>& due, OpenKind kind) {
    std::map<TimePoint, bool> hasRun;
    for (const auto at : due) hasRun[at] = false;
    for (const auto& slot : known.slots) hasRun[slot.slotAt] = slot.ending == SlotEnding::Ran;
    std::vector<TimePoint> open;
    for (const auto& [at, ran] : hasRun) {
        const bool hasSucceeded = std::binary_search(known.succeeded.begin(), known.succeeded.end(), at);
        const bool isOpen = !hasSucceeded && (kind == OpenKind::WithoutSuccess || !ran);
        if (isOpen && at < known.decidedUntil) open.push_back(at);
    }
    return open;
}

}  // namespace carillon
