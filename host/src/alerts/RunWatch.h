#pragma once

#include "alerts/AlertPolicy.h"
#include "alerts/ExpectationDecision.h"
#include "record/Run.h"

#include <map>
#include <string>
#include <vector>

namespace carillon {

/// The runs in progress of jobs whose runs may take so long at most. One thread.
class RunWatch {
public:
    /// Of a job of which that is not expected: nothing.
    void began(const RunIdentity& run, const AlertPolicy& policy);
    void ended(const std::string& run) { _runs.erase(run); }

    /// Those that take too long by what the policy says now; each again after a while, as what is snoozed may be told
    /// by then.
    std::vector<SlowRun> slow(const AlertPolicy& policy, TimePoint now);

private:
    struct Watched {
        std::string job{};
        TimePoint startedAt{};
        TimePoint nextLook{};
    };
    std::map<std::string, Watched> _runs{};
};

}  // namespace carillon
