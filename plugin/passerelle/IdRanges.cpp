#include "IdRanges.h"

#include <algorithm>

namespace passerelle {

void IdRanges::add(std::int64_t id) {
    _sorted = false;
    if (!_ranges.empty() && _ranges.back().last + 1 == id)
        ++_ranges.back().last;
    else
        _ranges.push_back({id, id});
}

std::vector<std::int64_t> IdRanges::take(std::size_t most) {
    sort();
    std::vector<std::int64_t> ids;
    while (ids.size() < most && !_ranges.empty()) {
        Range& smallest = _ranges.back();
        ids.push_back(smallest.first);
        if (smallest.first++ == smallest.last) _ranges.pop_back();
    }
    return ids;
}

void IdRanges::sort() {
    if (_sorted) return;
    _sorted = true;
    std::sort(_ranges.begin(), _ranges.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
    auto merged = _ranges.begin();
    for (auto range = merged + 1; range != _ranges.end(); ++range) {
        if (range->first <= merged->last + 1)
            merged->last = std::max(merged->last, range->last);
        else
            *++merged = *range;
    }
    _ranges.erase(merged + 1, _ranges.end());
    std::reverse(_ranges.begin(), _ranges.end());
}

}  // namespace passerelle
