#include "alerts/HostTrouble.h"

#include "words/HostTexts.h"

#include <utility>

namespace carillon {

void HostTrouble::storeFailed(const std::string& problem, TimePoint since) {
    if (!_store) _store = StoreFault{problem, since, false};
}

void HostTrouble::storeRecovered(TimePoint at) {
    if (_store && _store->told) _due.push_back(alertOf(sayHost("host.storeworks"), at, _store->since, false));
    _store.reset();
}

void HostTrouble::happened(const Message& what, TimePoint at) {
    _due.push_back(alertOf(what, at, at, true));
}

std::vector<Alert> HostTrouble::take(TimePoint now, std::chrono::milliseconds patience) {
    if (_store && !_store->told && now - _store->since >= patience) {
        _store->told = true;
        _due.push_back(alertOf(sayHost("host.storefails", {{"why", _store->problem}}), now, _store->since, true));
    }
    return std::exchange(_due, {});
}

Alert HostTrouble::alertOf(const Message& message, TimePoint at, TimePoint since, bool lasts) const {
    Alert alert;
    alert.kind = AlertKind::Host;
    alert.host = _host;
    alert.event = message.text + '\n' + std::to_string(at.time_since_epoch().count());
    alert.message = message;
    alert.at = at;
    alert.since = since;
    alert.count = lasts ? 1 : 0;
    return alert;
}

}  // namespace carillon
