#pragma once

#include "runner/RunTicket.h"
#include "scheduler/ScheduleBook.h"

#include <map>
#include <memory>
#include <utility>

namespace carillon {

/// Claims that were made a moment before their slots: each is granted when its run is to begin, which is the startedAt
/// of its identity. One thread.
class HeldClaims {
public:
    void hold(const Claim& claim, std::shared_ptr<PendingClaim> pending) {
        const TimePoint at = claim.identity.startedAt;
        _held.emplace(at, std::pair(claim, std::move(pending)));
    }

    /// When the first of them is to be granted; kNever: there is none.
    TimePoint nextAt() const { return _held.empty() ? kNever : _held.begin()->first; }

    void grantDue(TimePoint now) {
        // What is further away than it can have been was overtaken by a clock that was set back.
        while (!_held.empty() && (nextAt() <= now || nextAt() > now + kHeadStart)) {
            auto [claim, pending] = std::move(_held.begin()->second);
            _held.erase(_held.begin());
            pending->grant(std::move(claim));
        }
    }

private:
    std::multimap<TimePoint, std::pair<Claim, std::shared_ptr<PendingClaim>>> _held;
};

}  // namespace carillon
