#pragma once

#include "carillon/RunReport.h"
#include "record/RunListener.h"

#include "prometheus/client_metric.h"
#include "prometheus/metric_family.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
    /// The family, with that metric as its last one.
    prometheus::MetricFamily& addTo(const MetricKind& kind, Labels&& labels);

    std::map<std::string, prometheus::MetricFamily, std::less<>> _families{};
};

/// What runs and slots add up to, job by job, since this host began. Told by the scheduler, read by any thread.
/// Invariant: the mutex is held for one job's figures at a time, or for the list of names, whoever reads: the scheduler
/// never waits for as long as an answer takes to be written.
class Metrics final : public RunListener {
public:
    void runStarted(const RunIdentity& run) noexcept override;
    void runEnded(const RunIdentity& run, const RunReport& report, TimePoint finishedAt) noexcept override;
    void slotEnded(const SlotRow& slot) noexcept override;

    /// Whether it was told what the store knows of the job.
    bool hasRecalled(const std::string& job) const;
    /// What the store knows of the job: when it last succeeded, before this host began perhaps. A success since counts.
    void recall(const std::string& job, const std::optional<TimePoint>& lastSuccess);
    /// Forgets all other jobs.
    void keepOnly(const std::function<bool(const std::string& job)>& exists);

    /// Adds what there is of that job.
    void collect(const std::string& job, MetricFamilies& families) const;

private:
    static constexpr std::array kDurationBounds{0.01, 0.05, 0.1,   0.5,   1.0,    5.0,     10.0,
                                                30.0, 60.0, 300.0, 900.0, 3600.0, 14'400.0};
    static constexpr std::array kDelayBounds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 60.0, 300.0, 3600.0};

    /// Of one job; what a task reports beyond them is not shown.
    static constexpr std::size_t kMostTaskSeries = 32;

    /// carillon_task_NAME: a total is added up over the job's runs, any other is what the last run said.
    struct TaskSeries {
        Figure figure{};
        double value = 0;
    };

    struct Figures {
        std::map<std::pair<Outcome, Trigger>, std::uint64_t> runs{};
        std::map<std::pair<std::string, std::string>, std::uint64_t> slots{};  // by end and reason
        Histogram<kDurationBounds> duration{};
        Histogram<kDelayBounds> delay{};
        std::optional<TimePoint> lastSuccess{};
        std::vector<TaskSeries> task{};
        bool recalled = false;
    };

    static void noteTask(Figures& figures, const RunReport& report);
    Figures figuresOf(const std::string& job) const;
    static void collectTask(const MetricFamilies::Labels& job, const Figures& figures, MetricFamilies& families);

    mutable std::mutex _mutex;  // of all below
    std::map<std::string, Figures> _jobs{};
};

}  // namespace carillon
