#include "store/RowSearch.h"

namespace carillon {

std::optional<TimePoint> floorOf(Poco::Data::Session& session, const std::vector<Walk>& walks, const Stretch& stretch,
                                 const std::string& job, std::size_t most) {
    std::optional<TimePoint> floor;
    for (const auto& walk : walks) {
        if (walk.rest.empty()) continue;
        const auto rows = select<Poco::Tuple<Poco::Int64>>(
            session,
            "SELECT " + stretch.column + " FROM " + stretch.table + " WHERE " + walk.path + " AND " + stretch.within() +
                " ORDER BY " + stretch.column + " DESC LIMIT 1 OFFSET ?",
            job, static_cast<Poco::Int64>(walk.isApart ? most / kApart : most));
        if (!rows.empty()) floor = std::max(floor.value_or(TimePoint{}), fromMicros(rows.front().get<0>()));
    }
    return floor;
}

}  // namespace carillon
