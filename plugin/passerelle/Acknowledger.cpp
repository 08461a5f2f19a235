#include "Acknowledger.h"

#include "carillon/LogLine.h"

#include <algorithm>

namespace passerelle {

void IdRanges::add(std::int64_t id) {
    _sorted = false;
    if (!_ranges.empty() && _ranges.back().last + 1 == id)
        ++_ranges.back().last;
    else
        _ranges.push_back({id, id});
}

std::vector<std::int64_t> IdRanges::take(std::size_t most) {
    sort();
    std::vector<std::int64_t> ids;
    while (ids.size() < most && !_ranges.empty()) {
        Range& smallest = _ranges.back();
        ids.push_back(smallest.first);
        if (smallest.first++ == smallest.last) _ranges.pop_back();
    }
    return ids;
}

void IdRanges::sort() {
    if (_sorted) return;
    _sorted = true;
    std::sort(_ranges.begin(), _ranges.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
    auto merged = _ranges.begin();
    for (auto range = merged + 1; range != _ranges.end(); ++range) {
        if (range->first <= merged->last + 1)
            merged->last = std::max(merged->last, range->last);
        else
            *++merged = *range;
    }
    _ranges.erase(merged + 1, _ranges.end());
    std::reverse(_ranges.begin(), _ranges.end());
}

void Acknowledger::note(const Effects& effects) {
    for (const auto* rows : {&effects.received, &effects.redelivered})
        for (const auto& row : *rows)
            if (row.gatewayId > 0) (row.recognised ? _known : _strangers).add(row.gatewayId);
    _staying.insert(effects.staying.begin(), effects.staying.end());
}

void Acknowledger::acknowledge(bool inDoubt) {
    acknowledgeAll(_known);
    if (!inDoubt) acknowledgeAll(_strangers);
}

void Acknowledger::acknowledgeAll(IdRanges& all) {
    constexpr auto kMost = Gateway::kMaxAcknowledged;
    for (auto ids = all.take(kMost); !ids.empty(); ids = all.take(kMost)) {
        std::erase_if(ids, [this](std::int64_t id) { return _staying.contains(id); });
        if (ids.empty()) continue;
        _gateway.acknowledge(ids);
        _tally.acknowledged += static_cast<std::int64_t>(ids.size());
        _context.progress(static_cast<std::uint64_t>(_tally.acknowledged), static_cast<std::uint64_t>(_tally.fetched()),
                          say("progress.acknowledged"));
    }
}

std::optional<GatewayStats> Acknowledger::askStats() {
    try {
        return _gateway.stats();
    } catch (const Poco::Exception& e) {
        carillon::LogLine(_context.log(), "stats.unavailable", Poco::Message::PRIO_WARNING).field("error", e.message());
        return std::nullopt;
    }
}

/// Where somebody else acknowledges at the same time it moves further, and all of ours may be done before we ask at
/// all.
Message Acknowledger::reconcile(const GatewayStats& before) {
    const auto after = askStats();
    if (!after) return {};
    _tally.pendingAfter = after->pending;
    const std::int64_t arrived = std::max<std::int64_t>(0, after->total - before.total);
    const std::int64_t expected = std::max<std::int64_t>(0, before.pending - _tally.acknowledged) + arrived;
    if (after->pending == expected) return {};
    return say(after->pending > expected ? "counts.lost" : "counts.other", {{"pending", after->pending},
                                                                            {"expected", expected},
                                                                            {"before", before.pending},
                                                                            {"acknowledged", _tally.acknowledged},
                                                                            {"arrived", arrived}});
}

}  // namespace passerelle
