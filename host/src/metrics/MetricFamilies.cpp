#include "metrics/MetricFamilies.h"

#include "prometheus/text_serializer.h"

#include <sstream>
#include <utility>

namespace carillon {

void MetricFamilies::add(const MetricKind& kind, Labels labels, double value) {
    auto& metric = addTo(kind, std::move(labels));
    (kind.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
}

void MetricFamilies::add(const MetricKind& kind, Labels labels, prometheus::ClientMetric::Histogram histogram) {
    if (histogram.sample_count > 0) addTo(kind, std::move(labels)).histogram = std::move(histogram);
}

prometheus::ClientMetric& MetricFamilies::addTo(const MetricKind& kind, Labels&& labels) {
    auto family = _families.find(kind.name);
    if (family == _families.end()) {
        const std::string name(kind.name);
        family = _families.emplace(name, prometheus::MetricFamily{name, std::string(kind.help), kind.type, {}}).first;
    }
    auto& metric = family->second.metric.emplace_back();
    metric.label = std::move(labels);
    return metric;
}

std::string MetricFamilies::text() const {
    std::ostringstream out;
    // One by one: all of them at once would be copied first.
    for (const auto& [name, family] : _families) prometheus::TextSerializer().Serialize(out, {family});
    return std::move(out).str();
}

}  // namespace carillon
