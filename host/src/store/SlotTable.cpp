#include "store/SlotTable.h"

#include "shared/FoldedText.h"
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

const std::string kSelectSlots = R"sql(
    SELECT job, slot_at, ending, reason, COALESCE(run, ''), trigger_name, recorded_at FROM slot)sql";

// Its index has these only, with all that is looked at of them; see 009_french.sql.
constexpr const char* kUnusualSlot = "(ending <> 'ran' OR trigger_name <> 'schedule')";

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

/// Names of this program's own; what people typed is bound.
std::string isOne(const char* column, std::string_view name) {
    return std::string(column) + " = '" + std::string(name) + '\'';
}

/// What is wanted beside job and time; empty: all of it.
std::string restOf(const SlotQuery& query) {
    std::string rest;
    if (query.ending) rest += " AND " + isOne("ending", nameOf(*query.ending));
    if (query.trigger) rest += " AND " + isOne("trigger_name", nameOf(*query.trigger));
    if (!query.text.empty()) rest += " AND has_reason(?, reason)";
    return rest;
}

/// By ending and trigger where these, or a reason, are wanted, which is of no use for one job; what ran as scheduled is
/// along all slots. Invariant: a row is in one walk, and in no other.
std::vector<Walk> walksOf(const SlotQuery& query) {
    const std::string rest = restOf(query);
    if (!query.job.empty()) return {{"job = ?", rest, true}};
    if (rest.empty()) return {{"'' = ?", rest}};
    std::vector<Walk> walks;
    for (const auto ending : kEnumNames<SlotEnding>)
        for (const auto trigger : kEnumNames<Trigger>) {
            if (query.ending && nameOf(*query.ending) != ending) continue;
            if (!query.text.empty() && ending == nameOf(SlotEnding::Ran)) continue;  // which has no reason
            if (query.trigger && nameOf(*query.trigger) != trigger) continue;
            const bool isUsual = ending == nameOf(SlotEnding::Ran) && trigger == nameOf(Trigger::Schedule);
            const std::string which = isOne("ending", ending) + " AND " + isOne("trigger_name", trigger);
            if (isUsual)
                walks.push_back({"'' = ?", " AND " + which});
            else
                walks.push_back({std::string("'' = ? AND ") + kUnusualSlot + " AND " + which,
                                 query.text.empty() ? "" : " AND has_reason(?, reason)"});
        }
    return walks;
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

Found<SlotRow> searchSlots(Poco::Data::Session& session, const SlotQuery& query) {
    const Stretch stretch{"slot", "slot_at", query.since, std::min(query.until, query.before.value_or(kNever))};
    const auto most = static_cast<Int64>(query.limit);  // below 0, and so without an end, when it is huge
    const std::string word = folded(query.text);
    const auto read = [&](const Walk& walk, const Stretch& within) {
        const std::string sql = kSelectSlots + " WHERE " + walk.path + " AND " + within.within() + walk.rest +
                                " ORDER BY slot_at DESC LIMIT ?";
        return column(query.text.empty() ? select<SlotTuple>(session, sql, query.job, most)
                                         : select<SlotTuple>(session, sql, query.job, word, most),
                      toSlotRow);
    };
    return searchWalks<SlotRow>(
        session, walksOf(query), stretch, query.job, query.limit, query.mostLookedAt, read,
        [](const SlotRow& slot) { return slot.slotAt; },
        [](const SlotRow& a, const SlotRow& b) { return b.slotAt < a.slotAt; });
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

std::optional<SlotRow> readSlotOfRun(Poco::Data::Session& session, const std::string& run, TimePoint from,
                                     TimePoint until) {
    const auto rows =
        column(select<SlotTuple>(session,
                                 kSelectSlots + " WHERE recorded_at >= ? AND recorded_at < ? AND run = ? AND"
                                                " ending = 'ran' ORDER BY slot_at LIMIT 1",
                                 toMicros(from), toMicros(until), run),
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
