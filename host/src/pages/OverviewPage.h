#pragma once

#include "alerts/JobTroubles.h"
#include "config/Configuration.h"
#include "pages/JobWords.h"
#include "pages/PageFrame.h"
#include "pages/Wording.h"
#include "scheduler/HostActions.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace carillon {

/// Something that needs a person.
struct Alarm {
    std::string what{};    ///< One sentence.
    std::string todo{};    ///< One sentence.
    std::string detail{};  ///< As the host itself says it, in English; may be empty.
    std::string path{};    ///< Where to look; may be empty.
};

/// What of the host needs a person. `usersFault`: see AccessControl::fault().
std::vector<Alarm> alarmsOfHost(const Reader& reader, const HostState& state, const Configuration& configuration,
                                const std::string& usersFault);

/// What of these jobs does, but for failed runs, which the overview has.
std::vector<Alarm> alarmsOfJobs(const Reader& reader, const std::vector<JobTrouble>& troubles);

/// What the overview is made from.
struct OverviewSource {
    std::vector<JobState> jobs{};
    std::vector<JobDay> days{};    ///< Of the same jobs.
    std::set<std::string> late{};  ///< Jobs whose slots pass without a run.
    /// What of what is expected of jobs is not met, by job.
    std::map<std::string, std::vector<ExpectationFinding>> unmet{};
    std::vector<Alarm> alarms{};  ///< Of the host; nobody's who may see some jobs only.
    std::string state{};          ///< Only jobs that stand so: a shown state; empty: all.
    std::string text{};           ///< Only jobs with it in name or title.
    std::string next{};           ///< Where the list goes on; empty: nowhere.
};

/// A job's row.
struct OverviewRow {
    std::string job{};
    std::string title{};
    Badge badge{};
    std::string state{};
    std::string unmet{};  ///< What is not as expected; empty: all is.
    std::string last{};   ///< HTML, as are those below; empty: never.
    Badge lastBadge{};
    std::string lastAge{};
    std::string lastPath{};
    std::string message{};  ///< What the last run said, if it failed.
    std::string next{};
    std::string nextIn{};
    std::string strip{};
    std::string trend{};
    std::string took{};     ///< The last run.
    std::string pending{};  ///< How many items; empty: nobody knows.
    std::string pendingAge{};
};

struct OverviewModel {
    std::vector<OverviewRow> rows{};
    std::vector<Alarm> alarms{};
    std::size_t all = 0;  ///< Jobs before they were filtered.
    std::size_t failed = 0;
    std::size_t running = 0;
    std::size_t paused = 0;
    bool filtered = false;
};

/// Pure.
OverviewModel overviewOf(const Reader& reader, const OverviewSource& source);

/// `/`: all jobs at a glance. Safe from any thread.
class OverviewPage {
public:
    HttpResponse answer(const PageFrame& frame, const PageRequest& request, const OverviewSource& source) const;

private:
    Template _template{"overview.html"};
    Template _row{"overview-row.html"};
};

}  // namespace carillon
