#pragma once

#include "schedule/TimeZone.h"
#include "store/RunTable.h"
#include "store/SlotTable.h"

#include <string>

namespace carillon {

/// What of a list is wanted, as people type it; an empty word wants all.
struct FilterWords {
    std::string since{};    ///< See parseTypedTime(); from its beginning,
    std::string until{};    ///< to its end.
    std::string outcome{};  ///< Of a run, or running; of a slot: how it ended.
    std::string trigger{};
    std::string longer{};  ///< Of a run, such as 5m.
    std::string text{};
};

/// Times are those of the zone. Throw Poco::SyntaxException with a sentence that begins with the name of the word.
void apply(const FilterWords& words, const TimeZone& zone, TimePoint now, RunQuery& query);
void apply(const FilterWords& words, const TimeZone& zone, TimePoint now, SlotQuery& query);

}  // namespace carillon
