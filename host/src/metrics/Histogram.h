#pragma once

#include "prometheus/client_metric.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace carillon {

/// How many values fell below each bound, and their sum. Smaller than prometheus::Histogram by its mutex and its copy
/// of the bounds: there is one a job, and there may be a hundred thousand jobs. `kBounds`: ascending. One thread.
template <const auto& kBounds>
class Histogram {
public:
    void observe(double value) {
        const auto bound =
            std::lower_bound(kBounds.begin(), kBounds.end(), value);  // a bound belongs to what it bounds
        ++_counts[static_cast<std::size_t>(bound - kBounds.begin())];
        _sum += value;
    }

    /// Cumulative, as Prometheus wants them.
    prometheus::ClientMetric::Histogram collect() const {
        prometheus::ClientMetric::Histogram all;
        all.sample_sum = _sum;
        for (std::size_t i = 0; i < _counts.size(); ++i) {
            all.sample_count += _counts[i];
            const bool last = i == kBounds.size();
            all.bucket.push_back({all.sample_count, last ? std::numeric_limits<double>::infinity() : kBounds[i]});
        }
        return all;
    }

private:
    std::array<std::uint64_t, kBounds.size() + 1> _counts{};
    double _sum = 0;
};

}  // namespace carillon
