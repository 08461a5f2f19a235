#include "api/MetricsRoute.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>

namespace carillon {
namespace {

constexpr MetricKind kBuildInfo{"carillon_build_info", "Always 1; the label tells the version of Carillon."};
constexpr MetricKind kStart{"process_start_time_seconds", "When the host began, in seconds since 1970."};
constexpr MetricKind kWorkers{"carillon_workers", "How many runs may take place at once (workers.max)."};
constexpr MetricKind kStoreUp{"carillon_store_up", "Whether the store can be written: 1, or 0, and nothing fires."};
constexpr MetricKind kRunning{"carillon_job_running", "Whether a run of the job is in progress: 1 or 0."};
constexpr MetricKind kNextRun{
    "carillon_job_next_run_timestamp_seconds",
    "When the job is due next, in seconds since 1970; in the past while it is due and has not begun."};

constexpr MetricKind kUnmet{
    "carillon_job_expectations_unmet",
    "How many of the job's expectations (job.expect) are not met; of a job without any nothing."};

/// The scheduler is asked about so many jobs at a time, so that nothing fires late for an answer.
constexpr std::size_t kJobsRecalledAtOnce = 100;

double seconds(TimePoint at) {
    return std::chrono::duration<double>(at.time_since_epoch()).count();
}

void addHost(MetricFamilies& families, const HostState& state) {
    families.add(kBuildInfo, {{"version", state.version}}, 1);
    families.add(kStart, {}, seconds(state.since));
    families.add(kWorkers, {}, static_cast<double>(state.workersMax));
    families.add(kStoreUp, {}, state.scheduler.storeProblem.empty() ? 1 : 0);
}

void addState(MetricFamilies& families, const JobState& job) {
    const MetricFamilies::Labels labels{{"job", job.job}};
    families.add(kRunning, labels, job.phase == JobPhase::Running ? 1 : 0);
    if (job.enabled && job.phase != JobPhase::Paused && job.next != kNever)
        families.add(kNextRun, labels, seconds(job.next));
}

std::vector<std::string> jobsFor(const Caller& caller, const Configuration& configuration) {
    std::vector<std::string> jobs;
    for (const auto& file : configuration.files)
        for (std::size_t i = 0; i < file->size(); ++i)
            if (std::string name = file->jobName(i); caller.mayView(name)) jobs.push_back(std::move(name));
    return jobs;
}

std::optional<TimePoint> lastSuccess(RunStore& store, const std::string& job) {
    std::optional<TimePoint> last;
    RunQuery query{job, 1};
    query.ownWork = true;
    for (const auto outcome : {Outcome::Succeeded, Outcome::NothingToDo}) {
        query.outcome = outcome;
        for (const auto& run : store.history(query)) last = std::max(run.finishedAt, last);  // none is before any
    }
    return last;
}

/// Each job's past, once. A store that fails now is asked by the next request.
void recall(StorePool& stores, Metrics& metrics, const std::vector<std::string>& jobs) {
    std::vector<std::string> unknown;
    std::copy_if(jobs.begin(), jobs.end(), std::back_inserter(unknown),
                 [&metrics](const auto& job) { return !metrics.hasRecalled(job); });
    if (unknown.empty()) return;
    try {
        stores.with([&](RunStore& store) {
            for (const auto& job : unknown) metrics.recall(job, lastSuccess(store, job));
            return true;
        });
    } catch (const StoreException&) {
    }
}

void addUnmet(MetricFamilies& families, const KnownStandings& standings, const Caller& caller) {
    for (const auto& [job, unmet] : standings.unmet)
        if (caller.mayView(job)) families.add(kUnmet, {{"job", job}}, static_cast<double>(unmet.size()));
}

HttpResponse metricsText(ApiContext& context, Metrics& metrics, const Caller& caller) {
    HostActions& host = context.host;
    MetricFamilies families;
    addHost(families, host.state());
    const auto jobs = jobsFor(caller, *host.configuration());
    recall(context.stores, metrics, jobs);
    for (auto first = jobs.begin(); first != jobs.end();) {
        const auto last = first + std::min<std::ptrdiff_t>(kJobsRecalledAtOnce, jobs.end() - first);
        for (const auto& state : host.jobStates(std::vector(first, last))) addState(families, state);
        first = last;
    }
    for (const auto& job : jobs) metrics.collect(job, families);
    addUnmet(families, *context.standings.read(), caller);
    HttpResponse answer = plainText(200, families.text());
    answer.type = "text/plain; version=0.0.4; charset=utf-8";
    return answer;
}

}  // namespace

void addMetricsRoute(Router& router, ApiContext& context, Metrics& metrics) {
    router.add("GET", "/metrics", Need::Viewer,
               [&context, &metrics](const WebCall& call) { return metricsText(context, metrics, call.caller); });
}

}  // namespace carillon
