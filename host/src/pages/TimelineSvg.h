#pragma once

#include "pages/LocalDay.h"
#include "pages/Wording.h"
#include "record/Run.h"
#include "store/RunTable.h"

#include <string>
#include <vector>

namespace carillon {

/// A slot of the timeline that has no run.
struct TimelineSlot {
    TimePoint at{};
    SlotEnding ending = SlotEnding::Missed;
};

/// What became of a job on a day, and what is to come.
struct TimelineLane {
    std::string job{};
    std::string title{};
    std::vector<RunFigure> runs{};
    std::vector<TimelineSlot> slots{};  ///< Missed or skipped.
    std::vector<TimePoint> planned{};   ///< Firings ahead.
};

/// Days as pictures, SVG, a lane a job: a bar for each run from its beginning to its end, as far as that is in the day,
/// a mark for each slot without a run, and one for each firing to come. Each has a tooltip; runs and slots lead to what
/// became of them, runs of a grain Lane to all of the job's runs of the day. Borrows all.
class TimelineSvg {
public:
    enum class Grain { Run, Lane };
    TimelineSvg(const Reader& reader, const LocalDay& day, Grain grain = Grain::Run);

    std::string lane(const TimelineLane& lane) const;
    /// The hours, as wide as a lane.
    std::string axis() const;

private:
    /// Minutes since the day began, which the picture is as many wide as there are in it.
    std::int64_t minuteOf(TimePoint at) const;
    std::string barOf(const RunFigure& run) const;
    std::string titleOf(const RunFigure& run) const;
    void addRuns(std::string& svg, const TimelineLane& lane) const;
    void addMark(std::string& svg, const std::string& path, TimePoint at, const std::string& words,
                 const std::string& colour) const;
    std::string clockOf(TimePoint at) const;

    const Reader& _reader;
    const LocalDay& _day;
    const std::int64_t _minutes;
    const Grain _grain;
    std::string _frame{};  // the beginning of each picture
};

/// `12 succeeded, 1 failed, 2 missed`; empty: nothing was.
std::string laneInWords(const Texts& texts, const TimelineLane& lane);

}  // namespace carillon
