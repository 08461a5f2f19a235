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
        const auto standings = _stores.with([](RunStore& store) { return store.standings(); });
        auto known = std::make_shared<KnownStandings>();
        known->troubles = findTroubles(standings, *_policy, _clock.now());
        for (const auto& standing : standings)
            if (standing.snoozedUntil) known->snoozes.emplace(standing.job, *standing.snoozedUntil);
        _known = std::move(known);
    } catch (const StoreException&) {  // the scheduler tells it
    }
    const auto ended = Steady::now();
    _goodUntil = ended + 20 * (ended - began);
    return _known;
}

}  // namespace carillon
