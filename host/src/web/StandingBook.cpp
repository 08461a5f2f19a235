#include "web/StandingBook.h"

namespace carillon {

StandingBook::Troubles StandingBook::troubles() {
    const std::lock_guard lock(_mutex);
    const auto began = Steady::now();
    if (began < _goodUntil) return _known;
    const auto configuration = _host.configuration();
    if (!_policy || &_policy->configuration() != configuration.get())
        _policy = std::make_shared<const AlertPolicy>(configuration);
    try {
        const auto standings = _stores.with([](RunStore& store) { return store.standings(); });
        _known = std::make_shared<const std::vector<JobTrouble>>(findTroubles(standings, *_policy, _clock.now()));
    } catch (const StoreException&) {  // the scheduler tells it
    }
    const auto ended = Steady::now();
    _goodUntil = ended + 20 * (ended - began);
    return _known;
}

}  // namespace carillon
