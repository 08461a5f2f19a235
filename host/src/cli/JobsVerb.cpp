#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/Table.h"
#include "cli/Terminal.h"

#include <memory>

namespace carillon {
namespace {

void printJobs(const std::vector<JobRef>& jobs) {
    Table table({"JOB", "ENABLED", "SCHEDULE", "TASK", "TITLE"});
    for (const auto& job : jobs) {
        const bool bad = job.isFaulty();
        const bool enabled = job.enabled();
        const auto settings = job.settings();
        table.add({{job.name(), bad ? Colour::Red : Colour::Plain},
                   {enabled ? "yes" : "no", enabled ? Colour::Green : Colour::Dim},
                   {settings->schedule.empty() ? "(by hand)" : settings->schedule},
                   {settings->plugin + "/" + settings->task},
                   {bad ? "faulty: see carillon validate" : job.title(), bad ? Colour::Red : Colour::Plain}});
    }
    table.print();
}

void writeJob(JsonWriter& json, const JobRef& job) {
    const auto settings = job.settings();
    json.beginObject().member("job", job.name()).member("title", job.title()).member("enabled", job.enabled());
    json.member("schedule", settings->schedule).member("timezone", settings->timezone);
    json.member("plugin", settings->plugin).member("task", settings->task).member("file", job.file->path());
    json.member("faults", job.isFaulty() ? job.config().faults.size() : 0).endObject();
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
        const Configuration all = readConfiguration(requireHost(cli));
        for (const auto& fault : all.faults) printWarning(fault.sentence());
        for (const auto& file : all.files) warnOfRows(*file);
        const auto jobs = all.match(options->pattern);
        options->json ? printJsonList(jobs, writeJob) : printJobs(jobs);
    });
}

}  // namespace carillon
