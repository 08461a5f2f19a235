#pragma once

#include "alerts/JobTroubles.h"
#include "api/ProgressBook.h"
#include "config/Configuration.h"
#include "pages/JobWords.h"
#include "pages/OverviewOrder.h"
#include "pages/OverviewRow.h"
#include "pages/PageService.h"
#include "pages/Wording.h"
#include "record/Kept.h"
#include "scheduler/HostActions.h"

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace carillon {

/// Something that needs a person.
struct Alarm {
    std::string what{};    ///< One sentence.
    std::string todo{};    ///< One sentence.
    std::string detail{};  ///< As the host or a task says it; may be empty.
    std::string path{};    ///< Where to look; may be empty.
    std::string detailLanguage = "en";
};

/// What of the host needs a person. `usersFault`: see AccessControl::fault().
std::vector<Alarm> alarmsOfHost(const Reader& reader, const HostState& state, const Configuration& configuration,
                                const Message& usersFault);

/// What of these jobs does, but for failed runs, which the overview has.
std::vector<Alarm> alarmsOfJobs(const Reader& reader, const std::vector<JobTrouble>& troubles);

/// What the overview is made from.
struct OverviewSource {
    std::vector<JobState> jobs{};
    std::vector<JobDay> days{};    ///< Of the same jobs.
    std::set<std::string> late{};  ///< Jobs whose slots pass without a run.
    /// What of what is expected of jobs is not met, by job.
    std::map<std::string, std::vector<ExpectationFinding>> unmet{};
    std::map<std::string, ProgressBook::Entry> progress{};  ///< Of the runs that go on, by run.
    std::map<std::string, std::int64_t> openRejects{};  ///< Items that wait for a person, of the jobs that have any.
    std::vector<Alarm> alarms{};                        ///< Of the host; nobody's who may see some jobs only.
    std::string state{};                                ///< Only jobs that stand so: a shown state; empty: all.
    std::string text{};                                 ///< Only jobs with it in name or title.
    OverviewOrder order{};
    std::size_t first = 0;            ///< Of those that match: where the page begins,
    std::size_t most = kJobsOfAPage;  ///< and how many it has.
    std::string notice{};             ///< What was just done; empty: nothing.
    std::string noticeJob{};          ///< With which job.
    std::optional<Kept> kept{};       ///< Of all jobs.
};

struct OverviewModel {
    std::vector<OverviewRow> rows{};
    std::vector<Alarm> alarms{};
    std::size_t all = 0;       ///< Jobs before they were filtered.
    std::size_t matching = 0;  ///< After that.
    /// Jobs by their shown state: together all of them.
    std::array<std::size_t, kEnumNames<ShownState>.size()> sums{};
    std::string axis{};  ///< HTML: the hours of the rows' strips.
    bool filtered = false;

    std::size_t sumOf(ShownState state) const { return sums[static_cast<std::size_t>(state)]; }
};

/// Pure.
OverviewModel overviewOf(const Reader& reader, const OverviewSource& source);

/// `/`: all jobs at a glance. Safe from any thread.
class OverviewPage {
public:
    HttpResponse answer(const PageFrame& frame, const PageRequest& request, const OverviewSource& source) const;

private:
    HttpResponse assemble(const PageFrame& frame, const PageRequest& request, const std::string& content,
                          const OverviewModel& model) const;

    Template _template{"overview.html"};
    Template _row{"overview-row.html"};
};

}  // namespace carillon
