#include "alerts/ExpectationTroubles.h"
#include "alerts/JobTroubles.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/PauseText.h"
#include "cli/SystemVerbs.h"
#include "cli/Table.h"
#include "cli/TimeWords.h"
#include "cli/TroubleWords.h"
#include "config/Configuration.h"
#include "config/JobName.h"
#include "control/ControlClient.h"
#include "shared/MessageForm.h"
#include "store/RunStore.h"
#include "words/MessageWords.h"

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
        return store == nullptr ? std::nullopt : store->lastRun(job);
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
    if (jobs.empty() && pattern != "*") throw UsageError(noJobLike(configuration, pattern));
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

std::string lastRunText(const MessageTeller& teller, const std::optional<RunRow>& run) {
    if (!run) return cliText("status.never");
    const TimePoint at = run->finishedAt.value_or(run->startedAt);
    const std::string how =
        cliText("status.last", {{"outcome", outcomeWord(run->outcome)}, {"span", spanWords(SystemClock().now() - at)}});
    return run->message.empty() ? how : how + cliText("terminal.colon") + ' ' + teller.tell(messageOf(*run));
}

/// The next slot, or the next attempt of a failed one before it.
std::string nextText(const JobState& job) {
    const TimePoint next = std::min(job.next, job.retryAt);
    return next == kNever ? "-" : whenCell(next, SystemClock().now());
}

bool hasFailed(const std::optional<RunRow>& last) {
    return last && last->outcome == Outcome::Failed;
}

void printJobs(const MessageTeller& teller, const std::vector<JobState>& jobs, RunStore* store) {
    std::vector<std::pair<const JobState*, std::optional<RunRow>>> rows;
    for (const auto& job : jobs) rows.emplace_back(&job, lastRunOf(store, job.job));
    std::stable_partition(rows.begin(), rows.end(), [](const auto& row) { return hasFailed(row.second); });
    Table table(tableHeads({"job", "state", "next", "last"}), Table::Rest::Cut);  // what failed is told whole below
    for (const auto& [job, last] : rows)
        table.add({{job->job},
                   job->stopping.empty()
                       ? Table::Cell{cliTexts().word("phase", std::string(nameOf(job->phase))), colourOf(job->phase)}
                       : Table::Cell{cliText("phase.stopping"), Colour::Yellow},
                   {nextText(*job)},
                   {lastRunText(teller, last), hasFailed(last) ? Colour::Red : Colour::Plain}});
    table.print();
}

