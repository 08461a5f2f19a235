#pragma once

#include "access/WebAccess.h"
#include "pages/DayStrip.h"
#include "pages/OverviewOrder.h"
#include "pages/RunProgress.h"

#include <string>

namespace carillon {

/// A job's row in the overview.
struct OverviewRow {
    std::string job{};
    std::string title{};  ///< What people call it; without a title, its name.
    Badge badge{};
    std::string state{};
    std::string unmet{};    ///< What is not as expected; empty: all is.
    std::string rejects{};  ///< How many wait for a person; empty: none does.
    std::string last{};     ///< How long ago, HTML, as are those below; empty: never.
    Badge lastBadge{};
    std::string lastPath{};
    std::string message{};  ///< What the last run said, if it failed.
    std::string next{};
    std::string strip{};
    std::string trend{};
    std::string took{};      ///< The last run.
    std::string progress{};  ///< HTML, of the run that goes on; empty: none does.
    std::string pending{};   ///< How many items; empty: nobody knows.
    std::string pendingAge{};
    bool isRunning = false;
    bool isPaused = false;
    bool isEnabled = false;
    bool isFaulty = false;
};

OverviewRow overviewRowOf(const Reader& reader, const OverviewJob& job, DayStrips& strips);

/// `mayAct`: whether the row has buttons.
Fields fieldsOf(const OverviewRow& row, bool mayAct);

}  // namespace carillon
