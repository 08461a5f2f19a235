#pragma once

#include "pages/PageFrame.h"
#include "pages/Template.h"
#include "record/Run.h"
#include "store/FilterWords.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// What the page of the ledger is made from.
struct LedgerSource {
    std::vector<std::string> jobs{};  ///< To choose from.
    std::string job{};                ///< Empty: all.
    FilterWords filter{};
    std::vector<SlotRow> slots{};                 ///< Newest first.
    std::map<std::string, RunRow> runs{};         ///< Of these slots, by id, as far as the history has them.
    std::map<std::string, std::string> titles{};  ///< Of jobs.
    std::optional<TimePoint> lookedBackTo{};      ///< What is older was not looked at.
    std::string next{};                           ///< Where the list goes on; empty: nowhere.
    bool isFirst = true;
};

/// `/ledger`. Safe from any thread.
class LedgerPage {
public:
    HttpResponse answer(const PageFrame& frame, const PageRequest& request, const LedgerSource& source) const;

private:
    Template _template{"ledger.html"};
};

}  // namespace carillon
