#pragma once

#include "record/Run.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace carillon {

/// What a page shows of the report of a run. One that cannot be read is empty.
class ReportFigures {
public:
    explicit ReportFigures(const RunRow& run) : _report(reportOf(run)) {}

    bool hasAny() const { return !_report.figures.empty(); }
    /// Without what says the same once more for /metrics: parts of a total, and a role that another one has had.
    std::vector<Figure> shown() const;
    const std::vector<Message>& warnings() const { return _report.warnings; }
    /// It failed, and the task says that only a person can help.
    bool isGivenUp() const { return _report.givenUp; }
    std::int64_t warningsOmitted() const { return _report.warningsOmitted; }

    std::optional<std::int64_t> backlog() const { return _report.valueOf(FigureRole::Backlog); }
    std::int64_t rejected() const { return _report.valueOf(FigureRole::Rejected).value_or(0); }
    /// Items that it dealt with; of a report that does not tell, the first figure there is.
    std::optional<std::int64_t> items() const;
    /// How old the oldest item that it left was.
    std::optional<std::chrono::seconds> lag() const;

private:
    RunReport _report;
};

}  // namespace carillon
