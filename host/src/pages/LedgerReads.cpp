#include "pages/LedgerReads.h"

#include "words/HostTexts.h"

#include <algorithm>
#include <charconv>

namespace carillon {
namespace {

/// Rows that are looked at for one page, and of these so many at a time.
constexpr std::size_t kMostSlotsSeen = 10'000;
constexpr std::size_t kAtATime = 500;
/// Slots of one time that stand before a place: more are those of another host's clock.
constexpr std::size_t kMostAbove = 100'000;

/// Behind that row, which follows the place before.
LedgerPlace placeAfter(const std::optional<LedgerPlace>& before, const SlotRow& slot) {
    const bool isSame = before && before->at == slot.slotAt;
    return {slot.slotAt, isSame ? before->above + 1 : 1};
}

}  // namespace

std::string LedgerPlace::text() const {
    return std::to_string(at.time_since_epoch().count()) + ':' + std::to_string(above);
}

std::optional<LedgerPlace> ledgerPlaceOf(const WebCall& call) {
    const auto text = cursorOf(call);
    if (!text) return std::nullopt;
    const char* const end = text->data() + text->size();
    std::int64_t micros = 0;
    std::size_t above = 0;
    auto read = std::from_chars(text->data(), end, micros);
    if (read.ec == std::errc{} && read.ptr != end && *read.ptr == ':') read = std::from_chars(read.ptr + 1, end, above);
    if (read.ec != std::errc{} || read.ptr != end || above > kMostAbove)
        throw HttpRefusal(problem(400, "", sayHost("request.cursor")));
    return LedgerPlace{TimePoint(std::chrono::microseconds(micros)), above};
}

VisibleSlots visibleSlots(ApiContext& context, const Caller& caller, const SlotQuery& query,
                          const std::optional<LedgerPlace>& from) {
    VisibleSlots found;
    std::optional<LedgerPlace> place = from;
    for (std::size_t looked = 0; looked < kMostSlotsSeen; looked += kAtATime) {
        SlotQuery part = query;
        const std::size_t above = place ? place->above : 0;
        if (place) part.until = std::min(query.until, place->at + std::chrono::microseconds(1));
        part.limit = above + kAtATime;
        const auto [rows, lookedBackTo] = context.stores.with([&](RunStore& store) { return store.search(part); });
        for (std::size_t i = above; i < rows.size(); ++i) {
            const bool isSeen = caller.mayView(rows[i].job);
            if (isSeen && found.slots.size() == query.limit) {
                found.next = place;
                return found;
            }
            place = placeAfter(place, rows[i]);
            if (isSeen) found.slots.push_back(rows[i]);
        }
        if (rows.size() >= part.limit) continue;
        found.lookedBackTo = lookedBackTo;
        if (lookedBackTo) found.next = {*lookedBackTo - std::chrono::microseconds(1), 0};
        return found;
    }
    found.next = place;
    return found;
}

}  // namespace carillon
