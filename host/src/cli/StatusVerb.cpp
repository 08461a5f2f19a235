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

#include <memory>
#include <string>
#include <vector>

namespace carillon {
namespace {

struct Options {
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

/// The last run is read here: the host has no need to know it.
std::unique_ptr<RunStore> openStore(const HostConfig& host, const Clock& clock) {
    try {
        return std::make_unique<RunStore>(host.stateDir, clock, std::chrono::milliseconds(500));
    } catch (const StoreException&) {
        return nullptr;
    }
}

Colour colourOf(const std::string& state) {
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

void printJobs(const JsonValue& jobs, RunStore* store) {
    Table table({"JOB", "STATE", "NEXT", "LAST RUN"});
    for (const auto& member : jobs.members()) {
        const auto& job = member.value;
        const std::string& state = job["state"].text();
        const auto last = lastRunOf(store, job["job"].text());
        const bool failed = last && last->outcome == Outcome::Failed;
        table.add({{job["job"].text()},
                   {state, colourOf(state)},
                   {job["next"].isNull() || state == "disabled" ? "-" : timeText(job["next"])},
                   {lastRunText(last), failed ? Colour::Red : Colour::Plain}});
    }
    table.print();
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

/// A sentence on each job that the pattern means and whose last run failed: the history knows, whoever ran it.
std::vector<std::string> failuresOf(const HostConfig& host, RunStore* store, const std::string& pattern) {
    std::vector<std::string> failures;
    std::vector<RunRow> failed;
    try {
        if (store != nullptr) failed = store->failedJobs();
    } catch (const StoreException&) {  // the host tells what is wrong with it
    }
    if (failed.empty()) return failures;
    const JobPattern wanted(pattern);
    const Configuration configuration = readConfiguration(host);
    for (const RunRow& run : failed) {
        const auto job = configuration.find(run.job);
        if (!job || !(wanted.takesFile(job->file->name()) || wanted.takesJob(run.job))) continue;
        failures.push_back("job " + run.job + " failed " +
                           spanText(SystemClock().now() - run.finishedAt.value_or(run.startedAt)) +
                           " ago: " + run.message + "; see carillon logs " + run.job);
    }
    return failures;
}

void printStatusJson(const std::string& answer, const std::vector<std::string>& failures) {
    Poco::JSON::Parser parser(new Poco::JSON::ParseHandler(true));  // keeps the order of members
    auto status = parser.parse(answer).extract<Poco::JSON::Object::Ptr>();
    for (const auto& failure : failures) status->getArray("problems")->add(failure);
    printJson(*status);
}

ExitCode report(const HostConfig& host, const std::string& answer, const Options& options) {
    const JsonValue status = JsonValue::parse(answer);
    const SystemClock clock;
    const auto store = openStore(host, clock);
    std::vector<std::string> problems = failuresOf(host, store.get(), options.jobs);
    if (options.json) {
        printStatusJson(answer, problems);
    } else {
        printHost(status);
        printJobs(status["jobs"], store.get());
        const auto all = status["counts"]["jobs"].number<std::size_t>();
        if (const auto shown = status["jobs"].members().size(); shown == options.limit && shown < all)
            std::cerr << "and more: carillon status -n " << all << ", or a pattern such as 'sync-*'\n";
    }
    for (const auto& problem : status["problems"].members()) problems.push_back(problem.value.text());
    for (const auto& problem : problems) printError(problem);
    return problems.empty() ? ExitCode::Ok : ExitCode::Failed;
}

ExitCode reportNoHost(const HostConfig& host, const Options& options) {
    const std::string problem = "no host runs on " + host.stateDir + ": nothing fires; start it with carillon serve";
    if (options.json) {
        auto json = orderedObject();
        json->set("state", "stopped");
        Poco::JSON::Array::Ptr problems = new Poco::JSON::Array;
        problems->add(problem);
        json->set("problems", problems);
        printJson(*json);
    }
    printError(problem);
    return ExitCode::Failed;
}

}  // namespace

void addStatusVerb(Cli& cli) {
    auto options = std::make_shared<Options>();
    auto* verb = cli.app.add_subcommand("status", "Tell how the host and its jobs stand; 1 when something is wrong");
    verb->add_option("JOBS", options->jobs, "A job or a pattern such as 'sync-*'");
    verb->add_option("-n,--limit", options->limit, "How many jobs")->capture_default_str()->check(kCount);
    verb->add_flag("--json", options->json, "Print JSON");
    verb->callback([&cli, options] {
        const HostConfig host = requireHost(cli);
        auto client = ControlClient::connect(host.stateDir);
        if (!client) return cli.exit(reportNoHost(host, *options));
        Poco::JSON::Object request;
        request.set("verb", "status");
        request.set("jobs", options->jobs);
        request.set("most", options->limit);
        cli.exit(report(host, client->ask(request), *options));
    });
}

}  // namespace carillon
