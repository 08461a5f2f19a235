#include "store/SlotTable.h"

#include "store/Sql.h"

#include "Poco/Data/DataException.h"

#include <algorithm>
#include <string_view>

namespace carillon {
namespace {

constexpr std::string_view kInsertSlot = R"sql(
    INSERT INTO slot (job, slot_at, ending, reason, run, trigger_name, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?))sql";

constexpr std::string_view kInsertMissingSlot = R"sql(
    INSERT INTO slot (job, slot_at, ending, reason, run, trigger_name, recorded_at)
    SELECT ?, ?, ?, ?, ?, ?, ? FROM (SELECT 1 AS one) AS once
     WHERE NOT EXISTS (SELECT 1 FROM slot WHERE job = ? AND slot_at = ?))sql";

constexpr std::string_view kSelectSlot = "SELECT 1 FROM slot WHERE job = ? AND slot_at = ?";

constexpr std::string_view kDeleteSlotsBefore = "DELETE FROM slot WHERE job = ? AND slot_at < ?";

const std::string kSelectSlots = R"sql(
    SELECT job, slot_at, ending, reason, COALESCE(run, ''), trigger_name, recorded_at FROM slot)sql";

// An index leads through either list from its newest row on, and the page ends it.
const std::string kSlotPage = R"sql(
       AND slot_at >= ? AND slot_at < ?
       AND (? = '' OR ending = ?)
       AND (? = '' OR trigger_name = ?)
       AND (? = '' OR instr(lower(reason), lower(?)) > 0)
     ORDER BY slot_at DESC LIMIT ?)sql";

const std::string kSelectSlotEnds = R"sql(
    SELECT s.job, s.slot_at, s.ending, COALESCE(s.run, ''), r.outcome, s.recorded_at
      FROM slot s LEFT JOIN run r ON r.id = s.run)sql";

using Poco::Int64;
using SlotTuple = Poco::Tuple<std::string, Int64, std::string, std::string, std::string, std::string, Int64>;
using SlotEndTuple = Poco::Tuple<std::string, Int64, std::string, std::string, Poco::Nullable<int>, Int64>;

/// The table takes no other.
SlotEnding endingOf(const std::string& name) {
    if (const auto ending = enumOf<SlotEnding>(name)) return *ending;
    throw Poco::DataException("holds a slot that ended as " + name);
}

SlotRow toSlotRow(const SlotTuple& row) {
    return {row.get<0>(), fromMicros(row.get<1>()), endingOf(row.get<2>()),  slotReasonOf(row.get<3>()),
            row.get<4>(), triggerOf(row.get<5>()),  fromMicros(row.get<6>())};
}

SlotEnd toSlotEnd(const SlotEndTuple& row) {
    SlotEnd end{row.get<0>(), fromMicros(row.get<1>()), endingOf(row.get<2>()), row.get<3>(),
                {},           fromMicros(row.get<5>())};
    if (!row.get<4>().isNull()) end.outcome = static_cast<Outcome>(row.get<4>().value());
    return end;
}

}  // namespace

void insertSlots(Poco::Data::Session& session, const std::vector<SlotRow>& slots, TimePoint now) {
    const auto each = [&slots](auto member) {
        return column(slots, [member](const SlotRow& slot) { return slot.*member; });
    };
    executeRows(session, kInsertSlot, each(&SlotRow::job),
                column(slots, [](const auto& slot) { return toMicros(slot.slotAt); }),
                column(slots, [](const auto& slot) { return std::string(nameOf(slot.ending)); }),
                column(slots, [](const auto& slot) { return textOf(slot.reason); }), each(&SlotRow::run),
                column(slots, [](const auto& slot) { return std::string(nameOf(slot.trigger)); }),
                std::vector<Int64>(slots.size(), toMicros(now)));
}

bool insertMissingSlot(Poco::Data::Session& session, const SlotRow& slot, TimePoint now) {
    return execute(session, kInsertMissingSlot, slot.job, toMicros(slot.slotAt), std::string(nameOf(slot.ending)),
                   textOf(slot.reason), slot.run, std::string(nameOf(slot.trigger)), toMicros(now), slot.job,
                   toMicros(slot.slotAt)) != 0;
}

bool hasSlot(Poco::Data::Session& session, const std::string& job, TimePoint at) {
    return !select<Poco::Tuple<int>>(session, kSelectSlot, job, toMicros(at)).empty();
}

void deleteSlotsBefore(Poco::Data::Session& session, const std::string& job, TimePoint before) {
    execute(session, kDeleteSlotsBefore, job, toMicros(before));
}

std::vector<SlotRow> readSlots(Poco::Data::Session& session, const SlotQuery& query) {
    const std::string ending(query.ending ? nameOf(*query.ending) : "");
    const std::string trigger(query.trigger ? nameOf(*query.trigger) : "");
    const Int64 until = toMicros(std::min(query.until, query.before.value_or(kNever)));
    // Without a job the condition is true for all, and not one for the other index.
    const std::string ofJob = query.job.empty() ? " WHERE ? = ''" : " WHERE job = ?";
    const auto most = static_cast<Int64>(query.limit);  // below 0, and so without an end, when it is huge
    return column(select<SlotTuple>(session, kSelectSlots + ofJob + kSlotPage, query.job, toMicros(query.since), until,
                                    ending, ending, trigger, trigger, query.text, query.text, most),
                  toSlotRow);
}

std::vector<SlotRow> readTellingSlots(Poco::Data::Session& session, const std::string& job, TimePoint from,
                                      TimePoint until, std::size_t limit) {
    auto slots = column(select<SlotTuple>(session,
                                          kSelectSlots + " WHERE job = ? AND slot_at >= ? AND slot_at < ?"
                                                         " ORDER BY (ending = 'ran'), slot_at LIMIT ?",
                                          job, toMicros(from), toMicros(until), static_cast<Int64>(limit)),
                        toSlotRow);
    std::sort(slots.begin(), slots.end(), [](const auto& a, const auto& b) { return a.slotAt < b.slotAt; });
    return slots;
}

std::vector<SlotRow> readSlotsBetween(Poco::Data::Session& session, const std::string& job, TimePoint from,
                                      TimePoint until) {
    return column(
        select<SlotTuple>(session, kSelectSlots + " WHERE job = ? AND slot_at >= ? AND slot_at < ? ORDER BY slot_at",
                          job, toMicros(from), toMicros(until)),
        toSlotRow);
}

std::optional<SlotRow> readFirstSlot(Poco::Data::Session& session, const std::string& job, TimePoint from) {
    const auto rows =
        column(select<SlotTuple>(session, kSelectSlots + " WHERE job = ? AND slot_at >= ? ORDER BY slot_at LIMIT 1",
                                 job, toMicros(from)),
               toSlotRow);
    return rows.empty() ? std::nullopt : std::optional(rows.front());
}

std::vector<SlotEnd> readSlotEnds(Poco::Data::Session& session, const std::string& job, TimePoint since) {
    return column(
        select<SlotEndTuple>(session, kSelectSlotEnds + " WHERE s.job = ? AND s.slot_at >= ? ORDER BY s.slot_at", job,
                             toMicros(since)),
        toSlotEnd);
}

std::vector<SlotEnd> readSlotEnds(Poco::Data::Session& session, TimePoint recordedSince) {
    return column(select<SlotEndTuple>(session, kSelectSlotEnds + " WHERE s.recorded_at >= ?", toMicros(recordedSince)),
                  toSlotEnd);
}

}  // namespace carillon
