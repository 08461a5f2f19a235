#include "RequestCounters.h"

#include <algorithm>

namespace testgateway {

void RequestCounters::countCall(Call call) {
    const std::scoped_lock lock(_mutex);
    ++_counts.calls[static_cast<std::size_t>(call)];
}

void RequestCounters::noteAcknowledge(std::size_t ids) {
    const std::scoped_lock lock(_mutex);
    _counts.largestAcknowledge = std::max(_counts.largestAcknowledge, ids);
}

RequestCounts RequestCounters::counts() const {
    const std::scoped_lock lock(_mutex);
    return _counts;
}

void RequestCounters::clear() {
    const std::scoped_lock lock(_mutex);
    _counts = {};
}

}  // namespace testgateway
