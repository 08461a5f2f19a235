#pragma once

#include "prometheus/metric_family.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// What a metric is called and means. `help`: a sentence, with the unit.
struct MetricKind {
    std::string_view name{};
    std::string_view help{};
    prometheus::MetricType type = prometheus::MetricType::Gauge;
};

/// The metrics of one answer, family by family. One thread.
class MetricFamilies {
public:
    using Labels = std::vector<prometheus::ClientMetric::Label>;

    /// Of a counter or a gauge.
    void add(const MetricKind& kind, Labels labels, double value);
    /// Unless it is empty.
    void add(const MetricKind& kind, Labels labels, prometheus::ClientMetric::Histogram histogram);

    /// In the text format 0.0.4 of Prometheus, by name.
    std::string text() const;

private:
    prometheus::ClientMetric& addTo(const MetricKind& kind, Labels&& labels);

    std::map<std::string, prometheus::MetricFamily, std::less<>> _families{};
};

}  // namespace carillon
