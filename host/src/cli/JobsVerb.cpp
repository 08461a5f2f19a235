#include "base/FilePath.h"
#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/PauseText.h"
#include "cli/Table.h"
#include "cli/Terminal.h"
#include "store/RunStore.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>

namespace carillon {
namespace {

using Pauses = std::map<std::string, Pause>;

/// None where no host was yet; a store that fails is told by `status`.
Pauses readPauses(const HostConfig& host) {
    std::error_code error;
    if (!std::filesystem::exists(pathFrom(host.stateDir) / "carillon.db", error)) return {};
    try {
        const SystemClock clock;
        return RunStore(host.stateDir, clock, std::chrono::milliseconds(500)).pauses();
    } catch (const Poco::Exception&) {
        return {};
    }
}

Table::Cell enabledCell(const JobRef& job, const Pauses& pauses) {
    if (!job.enabled()) return {"no", Colour::Dim};
    if (pauses.contains(job.name())) return {"paused", Colour::Yellow};
    return {"yes", Colour::Green};
}

void printJobs(const std::vector<JobRef>& jobs, const Pauses& pauses) {
    Table table({"JOB", "ENABLED", "SCHEDULE", "TASK", "TITLE"});
    for (const auto& job : jobs) {
        const bool bad = job.isFaulty();
        const auto settings = job.settings();
        table.add({{job.name(), bad ? Colour::Red : Colour::Plain},
                   enabledCell(job, pauses),
                   {settings->schedule.empty() ? "(by hand)" : settings->schedule},
                   {settings->plugin + "/" + settings->task},
                   {bad ? "faulty: see carillon validate" : job.title(), bad ? Colour::Red : Colour::Plain}});
    }
    table.print();
    for (const auto& job : jobs)
        if (const auto pause = pauses.find(job.name()); pause != pauses.end())
            printPause(job.name(), pause->second, SystemClock().now());
}

void writeJob(JsonWriter& json, const JobRef& job, const Pauses& pauses) {
    const auto settings = job.settings();
    json.beginObject().member("job", job.name()).member("title", job.title()).member("enabled", job.enabled());
    json.member("schedule", settings->schedule).member("timezone", settings->timezone);
    json.member("plugin", settings->plugin).member("task", settings->task).member("file", job.file->path());
    json.member("faults", job.isFaulty() ? job.config().faults.size() : 0);
    const auto pause = pauses.find(job.name());
    JsonOut<JsonForm::Public> members(json);
    members("pause", pause == pauses.end() ? std::nullopt : std::optional(pause->second));
    json.endObject();
}

/// Rows that make no job would else be missed here.
void warnOfRows(const JobFile& file) {
    if (!file.hasInstances() || file.faults().empty()) return;
    const std::size_t count = file.faults().size();
    printWarning(file.name() + " has " + std::to_string(count) + (count == 1 ? " fault" : " faults") +
                 "; see carillon validate");
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
        for (const auto& fault : all.faults) printWarning(fault.sentence());
        for (const auto& file : all.files) warnOfRows(*file);
        const auto jobs = all.match(options->pattern);
        const Pauses pauses = readPauses(host);
        if (!options->json) return printJobs(jobs, pauses);
        printJsonList(jobs, [&pauses](JsonWriter& json, const JobRef& job) { writeJob(json, job, pauses); });
    });
}

}  // namespace carillon
