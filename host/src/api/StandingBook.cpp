#include "api/StandingBook.h"

#include <utility>

namespace carillon {

std::shared_ptr<const KnownStandings> StandingBook::read() {
    const std::lock_guard lock(_mutex);
    const auto began = Steady::now();
    if (began < _goodUntil) return _known;
    const auto configuration = _host.configuration();
    if (!_policy || &_policy->configuration() != configuration.get())
        _policy = std::make_shared<const AlertPolicy>(configuration);
    try {
        const auto now = _clock.now();
        const auto [standings, unmet] = _stores.with([&](RunStore& store) {
            auto all = store.standings();
            auto ofAll = readUnmet(
                store, all, *_policy, [](const std::string&) { return true; }, now);
            return std::pair(std::move(all), std::move(ofAll));
        });
        auto known = std::make_shared<KnownStandings>();
        known->troubles = merged(findTroubles(standings, *_policy, now), unmet);
        for (const auto& job : _policy->expectingJobs()) known->unmet[job.name()];
        for (const auto& trouble : unmet) known->unmet[trouble.job].push_back(*trouble.expectation);
        for (const auto& standing : standings) {
            if (standing.snoozedUntil) known->snoozes.emplace(standing.job, *standing.snoozedUntil);
            if (standing.openRejects > 0) known->openRejects.emplace(standing.job, standing.openRejects);
        }
        _known = std::move(known);
    } catch (const StoreException&) {  // the scheduler tells it
    }
    const auto ended = Steady::now();
    _goodUntil = ended + 20 * (ended - began);
    return _known;
}

}  // namespace carillon
