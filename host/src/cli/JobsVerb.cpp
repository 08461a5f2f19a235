#include "alerts/ExpectationTroubles.h"
#include "base/FilePath.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/PauseText.h"
#include "cli/Table.h"
#include "cli/Terminal.h"
#include "store/RunStore.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <vector>

namespace carillon {
namespace {

using Pauses = std::map<std::string, Pause>;

Table::Cell enabledCell(const JobRef& job, const Pauses& pauses) {
    if (!job.enabled()) return {cliText("jobs.no"), Colour::Dim};
    if (pauses.contains(job.name())) return {cliText("phase.paused"), Colour::Yellow};
    return {cliText("jobs.yes"), Colour::Green};
}

using Unmet = std::map<std::string, std::vector<ExpectationFinding>>;

/// By job. Without a store that can be read nothing is known.
Unmet readUnmetOf(const Configuration& all, const std::vector<JobRef>& jobs) {
    Unmet unmet;
    std::set<std::string> asked;
    for (const auto& job : jobs)
        if (!job.settings()->expectations.empty()) asked.insert(job.name());
    std::error_code error;
    if (asked.empty() || !std::filesystem::exists(pathFrom(all.host.stateDir) / "carillon.db", error)) return unmet;
    try {
        const SystemClock clock;
        RunStore store(all.host.stateDir, clock, std::chrono::milliseconds(500));
        const AlertPolicy policy(std::make_shared<const Configuration>(all));
        const auto accepts = [&asked](const auto& job) { return asked.contains(job); };
        for (const auto& trouble : readUnmet(store, store.standings(), policy, accepts, clock.now()))
            unmet[trouble.job].push_back(*trouble.expectation);
    } catch (const StoreException& e) {
        printWarning(cliText("jobs.unknown", {{"reason", e.message()}}));
    }
    return unmet;
}

Table::Cell titleCell(const JobRef& job, const Unmet& unmet) {
    if (job.isFaulty()) return {cliText("jobs.faulty"), Colour::Red};
    const auto found = unmet.find(job.name());
    if (found == unmet.end()) return {job.title()};
    std::string names;
    for (const auto& finding : found->second) names += (names.empty() ? "" : ", ") + finding.key();
    return {cliText("jobs.unmet", {{"title", job.title()}, {"names", names}}), Colour::Red};
}

void printJobs(const std::vector<JobRef>& jobs, const Pauses& pauses, const Unmet& unmet) {
    Table table(tableHeads({"job", "enabled", "schedule", "task", "title"}));
    for (const auto& job : jobs) {
        const auto settings = job.settings();
        table.add({{job.name(), job.isFaulty() ? Colour::Red : Colour::Plain},
                   enabledCell(job, pauses),
                   {settings->schedule.empty() ? cliText("jobs.byhand") : settings->schedule},
                   {settings->plugin + "/" + settings->task},
                   titleCell(job, unmet)});
    }
    table.print();
    for (const auto& job : jobs)
        if (const auto pause = pauses.find(job.name()); pause != pauses.end())
            printPause(job.name(), pause->second, SystemClock().now());
}

void writeJob(JsonWriter& json, const JobRef& job, const Pauses& pauses, const Unmet& unmet) {
    const auto settings = job.settings();
    json.beginObject().member("job", job.name()).member("title", job.title()).member("enabled", job.enabled());
    json.member("schedule", settings->schedule).member("timezone", settings->timezone);
    json.member("plugin", settings->plugin).member("task", settings->task).member("file", job.file->path());
    json.member("faults", job.isFaulty() ? job.config().faults.size() : 0);
    const auto pause = pauses.find(job.name());
    JsonOut<JsonForm::Public> members(json);
    members("pause", pause == pauses.end() ? std::nullopt : std::optional(pause->second));
    members("expectations", settings->expectations);
    const auto found = unmet.find(job.name());
    members("unmet", found == unmet.end() ? std::vector<ExpectationFinding>{} : found->second);
    json.endObject();
}

/// Rows that make no job would else be missed here.
void warnOfRows(const JobFile& file) {
    if (!file.hasInstances() || file.faults().empty()) return;
    printWarning(cliText("jobs.rows", {{"n", file.faults().size()}, {"file", file.name()}}));
}

}  // namespace

void addJobsVerb(Cli& cli) {
    struct Options {
        std::string pattern = "*";
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto verb = cli.root.verb("jobs", "List the jobs there are");
    verb.option("PATTERN", options->pattern, "Only these: a job, or a pattern such as 'sync-*@paris*'");
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] {
        const HostConfig host = requireHost(cli);
        const Configuration all = readConfiguration(host);
        for (const auto& fault : all.faults) printWarning(hostText(fault.message()));
        for (const auto& file : all.files) warnOfRows(*file);
        const auto jobs = all.match(options->pattern);
        const Pauses pauses = readPauses(host);
        const Unmet unmet = readUnmetOf(all, jobs);
        if (!options->json) return printJobs(jobs, pauses, unmet);
        printJsonList(jobs, [&](JsonWriter& json, const JobRef& job) { writeJob(json, job, pauses, unmet); });
    });
}

}  // namespace carillon
