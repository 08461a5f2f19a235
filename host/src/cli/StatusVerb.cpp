#include "alerts/JobTroubles.h"
#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/Table.h"
#include "config/Configuration.h"
#include "config/JobName.h"
#include "control/ControlClient.h"
#include "schedule/LocalTime.h"
#include "schedule/TimeText.h"
#include "store/RunStore.h"

#include "Poco/JSON/ParseHandler.h"
#include "Poco/JSON/Parser.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace carillon {
namespace {

using Poco::Dynamic::Var;

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

/// Who asks about a job that there is not shall not hear that all is well.
std::set<std::string> jobsMeant(const Configuration& configuration, const std::string& pattern) {
    std::set<std::string> jobs;
    for (const auto& job : configuration.match(pattern)) jobs.insert(job.name());
    if (jobs.empty() && pattern != "*") throw UsageError(configuration.describeNone(pattern));
    return jobs;
}

Colour colourOfState(const std::string& state) {
    if (state == "faulty") return Colour::Red;
    if (state == "running" || state == "idle") return Colour::Green;
    return state == "manual" || state == "disabled" ? Colour::Dim : Colour::Yellow;
}

std::string lastRunText(const std::optional<RunRow>& run) {
    if (!run) return "never ran";
    const std::string outcome = run->outcome ? std::string(outcomeName(*run->outcome)) : "running";
    const TimePoint at = run->finishedAt.value_or(run->startedAt);
    return outcome + ' ' + spanText(SystemClock().now() - at) + " ago" +
           (run->message.empty() ? "" : ": " + run->message);
}

std::string timeText(const JsonValue& rfc3339) {
    const auto at = parseRfc3339(rfc3339.text());
    return at ? whenText(*at, SystemClock().now()) : rfc3339.text();
}

/// The next slot, or the next attempt of a failed one before it. Times of this form are in order as texts.
std::string nextText(const JsonValue& job) {
    const JsonValue& next = job["next"];
    const JsonValue& again = job["retry_at"];
    if (next.isNull() && again.isNull()) return "-";
    return timeText(next.isNull() || (!again.isNull() && again.text() < next.text()) ? again : next);
}

bool hasFailed(const std::optional<RunRow>& last) {
    return last && last->outcome == Outcome::Failed;
}

void printJobs(const JsonValue& jobs, RunStore* store) {
    std::vector<std::pair<const JsonValue*, std::optional<RunRow>>> rows;
    for (const auto& member : jobs.members())
        rows.emplace_back(&member.value, lastRunOf(store, member.value["job"].text()));
    std::stable_partition(rows.begin(), rows.end(), [](const auto& row) { return hasFailed(row.second); });
    Table table({"JOB", "STATE", "NEXT", "LAST RUN"});
    for (const auto& [job, last] : rows) {
        const std::string& state = (*job)["stopping"].isNull() ? (*job)["state"].text() : "stopping";
        table.add({{(*job)["job"].text()},
                   {state, colourOfState(state)},
                   {nextText(*job)},
                   {lastRunText(last), hasFailed(last) ? Colour::Red : Colour::Plain}});
    }
    table.print();
}

/// Nobody is alerted to these, whatever happens.
void printSnoozes(const std::vector<JobStanding>& standings) {
    for (const auto& standing : standings)
        if (standing.snoozedUntil)
            std::cerr << standing.job << " is snoozed until " << whenText(*standing.snoozedUntil, SystemClock().now())
                      << '\n';
}

void printHost(const JsonValue& status) {
    const std::string& state = status["state"].text();
    const auto& counts = status["counts"];
    const auto count = [&counts](const char* name) { return std::to_string(counts[name].number<std::size_t>()); };
    std::cout << "host " << coloured(Colour::Bold, status["host"].text()) << " is "
              << coloured(state == "ready" ? Colour::Green : Colour::Yellow, state) << " since "
              << timeText(status["since"]) << " (process " << status["pid"].number<int>() << ")\n"
              << count("jobs") << " jobs, " << count("enabled") << " enabled, " << count("paused") << " paused, "
              << count("running") << " running, " << count("waiting") << " waiting; "
              << status["workers"].number<std::size_t>() << " workers at most\n\n";
}

Poco::JSON::Array::Ptr arrayOf(const std::vector<std::string>& texts) {
    Poco::JSON::Array::Ptr array = new Poco::JSON::Array;
    for (const auto& text : texts) array->add(text);
    return array;
}

Poco::JSON::Array::Ptr toJson(const std::vector<JobTrouble>& troubles) {
    Poco::JSON::Array::Ptr array = new Poco::JSON::Array;
    for (const auto& trouble : troubles) {
        auto json = orderedObject();
        json->set("job", trouble.job);
        json->set("kind", std::string(troubleName(trouble.kind)));
        json->set("since", trouble.since == TimePoint{} ? Var() : Var(toRfc3339(trouble.since)));
        json->set("count", trouble.count);
        json->set("run", trouble.run.empty() ? Var() : Var(trouble.run));
        json->set("message", trouble.message);
        array->add(json);
    }
    return array;
}

/// Snoozes and last runs, which the host does not tell.
void complete(Poco::JSON::Array& jobs, RunStore* store, const std::vector<JobStanding>& standings) {
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        auto job = jobs.getObject(static_cast<unsigned>(i));
        const auto name = job->getValue<std::string>("job");
        const auto standing = std::find_if(standings.begin(), standings.end(),
                                           [&name](const JobStanding& one) { return one.job == name; });
        const bool snoozed = standing != standings.end() && standing->snoozedUntil;
        job->set("snoozed_until", snoozed ? Var(toRfc3339(*standing->snoozedUntil)) : Var());
        const auto last = lastRunOf(store, name);
        job->set("last_run", last ? runJson(*last) : Var());
    }
}

