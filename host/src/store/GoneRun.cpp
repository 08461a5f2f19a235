#include "store/GoneRun.h"

#include "schedule/LocalTime.h"
#include "store/ActivityTable.h"
#include "store/Claims.h"
#include "store/SlotTable.h"

#include <algorithm>
#include <chrono>

namespace carillon {
namespace {

using namespace std::chrono_literals;

/// Between the moment in the id and that of what is noted with the claim, which the store may have kept waiting.
constexpr std::chrono::seconds kEarlier{5};
constexpr std::chrono::seconds kLater{60};
constexpr std::size_t kActsLookedAt = 500;

}  // namespace

std::optional<TimePoint> timeOfRunId(const std::string& id) {
    constexpr std::string_view kForm = "20261122-103223-1a2b3c4d";
    if (id.size() != kForm.size()) return std::nullopt;
    const auto part = [&id](std::size_t at, std::size_t size) { return id.substr(at, size); };
    const auto at = parseRfc3339(part(0, 4) + '-' + part(4, 2) + '-' + part(6, 2) + 'T' + part(9, 2) + ':' +
                                 part(11, 2) + ':' + part(13, 2) + 'Z');
    // The digits at random are no matter; that the rest is its own form again refuses whatever else was read.
    return at && newRunId(*at).substr(0, 16) == id.substr(0, 16) ? at : std::nullopt;
}

std::optional<GoneRun> readGoneRun(Poco::Data::Session& session, const std::string& id) {
    const auto at = timeOfRunId(id);
    if (!at) return std::nullopt;
    GoneRun gone{*at, readSlotOfRun(session, id, *at - kEarlier, *at + kLater), {}};
    ActivityQuery query;
    query.since = *at - kEarlier;
    query.until = *at + kLater;
    query.limit = kActsLookedAt;
    const auto acts = readActivity(session, query);
    const auto act = std::find_if(acts.rbegin(), acts.rend(), [&id](const Activity& one) {
        return one.subject == id && !one.isRefused() && one.what != Act::Stop;
    });
    if (act != acts.rend()) gone.act = *act;
    return gone;
}

}  // namespace carillon
