#pragma once

#include "metrics/Histogram.h"
#include "metrics/MetricFamilies.h"
#include "scheduler/SchedulerListener.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// What runs and slots add up to, job by job, since this host began. Told by the scheduler, read by any thread.
/// Invariant: the mutex is held for one job's figures at a time, or for the list of names, whoever reads: the scheduler
/// never waits for as long as an answer takes to be written.
class Metrics final : public SchedulerListener {
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

    struct Figures {
        std::map<std::pair<Outcome, std::string_view>, std::uint64_t> runs{};  // by trigger, of kTriggers
        std::map<std::pair<std::string, std::string>, std::uint64_t> slots{};  // by end and reason
        Histogram<kDurationBounds> duration{};
        Histogram<kDelayBounds> delay{};
        std::optional<TimePoint> lastSuccess{};
        std::vector<std::pair<std::string, double>> task{};  // by the counter's name
        bool recalled = false;
    };

    static void noteTask(Figures& figures, const RunReport& report);
    Figures figuresOf(const std::string& job) const;
    static void collectTask(const MetricFamilies::Labels& job, const Figures& figures, MetricFamilies& families);

    mutable std::mutex _mutex;  // of all below
    std::map<std::string, Figures> _jobs{};
};

}  // namespace carillon
