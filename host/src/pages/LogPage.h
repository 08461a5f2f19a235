#pragma once

#include "api/Router.h"
#include "pages/LogLines.h"
#include "pages/PageFrame.h"
#include "schedule/TimeZone.h"

#include <string>
#include <vector>

namespace carillon {

/// What the log viewer is made from.
struct LogSource {
    std::vector<std::string> jobs{};  ///< To choose from.
    std::string job{};                ///< The chosen one, or a pattern; empty: those that ran last.
    bool isOfOne = false;             ///< It is a job, and no pattern.
    LogQuery query{};
    std::string since{};  ///< As they were typed.
    std::string until{};
    std::vector<LogEntry> entries{};
    bool isCut = false;  ///< See LogFindings.
};

/// `?level=…&text=…&since=…&until=…`, and how many as that word says; times are those of the zone. Throws HttpRefusal:
/// 400.
LogQuery logQueryOf(const WebCall& call, const char* count, const TimeZone& zone, TimePoint now);

/// `/log`. Safe from any thread.
class LogPage {
public:
    HttpResponse answer(const PageFrame& frame, const PageRequest& request, const LogSource& source) const;

private:
    Template _template{"log.html"};
};

}  // namespace carillon
