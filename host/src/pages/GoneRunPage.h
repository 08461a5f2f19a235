#pragma once

#include "pages/LogLines.h"
#include "pages/PageFrame.h"
#include "store/GoneRun.h"

#include <string>
#include <vector>

namespace carillon {

/// What the page of a run that the history no longer has is made from.
struct GoneRunSource {
    std::string run{};
    GoneRun gone{};
    bool jobExists = false;       ///< It may have been taken out of the configuration.
    std::vector<LogEntry> log{};  ///< Often none any more.
};

/// `/runs/{run}` of a run of which only other tables tell: with status 404, and all that they know. Safe from any
/// thread.
class GoneRunPage {
public:
    HttpResponse answer(const PageFrame& frame, const PageRequest& request, const GoneRunSource& source) const;

private:
    Template _template{"run-gone.html"};
};

}  // namespace carillon
