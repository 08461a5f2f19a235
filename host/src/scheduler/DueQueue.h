#pragma once

#include "carillon/Clock.h"
#include "scheduler/JobTable.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace carillon {

/// When to look at which job next: one time a job. One thread.
class DueQueue {
public:
    /// Forgets everything; from now on there are so many jobs.
    void reset(std::size_t jobs) {
        _entries = {};
        _times.assign(jobs, kNever);
    }

    /// In place of what was said of the job before; kNever: not at all.
    void set(JobIndex job, TimePoint at) {
        if (std::exchange(_times[job], at) != at && at != kNever) _entries.emplace(at, job);
    }

    /// Not after the earliest time; kNever: there is none.
    TimePoint nextAt() const { return _entries.empty() ? kNever : _entries.top().first; }

    /// Takes out the job whose time came first, if it has come.
    std::optional<JobIndex> takeDue(TimePoint now) {
        while (!_entries.empty() && _entries.top().first <= now) {
            const auto [at, job] = _entries.top();
            _entries.pop();
            if (_times[job] != at) continue;  // replaced since
            _times[job] = kNever;
            return job;
        }
        return std::nullopt;
    }

private:
    using Entry = std::pair<TimePoint, JobIndex>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> _entries;
    std::vector<TimePoint> _times;
};

}  // namespace carillon
