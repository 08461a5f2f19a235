#pragma once

#include "calendar/Timetable.h"
#include "pages/DayBook.h"
#include "pages/JobWords.h"
#include "pages/PageFrame.h"
#include "pages/Template.h"
#include "pages/Wording.h"
#include "record/Run.h"
#include "record/TaskMessage.h"
#include "store/FilterWords.h"

#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// A row of the table of runs: path, started, age, outcome, colour, took, items, trigger, message. HTML but for trigger
/// and message.
Fields runLine(const Reader& reader, const RunRow& run);
Fields runLines(const Reader& reader, const std::vector<RunRow>& runs);

/// A chart of the last runs, for charts.js: what it shows in words, and its points as JSON.
struct RunChart {
    std::string title{};
    std::string alternative{};
    std::string points{};  ///< `[[milliseconds since 1970, value, "run"],…]`, the oldest first.
};

/// Items, duration, what was left and how late they began; those that no run has a figure for are left out. `runs`:
/// newest first.
std::vector<RunChart> runChartsOf(const Reader& reader, const std::vector<RunRow>& runs);

/// A slot that lies ahead.
struct PlannedSlot {
    TimePoint at{};
    SlotReason off{};  ///< Why it does not fire; None: it does.
};

/// What the page of a job is made from.
struct JobSource {
    JobRef job{};
    JobState state{};
    JobDay day{};
    std::optional<Progress> progress{};  ///< Of the run that goes on, if it tells any.
    std::vector<RunRow> lastRuns{};      ///< For the charts, newest first.
    std::vector<RunRow> runs{};          ///< The page of the table.
    std::vector<PlannedSlot> firings{};  ///< The next ones.
    std::optional<TimePoint> snoozedUntil{};
    bool isLate = false;                      ///< Its slots pass without a run.
    std::vector<ExpectationFinding> unmet{};  ///< What of what is expected of it is not met.
    std::int64_t openRejects = 0;             ///< Items that wait for a person.
    TaskAbilities abilities{};                ///< Where its pages lead on to.
    FilterWords filter{};                     ///< Of the runs in the table.
    std::string next{};                       ///< Where the table goes on; empty: nowhere.
    std::optional<TimePoint> lookedBackTo{};  ///< Older runs were not looked at for it.
    bool isFirst = true;                      ///< The table's first page.
    std::string notice{};                     ///< What was just done; may be empty.
};

/// The next slots of a job that fire, whether it is enabled or not, with the days off and blackouts before each; none
/// for one that is faulty or has no schedule.
std::vector<PlannedSlot> nextFirings(const JobRef& job, TimePoint after, std::size_t count);

/// `/jobs/{job}`. Safe from any thread.
class JobPage {
public:
    HttpResponse answer(const PageFrame& frame, const PageRequest& request, const JobSource& source) const;

private:
    Template _template{"job.html"};
};

}  // namespace carillon