/// How all of it stands: the host's own problems, then those of jobs.
class Report {
public:
    Report(const HostConfig& host, const StatusOptions& options)
        : _options(options),
          _policy(std::make_shared<const Configuration>(readConfiguration(host))),
          _store(openStore(host, _clock)),
          _standings(standingsIn(_store.get(), jobsMeant(_policy.configuration(), options.jobs))),
          _troubles(findTroubles(_standings, _policy, _clock.now())) {}

    ExitCode ofHost(const std::string& answer) {
        const JsonValue status = JsonValue::parse(answer);
        for (const auto& problem : status["problems"].members()) _problems.push_back(problem.value.text());
        if (_options.json) {
            Poco::JSON::Parser parser(new Poco::JSON::ParseHandler(true));  // keeps the order of members
            const auto json = parser.parse(answer).extract<Poco::JSON::Object::Ptr>();
            complete(*json->getArray("jobs"), _store.get(), _standings);
            return end(*json);
        }
        printHost(status);
        printJobs(status["jobs"], _store.get());
        printSnoozes(_standings);
        const auto all = status["counts"]["jobs"].number<std::size_t>();
        if (const auto shown = status["jobs"].members().size(); shown == _options.limit && shown < all)
            std::cerr << "and more: carillon status -n " << all << ", or a pattern such as 'sync-*'\n";
        return end({});
    }

    ExitCode ofNone(const std::string& stateDir) {
        _problems.push_back("no host runs on " + stateDir + ": nothing fires; start it with carillon serve");
        auto json = orderedObject();
        json->set("state", "stopped");
        return end(_options.json ? std::optional(*json) : std::nullopt);
    }

private:
    ExitCode end(std::optional<Poco::JSON::Object> json) {
        for (const auto& trouble : _troubles) _problems.push_back(sentenceOf(trouble, _clock.now()));
        if (json) {
            json->set("problems", arrayOf(_problems));
            json->set("troubles", toJson(_troubles));
            printJson(*json);
        }
        for (const auto& problem : _problems) printError(problem);
        return _problems.empty() ? ExitCode::Ok : ExitCode::Failed;
    }

    const StatusOptions& _options;
    const AlertPolicy _policy;
    const SystemClock _clock{};
    const std::unique_ptr<RunStore> _store;
    const std::vector<JobStanding> _standings;
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
        Poco::JSON::Object request;
        request.set("verb", "status");
        request.set("jobs", options->jobs);
        request.set("most", options->limit);
        cli.exit(report.ofHost(client->ask(request)));
    });
}

}  // namespace carillon
