#pragma once

#include "carillon/Clock.h"
#include "store/Sql.h"

#include "Poco/Data/Session.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// How a list is searched without reading its whole table: along walks, each of which an index leads through from its
/// newest row on. Where not every row of a walk is wanted, only so many are looked at.

/// Rows that are looked at for one page, so that it takes 50 ms at most.
constexpr std::size_t kMostLookedAt = 50'000;
constexpr std::size_t kApart = 2;

/// What a search found, newest first.
template <class Row>
struct Found {
    std::vector<Row> rows{};
    std::optional<TimePoint> lookedBackTo{};  ///< What is older was not looked at; nothing: all was.
};

/// Conditions of SQL on one table. Where the job is to be bound, there is a parameter.
struct Walk {
    std::string path{};  ///< What an index leads through, in the order of the times.
    std::string rest{};  ///< What is wanted of it, each with an AND before it; empty: each row.
    /// Whether the rows themselves are read for that. They lie apart from each other: one takes as long as kApart rows
    /// that follow each other.
    bool isApart = false;
};

/// A column of times, and which of them.
struct Stretch {
    std::string table{};
    std::string column{};
    TimePoint since{};
    TimePoint until{};

    /// As a condition.
    std::string within() const {
        return column + " >= " + std::to_string(toMicros(since)) + " AND " + column + " < " +
               std::to_string(toMicros(until));
    }
};

/// From when on the walks may be searched in full, so that about `most` rows are looked at; nothing: all of it.
std::optional<TimePoint> floorOf(Poco::Data::Session& session, const std::vector<Walk>& walks, const Stretch& stretch,
                                 const std::string& job, std::size_t most);

/// Searches the walks one after the other and keeps the newest `limit` rows. `read(walk, stretch)` returns its newest
/// rows in order, `timeOf` when one was, and `isNewer` compares two. `mostLookedAt` 0: all that there is.
template <class Row, class Read, class TimeOf, class IsNewer>
Found<Row> searchWalks(Poco::Data::Session& session, const std::vector<Walk>& walks, Stretch stretch,
                       const std::string& job, std::size_t limit, std::size_t mostLookedAt, Read read, TimeOf timeOf,
                       IsNewer isNewer) {
    Found<Row> found;
    if (mostLookedAt > 0) found.lookedBackTo = floorOf(session, walks, stretch, job, mostLookedAt);
    if (found.lookedBackTo) stretch.since = *found.lookedBackTo;
    for (const auto& walk : walks) {
        auto rows = read(walk, stretch);
        const auto middle = static_cast<std::ptrdiff_t>(found.rows.size());
        std::move(rows.begin(), rows.end(), std::back_inserter(found.rows));
        std::inplace_merge(found.rows.begin(), found.rows.begin() + middle, found.rows.end(), isNewer);
        if (found.rows.size() < limit) continue;
        found.rows.resize(limit);
        // What is older would not be among them.
        if (limit > 0) stretch.since = timeOf(found.rows.back());
    }
    if (found.rows.size() >= limit) found.lookedBackTo.reset();
    return found;
}

}  // namespace carillon
