#pragma once

#include "config/Expectations.h"
#include "pages/LogLines.h"
#include "pages/PageFrame.h"
#include "record/TaskMessage.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// What the page of a run is made from.
struct RunSource {
    RunRow run{};
    std::vector<LogEntry> log{};
    bool isLogCut = false;  ///< See LogFindings.
    bool hasLogFile = false;
    bool jobExists = false;                            ///< It may have been taken out of the configuration.
    std::string plugin{};                              ///< Of the job; empty without it.
    bool keepsRejects = false;                         ///< See TaskAbilities; not without the job.
    std::vector<ExpectationFinding> findings{};        ///< By what is expected of the job now.
    std::optional<Progress> progress{};                ///< While it goes on, if it tells any.
    std::optional<std::chrono::microseconds> usual{};  ///< What the runs of the job take.
    std::string notice{};
};

/// The lines for a list: `time` as HTML, `level`, `levelWords`, `job`, `jobPath` and `text`.
Fields logFields(const Reader& reader, const std::vector<LogEntry>& entries);

/// That lines are missing from a list, since no more of the logs is looked at.
std::string cutText(const Texts& texts);

/// `/runs/{run}`. Safe from any thread.
class RunPage {
public:
    HttpResponse answer(const PageFrame& frame, const PageRequest& request, const RunSource& source) const;

private:
    Template _template{"run.html"};
};

}  // namespace carillon
