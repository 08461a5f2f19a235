#pragma once

#include "Faults.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace testgateway {

struct RequestCounts {
    /// By Call, in its order; a call with a wrong key counts as well.
    std::array<std::int64_t, 4> calls{};
    std::size_t largestAcknowledge = 0;
    std::int64_t of(Call call) const { return calls[static_cast<std::size_t>(call)]; }
};

/// Any thread.
class RequestCounters {
public:
    void countCall(Call call);
    void noteAcknowledge(std::size_t ids);
    RequestCounts counts() const;
    void clear();

private:
    mutable std::mutex _mutex;
    RequestCounts _counts;
};

}  // namespace testgateway
