#pragma once

#include "carillon/Clock.h"
#include "scheduler/JobTable.h"

#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace carillon {

/// When to look at which job next. An entry is only a hint: a job that was looked at meanwhile is looked at again, and
/// then has nothing due. One thread.
class DueQueue {
public:
    void add(TimePoint at, JobIndex job) {
        if (at != kNever) _entries.emplace(at, job);
    }
    void clear() { _entries = {}; }

    /// The earliest entry; kNever: there is none.
    TimePoint nextAt() const { return _entries.empty() ? kNever : _entries.top().first; }

    /// Takes the earliest entry out if its time has come.
    std::optional<JobIndex> takeDue(TimePoint now) {
        if (_entries.empty() || _entries.top().first > now) return std::nullopt;
        const JobIndex job = _entries.top().second;
        _entries.pop();
        return job;
    }

private:
    using Entry = std::pair<TimePoint, JobIndex>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> _entries;
};

}  // namespace carillon
