#pragma once

#include "pages/PageFrame.h"
#include "pages/Template.h"
#include "store/ActivityTable.h"

#include <string>
#include <vector>

namespace carillon {

/// What the page of the activity log is made from.
struct ActivitySource {
    std::vector<std::string> jobs{};  ///< To choose from.
    ActivityQuery query{};
    std::string since{};  ///< As it was given.
    std::vector<Activity> rows{};
    std::string next{};    ///< Where the list goes on; empty: nowhere.
    bool seesAll = false;  ///< See seesAllActivity().
};

/// `/activity`. Safe from any thread.
class ActivityPage {
public:
    HttpResponse answer(const PageFrame& frame, const PageRequest& request, const ActivitySource& source) const;

private:
    Template _template{"activity.html"};
};

}  // namespace carillon
