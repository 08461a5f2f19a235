#pragma once

#include "alerts/AlertPolicy.h"
#include "alerts/AlertStore.h"
#include "alerts/ExpectationDecision.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// When jobs last succeeded that are expected to do so within some time. One thread; what the store throws is passed
/// on, and the same is done when it is asked again.
class SuccessWatch {
public:
    /// Goes on with that policy, and has the store know since when a success is expected of which jobs. Of a job that
    /// is disabled none is; of one that is paused or has faults one is all the same.
    void follow(const std::shared_ptr<const AlertPolicy>& policy, AlertStore& store, TimePoint now);

    /// One that the store may not know yet.
    void succeeded(const std::string& job, TimePoint at);

    /// The jobs that have had none for too long. The store is asked of these alone, as another host may know of one.
    std::vector<SuccessOverdue> overdue(AlertStore& store, TimePoint now);

private:
    struct Awaited {
        Expectation expectation{};
        TimePoint knownSince{};
        std::optional<TimePoint> lastSuccess{};
    };

    std::shared_ptr<const AlertPolicy> _policy{};
    std::map<std::string, Awaited> _jobs{};
};

}  // namespace carillon
