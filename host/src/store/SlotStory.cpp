#include "store/SlotStory.h"

#include "store/RunTable.h"
#include "store/SlotTable.h"
#include "store/Sql.h"

namespace carillon {
namespace {

using Poco::Int64;

constexpr std::string_view kCountDue = R"sql(
    SELECT COUNT(*), COALESCE(SUM(ending = 'ran'), 0) FROM slot WHERE job = ? AND slot_at >= ? AND slot_at < ?)sql";

// Either is one look into an index.
constexpr std::string_view kLastTrace = R"sql(
    SELECT MAX(COALESCE((SELECT MAX(recorded_at) FROM slot WHERE recorded_at <= ?), 0),
               COALESCE((SELECT MAX(started_at) FROM run WHERE started_at <= ?), 0)))sql";

constexpr std::string_view kSelectStanding = "SELECT next_at, paused FROM job_schedule WHERE job = ?";

constexpr std::string_view kSelectLastSlot = "SELECT MAX(slot_at) FROM slot WHERE job = ? AND slot_at < ?";

SlotStory storyOf(Poco::Data::Session& session, const SlotRow& slot) {
    SlotStory story{slot};
    story.attempts = readAttempts(session, slot.job, slot.slotAt);
    if (slot.ending != SlotEnding::Ran && !slot.run.empty()) story.other = readRun(session, slot.run);
    // What only waits for its turn is recorded late as well.
    const bool isSeenLate = slot.ending == SlotEnding::Missed || slot.trigger == Trigger::Misfire;
    if (!isSeenLate) return story;
    const Int64 at = toMicros(slot.slotAt);
    story.quietSince = fromMicros(select<Poco::Tuple<Int64>>(session, kLastTrace, at, at).front().get<0>());
    story.quietUntil = slot.recordedAt;
    return story;
}

}  // namespace

DueStory readDueStory(Poco::Data::Session& session, const std::string& job, TimePoint from, TimePoint until) {
    DueStory story;
    const auto counts = select<Poco::Tuple<Int64, Int64>>(session, kCountDue, job, toMicros(from), toMicros(until));
    story.due = counts.front().get<0>();
    story.ran = counts.front().get<1>();
    for (const auto& slot : readTellingSlots(session, job, from, until, DueStory::kMostTold))
        story.slots.push_back(storyOf(session, slot));
    const auto earlier = readSlots(session, SlotQuery{job, 1, from});
    if (!earlier.empty()) story.before = earlier.front();
    story.after = readFirstSlot(session, job, until);
    const auto standing = select<Poco::Tuple<NullableInt64, int>>(session, kSelectStanding, job);
    if (standing.empty()) return story;
    if (!standing.front().get<0>().isNull()) story.undecided = fromMicros(standing.front().get<0>().value());
    story.isPaused = standing.front().get<1>() != 0;
    return story;
}

std::optional<TimePoint> readLastSlot(Poco::Data::Session& session, const std::string& job, TimePoint until) {
    const auto last = select<Poco::Tuple<NullableInt64>>(session, kSelectLastSlot, job, toMicros(until)).front().get<0>();
    return last.isNull() ? std::nullopt : std::optional(fromMicros(last.value()));
}

}  // namespace carillon
