#include "metrics/Metrics.h"

#include "record/Run.h"

#include "prometheus/text_serializer.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <sstream>

namespace carillon {
namespace {

using prometheus::MetricType;

constexpr MetricKind kRuns{"carillon_job_runs_total", "Runs of the job that have ended, since the host began.",
                           MetricType::Counter};
constexpr MetricKind kDuration{"carillon_job_run_duration_seconds",
                               "How long the job's runs took, from the start to the end, in seconds.",
                               MetricType::Histogram};
constexpr MetricKind kDelay{
    "carillon_job_start_delay_seconds",
    "How long after they were due or asked for the job's runs began, in seconds; without retries.",
    MetricType::Histogram};
constexpr MetricKind kLastSuccess{
    "carillon_job_last_success_timestamp_seconds",
    "When the job last succeeded or found nothing to do, in seconds since 1970; also before the host began."};
constexpr MetricKind kSlots{"carillon_job_slots_total",
                            "Due times of the job that have ended in this way for this reason, since the host began.",
                            MetricType::Counter};

/// A client of the host's socket may say anything.
constexpr std::string_view kOther = "other";

constexpr std::size_t kMostSlotSeries = 16;

constexpr std::size_t kLongestWord = 64;

bool isWord(std::string_view text) {
    return !text.empty() && text.size() <= kLongestWord && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

/// See Figure. The name of a label begins with no digit, and `job` and what begins with two underscores are not the
/// task's. One page holds all jobs: what Prometheus does not read must not get there. The labels are in their order.
bool canBeShown(const Figure& figure) {
    const auto isGood = [](const auto& label) {
        return isWord(label.first) && !std::isdigit(label.first.front()) && label.first != "job" &&
               !label.first.starts_with("__") && isWord(label.second);
    };
    const auto isTwice = [](const auto& one, const auto& next) { return one.first == next.first; };
    return isWord(figure.name) && std::all_of(figure.labels.begin(), figure.labels.end(), isGood) &&
           std::adjacent_find(figure.labels.begin(), figure.labels.end(), isTwice) == figure.labels.end();
}

double seconds(TimePoint::duration duration) {
    return std::chrono::duration<double>(duration).count();
}

MetricFamilies::Labels with(MetricFamilies::Labels labels,
                            std::initializer_list<prometheus::ClientMetric::Label> more) {
    labels.insert(labels.end(), more);
    return labels;
}

/// Which day off or blackout it was would be a series of its own each.
std::string labelOf(const SlotReason& reason) {
    for (const auto skip : {SkipReason::DayOff, SkipReason::Moved, SkipReason::Blackout, SkipReason::Paused})
        if (reason.skip == skip) return std::string(nameOf(skip));
    return textOf(reason);
}

}  // namespace

void MetricFamilies::add(const MetricKind& kind, Labels labels, double value) {
    auto& family = addTo(kind, std::move(labels));
    auto& metric = family.metric.back();
    // As the first one said: jobs may report the same name as different kinds.
    (family.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
}

void MetricFamilies::add(const MetricKind& kind, Labels labels, prometheus::ClientMetric::Histogram histogram) {
    if (histogram.sample_count > 0) addTo(kind, std::move(labels)).metric.back().histogram = std::move(histogram);
}

prometheus::MetricFamily& MetricFamilies::addTo(const MetricKind& kind, Labels&& labels) {
    auto family = _families.find(kind.name);
    if (family == _families.end()) {
        const std::string name(kind.name);
        family = _families.emplace(name, prometheus::MetricFamily{name, std::string(kind.help), kind.type, {}}).first;
    }
    family->second.metric.emplace_back().label = std::move(labels);
    return family->second;
}

std::string MetricFamilies::text() const {
    std::ostringstream out;
    // One by one: all of them at once would be copied first.
    for (const auto& [name, family] : _families) prometheus::TextSerializer().Serialize(out, {family});
    return std::move(out).str();
}

void Metrics::runStarted(const RunIdentity& run) noexcept {
    if (run.attempt > 1 || run.trigger == Trigger::Backfill) return;  // later than the slot on purpose
    const double delay = std::max(0.0, seconds(run.startedAt - run.scheduledAt));
    const std::lock_guard lock(_mutex);
    _jobs[run.job].delay.observe(delay);
}

void Metrics::runEnded(const RunIdentity& run, const RunReport& report, TimePoint finishedAt) noexcept {
    const std::lock_guard lock(_mutex);
    Figures& figures = _jobs[run.job];
    ++figures.runs[{report.outcome, run.trigger}];
    if (run.startedAt != TimePoint{})  // else nobody saw when it ended
        figures.duration.observe(std::max(0.0, seconds(finishedAt - run.startedAt)));
    const bool succeeded = report.outcome == Outcome::Succeeded || report.outcome == Outcome::NothingToDo;
    if (succeeded && isOwnWork(run.trigger))
        figures.lastSuccess = std::max(finishedAt, figures.lastSuccess.value_or(finishedAt));
    noteTask(figures, report);
}

void Metrics::noteTask(Figures& figures, const RunReport& report) {
    for (Figure figure : report.figures) {
        std::sort(figure.labels.begin(), figure.labels.end());
        if (!canBeShown(figure)) continue;
        auto known = std::find_if(figures.task.begin(), figures.task.end(), [&figure](const TaskSeries& series) {
            return series.figure.name == figure.name && series.figure.labels == figure.labels;
        });
        if (known == figures.task.end()) {
            if (figures.task.size() == kMostTaskSeries) continue;
            known = figures.task.insert(known, {figure, 0});
        }
        const auto amount = static_cast<double>(figure.value);
        const bool isSum = figure.kind == FigureKind::Total && known->figure.kind == FigureKind::Total;
        known->value = isSum ? known->value + std::max(0.0, amount) : amount;
        known->figure.kind = figure.kind;
    }
}

void Metrics::slotEnded(const SlotRow& slot) noexcept {
    const std::lock_guard lock(_mutex);
    auto& slots = _jobs[slot.job].slots;
    const std::string ending(nameOf(slot.ending));
    const std::string reason = labelOf(slot.reason);
    const bool fits = slots.size() < kMostSlotSeries || slots.contains({ending, reason});
    ++slots[{ending, fits ? reason : std::string(kOther)}];
}

bool Metrics::hasRecalled(const std::string& job) const {
    const std::lock_guard lock(_mutex);
    const auto found = _jobs.find(job);
    return found != _jobs.end() && found->second.recalled;
}

void Metrics::recall(const std::string& job, const std::optional<TimePoint>& lastSuccess) {
    const std::lock_guard lock(_mutex);
    Figures& figures = _jobs[job];
    figures.recalled = true;
    if (lastSuccess) figures.lastSuccess = std::max(*lastSuccess, figures.lastSuccess.value_or(*lastSuccess));
}

void Metrics::keepOnly(const std::function<bool(const std::string& job)>& exists) {
    std::vector<std::string> jobs;
    {
        const std::lock_guard lock(_mutex);
        for (const auto& [job, figures] : _jobs) jobs.push_back(job);
    }
    for (const auto& job : jobs) {
        if (exists(job)) continue;
        const std::lock_guard lock(_mutex);
        _jobs.erase(job);
    }
}

Metrics::Figures Metrics::figuresOf(const std::string& job) const {
    const std::lock_guard lock(_mutex);
    const auto found = _jobs.find(job);
    return found == _jobs.end() ? Figures() : found->second;
}

void Metrics::collect(const std::string& job, MetricFamilies& families) const {
    const MetricFamilies::Labels labels{{"job", job}};
    Figures figures = figuresOf(job);
    // From 0 on, so that an alert sees the first failure as well.
    for (const auto outcome : {Outcome::Succeeded, Outcome::NothingToDo, Outcome::Failed, Outcome::Stopped})
        figures.runs.try_emplace({outcome, Trigger::Schedule}, 0);
    for (const auto& [key, count] : figures.runs)
        families.add(kRuns,
                     with(labels, {{"outcome", std::string(outcomeName(key.first))},
                                   {"trigger", std::string(nameOf(key.second))}}),
                     static_cast<double>(count));
    for (const auto& [key, count] : figures.slots)
        families.add(kSlots, with(labels, {{"end", key.first}, {"reason", key.second}}), static_cast<double>(count));
    families.add(kDuration, labels, figures.duration.collect());
    families.add(kDelay, labels, figures.delay.collect());
    if (figures.lastSuccess) families.add(kLastSuccess, labels, seconds(figures.lastSuccess->time_since_epoch()));
    collectTask(labels, figures, families);
}

void Metrics::collectTask(const MetricFamilies::Labels& job, const Figures& figures, MetricFamilies& families) {
    for (const auto& [figure, value] : figures.task) {
        const bool isTotal = figure.kind == FigureKind::Total;
        const std::string family = "carillon_task_" + figure.name;
        const std::string help = isTotal ? "What the job's runs have reported as " + figure.name + ", added up."
                                         : "What the job's last run that tells it has reported as " + figure.name + ".";
        auto labels = job;
        for (const auto& [name, word] : figure.labels) labels.push_back({name, word});
        families.add({family, help, isTotal ? MetricType::Counter : MetricType::Gauge}, std::move(labels), value);
    }
}

}  // namespace carillon