/// Nobody is alerted to these, whatever happens.
void printSnoozes(const std::vector<JobStanding>& standings) {
    for (const auto& standing : standings)
        if (standing.snoozedUntil)
            std::cerr << cliText("status.snoozed", {{"job", standing.job},
                                                    {"when", whenWords(*standing.snoozedUntil, SystemClock().now())}})
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
        std::snprintf(text, sizeof text, "%.0f", std::ceil(kilobytes));
    else
        std::snprintf(text, sizeof text, "%.1f", kilobytes / 1'000);
    const bool isFrench = cliTexts().language() == Language::French;
    return cliText(kilobytes < 1'000 ? "status.kb" : "status.mb",
                   {{"size", isFrench ? numberInWords(text, true) : text}});
}

void printKept(const Kept& kept) {
    const auto print = [](const char* key, const KeptRecord& record, const std::string& count, const char* usual) {
        if (!record.since) return;  // there is nothing yet
        const std::string keep =
            record.keep.empty() ? cliText(usual) : cliText("status.keptfor", {{"time", record.keep}});
        std::cout << cliText(key, {{"count", count}, {"day", dayWords(*record.since)}, {"keep", keep}}) << '\n';
    };
    print("status.history", kept.history, cliText("status.runs", {{"n", kept.history.count}}), "status.keptruns");
    print("status.ledger", kept.ledger, cliText("status.slots", {{"n", kept.ledger.count}}), "status.keptslots");
    print("status.logs", kept.logs, sizeText(kept.logs.count), "status.keptlogs");
}

void printHost(const HostState& host) {
    const auto& counts = host.scheduler;
    std::cout << cliText("status.host",
                         {{"host", coloured(Colour::Bold, host.host)},
                          {"phase", coloured(host.phase == HostPhase::Ready ? Colour::Green : Colour::Yellow,
                                             cliTexts().word("hostphase", std::string(nameOf(host.phase))))},
                          {"when", whenWords(host.since, SystemClock().now())},
                          {"pid", host.pid}})
              << '\n'
              << cliText("status.counts", {{"jobs", say("status.jobs", {{"n", counts.jobs}})},
                                           {"enabled", counts.enabled},
                                           {"paused", counts.paused},
                                           {"running", counts.running},
                                           {"waiting", counts.waiting},
                                           {"workers", say("status.workers", {{"n", host.workersMax}})}})
              << '\n';
    if (host.kept) printKept(*host.kept);
    std::cout << '\n';
}

/// How all of it stands: the host's own problems, then those of jobs.
class Report {
public:
    Report(const HostConfig& host, const StatusOptions& options)
        : _options(options),
          _teller(host),
          _policy(std::make_shared<const Configuration>(readConfiguration(host))),
          _store(openStore(host, _clock)),
          _jobs(jobsMeant(_policy.configuration(), options.jobs)),
          _standings(standingsIn(_store.get(), _jobs)),
          _unmet(unmetIn(_store.get(), _standings, _policy, _jobs, _clock.now())),
          _troubles(merged(findTroubles(_standings, _policy, _clock.now()), _unmet)) {}

    ExitCode ofHost(const HostStatus& status) {
        for (const auto& problem : status.host.problems) _problems.push_back({problem.text, _teller.tell(problem)});
        if (_options.json) return endJson(status);
        printHost(status.host);
        printJobs(_teller, status.jobs, _store.get());
        printPauses(status.jobs);
        printSnoozes(_standings);
        const auto all = status.host.scheduler.jobs;
        if (status.jobs.size() == _options.limit && _options.limit < all)
            std::cerr << cliText("status.more", {{"n", all}}) << '\n';
        return end();
    }

    ExitCode ofNone(const std::string& stateDir) {
        const auto words = [&stateDir](Language language) {
            const Texts& texts = cliTexts(language);
            return inWords(say("status.nohost", {{"dir", stateDir}, {"how", texts.say(kStartsHost)}}), texts);
        };
        _problems.push_back({words(Language::English), words(preferredLanguage())});
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
        std::vector<std::string> problems;
        for (const auto& problem : _problems) problems.push_back(problem.english);
        members("problems", problems);
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
        for (const auto& trouble : _troubles) {
            const auto now = _clock.now();
            _problems.push_back({sentenceOf(trouble, now), troubleWords(trouble, saidBy(trouble), now)});
        }
    }

    /// In the language of whoever reads it, where the history has the run.
    std::string saidBy(const JobTrouble& trouble) const {
        try {
            if (const auto run = _store == nullptr ? std::nullopt : _store->run(trouble.run))
                return _teller.tell(messageOf(*run));
        } catch (const StoreException&) {  // the host tells what is wrong with it
        }
        return trouble.message;
    }

    ExitCode tellProblems() const {
        for (const auto& problem : _problems) printError(problem.told);
        return _problems.empty() ? ExitCode::Ok : ExitCode::Failed;
    }

    /// What is wrong, as the JSON form has it and as it is told.
    struct Problem {
        std::string english;
        std::string told;
    };

    const StatusOptions& _options;
    const MessageTeller _teller;
    const AlertPolicy _policy;
    const SystemClock _clock{};
    const std::unique_ptr<RunStore> _store;
    const std::set<std::string> _jobs;
    const std::vector<JobStanding> _standings;
    const std::vector<JobTrouble> _unmet;
    const std::vector<JobTrouble> _troubles;
    std::vector<Problem> _problems{};
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
