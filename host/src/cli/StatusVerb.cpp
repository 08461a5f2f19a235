#include "alerts/ExpectationTroubles.h"
#include "alerts/JobTroubles.h"
#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/PauseText.h"
#include "cli/SystemVerbs.h"
#include "cli/Table.h"
#include "config/Configuration.h"
#include "config/JobName.h"
#include "control/ControlClient.h"
#include "schedule/TimeText.h"
#include "store/RunStore.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace carillon {
namespace {

struct StatusOptions {
    std::string jobs = "*";
    std::size_t limit = 50;
    bool json = false;
};

std::optional<RunRow> lastRunOf(RunStore* store, const std::string& job) {
    try {
        if (store == nullptr) return std::nullopt;
        const auto found = store->search(RunQuery{job, 1}).rows;
        return found.empty() ? std::nullopt : std::optional(found.front());
    } catch (const StoreException&) {  // the host tells what is wrong with it
        return std::nullopt;
    }
}

/// What the history knows is read here, whoever ran it.
std::unique_ptr<RunStore> openStore(const HostConfig& host, const Clock& clock) {
    try {
        return std::make_unique<RunStore>(host.stateDir, clock, std::chrono::milliseconds(500));
    } catch (const StoreException&) {
        return nullptr;
    }
}

/// Of these jobs. The host tells what is wrong with the store.
std::vector<JobStanding> standingsIn(RunStore* store, const std::set<std::string>& jobs) {
    std::vector<JobStanding> standings;
    try {
        if (store != nullptr) standings = store->standings();
    } catch (const StoreException&) {
    }
    std::erase_if(standings, [&jobs](const JobStanding& standing) { return !jobs.contains(standing.job); });
    return standings;
}

/// The same of what is expected of them.
std::vector<JobTrouble> unmetIn(RunStore* store, const std::vector<JobStanding>& standings, const AlertPolicy& policy,
                                const std::set<std::string>& jobs, TimePoint now) {
    try {
        if (store != nullptr)
            return readUnmet(
                *store, standings, policy, [&jobs](const auto& job) { return jobs.contains(job); }, now);
    } catch (const StoreException&) {
    }
    return {};
}

/// Who asks about a job that there is not shall not hear that all is well.
std::set<std::string> jobsMeant(const Configuration& configuration, const std::string& pattern) {
    std::set<std::string> jobs;
    for (const auto& job : configuration.match(pattern)) jobs.insert(job.name());
    if (jobs.empty() && pattern != "*") throw UsageError(configuration.describeNone(pattern));
    return jobs;
}

Colour colourOf(JobPhase phase) {
    switch (phase) {
        case JobPhase::Faulty:
            return Colour::Red;
        case JobPhase::Running:
        case JobPhase::Idle:
            return Colour::Green;
        case JobPhase::Manual:
        case JobPhase::Disabled:
            return Colour::Dim;
        case JobPhase::Paused:
        case JobPhase::Waiting:
        case JobPhase::Retrying:
            break;
    }
    return Colour::Yellow;
}

std::string lastRunText(const std::optional<RunRow>& run) {
    if (!run) return "never ran";
    const std::string outcome = run->outcome ? std::string(outcomeName(*run->outcome)) : "running";
    const TimePoint at = run->finishedAt.value_or(run->startedAt);
    return outcome + ' ' + spanText(SystemClock().now() - at) + " ago" +
           (run->message.empty() ? "" : ": " + run->message);
}

/// The next slot, or the next attempt of a failed one before it.
std::string nextText(const JobState& job) {
    const TimePoint next = std::min(job.next, job.retryAt);
    return next == kNever ? "-" : whenText(next, SystemClock().now());
}

bool hasFailed(const std::optional<RunRow>& last) {
    return last && last->outcome == Outcome::Failed;
}

void printJobs(const std::vector<JobState>& jobs, RunStore* store) {
    std::vector<std::pair<const JobState*, std::optional<RunRow>>> rows;
    for (const auto& job : jobs) rows.emplace_back(&job, lastRunOf(store, job.job));
    std::stable_partition(rows.begin(), rows.end(), [](const auto& row) { return hasFailed(row.second); });
    Table table({"JOB", "STATE", "NEXT", "LAST RUN"});
    for (const auto& [job, last] : rows)
        table.add({{job->job},
                   job->stopping.empty() ? Table::Cell{std::string(nameOf(job->phase)), colourOf(job->phase)}
                                         : Table::Cell{"stopping", Colour::Yellow},
                   {nextText(*job)},
                   {lastRunText(last), hasFailed(last) ? Colour::Red : Colour::Plain}});
    table.print();
}

/// Nobody is alerted to these, whatever happens.
void printSnoozes(const std::vector<JobStanding>& standings) {
    for (const auto& standing : standings)
        if (standing.snoozedUntil)
            std::cerr << standing.job << " is snoozed until " << whenText(*standing.snoozedUntil, SystemClock().now())
                      << '\n';
}

void printPauses(const std::vector<JobState>& jobs) {
    for (const auto& job : jobs)
        if (job.pause) printPause(job.job, *job.pause, SystemClock().now());
}

/// `1.5 MB`, `12 KB`.
std::string sizeText(std::int64_t bytes) {
    char text[32];
    const auto kilobytes = static_cast<double>(bytes) / 1'000;
    if (kilobytes < 1'000)
        std::snprintf(text, sizeof text, "%.0f KB", std::ceil(kilobytes));
    else
        std::snprintf(text, sizeof text, "%.1f MB", kilobytes / 1'000);
    return text;
}

void printKept(const Kept& kept) {
    const auto print = [](const char* name, const KeptRecord& record, const std::string& count, const char* usual) {
        if (!record.since) return;  // there is nothing yet
        std::cout << name << count << " since " << dateTimeText(*record.since).substr(0, 10) << ", kept "
                  << (record.keep.empty() ? usual : "for " + record.keep) << '\n';
    };
    const auto counted = [](std::int64_t count, const char* noun) {
        return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
    };
    print("history: ", kept.history, counted(kept.history.count, "run"), "to the last 5000 of each job");
    print("ledger:  ", kept.ledger, counted(kept.ledger.count, "slot"), "as far back as the runs");
    print("logs:    ", kept.logs, sizeText(kept.logs.count), "as each log is rotated");
}

void printHost(const HostState& host) {
    const auto& counts = host.scheduler;
    std::cout << "host " << coloured(Colour::Bold, host.host) << " is "
              << coloured(host.phase == HostPhase::Ready ? Colour::Green : Colour::Yellow,
                          std::string(nameOf(host.phase)))
              << " since " << whenText(host.since, SystemClock().now()) << " (process " << host.pid << ")\n"
              << counts.jobs << " jobs, " << counts.enabled << " enabled, " << counts.paused << " paused, "
              << counts.running << " running, " << counts.waiting << " waiting; " << host.workersMax
              << " workers at most\n";
    if (host.kept) printKept(*host.kept);
    std::cout << '\n';
}

/// How all of it stands: the host's own problems, then those of jobs.
class Report {
public:
    Report(const HostConfig& host, const StatusOptions& options)
        : _options(options),
          _policy(std::make_shared<const Configuration>(readConfiguration(host))),
          _store(openStore(host, _clock)),
          _jobs(jobsMeant(_policy.configuration(), options.jobs)),
          _standings(standingsIn(_store.get(), _jobs)),
          _unmet(unmetIn(_store.get(), _standings, _policy, _jobs, _clock.now())),
          _troubles(merged(findTroubles(_standings, _policy, _clock.now()), _unmet)) {}

    ExitCode ofHost(const HostStatus& status) {
        _problems = status.host.problems;
        if (_options.json) return endJson(status);
        printHost(status.host);
        printJobs(status.jobs, _store.get());
        printPauses(status.jobs);
        printSnoozes(_standings);
        const auto all = status.host.scheduler.jobs;
        if (status.jobs.size() == _options.limit && _options.limit < all)
            std::cerr << "and more: carillon status -n " << all << ", or a pattern such as 'sync-*'\n";
        return end();
    }

    ExitCode ofNone(const std::string& stateDir) {
        _problems.push_back("no host runs on " + stateDir + ": nothing fires; start it with " + kStartsHost);
        if (!_options.json) return end();
        JsonWriter json;
        json.beginObject().member("state", "stopped");
        return endJson(json);
    }

private:
    ExitCode endJson(const HostStatus& status) {
        JsonWriter json;
        json.beginObject();
        JsonOut<JsonForm::Public> members(json);
        HostState host = status.host;
        host.problems.clear();  // they are told with those of the jobs
        writeFields(members, host);
        json.key("jobs").beginArray();
        for (const auto& job : status.jobs) writeJob(json, job);
        json.endArray();
        return endJson(json);
    }

    /// With its snooze and its last run, which the host does not tell.
    void writeJob(JsonWriter& json, const JobState& job) const {
        json.beginObject();
        JsonOut<JsonForm::Public> members(json);
        writeFields(members, job);
        const auto standing = std::find_if(_standings.begin(), _standings.end(),
                                           [&job](const JobStanding& one) { return one.job == job.job; });
        members("snoozed_until", standing == _standings.end() ? std::nullopt : standing->snoozedUntil);
        std::vector<ExpectationFinding> unmet;
        for (const auto& trouble : _unmet)
            if (trouble.job == job.job) unmet.push_back(*trouble.expectation);
        members("unmet", unmet);
        members("open_rejects", standing == _standings.end() ? std::int64_t{0} : standing->openRejects);
        json.key("last_run");
        if (const auto last = lastRunOf(_store.get(), job.job))
            writePublic(json, *last);
        else
            json.raw("null");
        json.endObject();
    }

    ExitCode endJson(JsonWriter& json) {
        addTroubles();
        JsonOut<JsonForm::Public> members(json);
        members("problems", _problems);
        members("troubles", _troubles);
        json.endObject();
        printJson(json.text());
        return tellProblems();
    }

    ExitCode end() {
        addTroubles();
        return tellProblems();
    }

    void addTroubles() {
        for (const auto& trouble : _troubles) _problems.push_back(sentenceOf(trouble, _clock.now()));
    }

    ExitCode tellProblems() const {
        for (const auto& problem : _problems) printError(problem);
        return _problems.empty() ? ExitCode::Ok : ExitCode::Failed;
    }

    const StatusOptions& _options;
    const AlertPolicy _policy;
    const SystemClock _clock{};
    const std::unique_ptr<RunStore> _store;
    const std::set<std::string> _jobs;
    const std::vector<JobStanding> _standings;
    const std::vector<JobTrouble> _unmet;
    const std::vector<JobTrouble> _troubles;
    std::vector<std::string> _problems{};
};

}  // namespace

void addStatusVerb(Cli& cli) {
    auto options = std::make_shared<StatusOptions>();
    auto verb = cli.root.verb("status", "Tell how the host and its jobs stand; 1 when something is wrong");
    verb.option("JOBS", options->jobs, "A job or a pattern such as 'sync-*'");
    verb.count("-n,--limit", options->limit, "How many jobs");
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] {
        const HostConfig host = requireHost(cli);
        auto client = ControlClient::connect(host.stateDir);
        Report report(host, *options);
        if (!client) return cli.exit(report.ofNone(host.stateDir));
        cli.exit(report.ofHost(client->ask<HostStatus>({HostVerb::Status, options->jobs, options->limit, ""})));
    });
}

}  // namespace carillon
