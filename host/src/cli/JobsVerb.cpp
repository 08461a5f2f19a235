#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/Table.h"

#include <memory>

namespace carillon {
namespace {

void printJobs(const Configuration& all) {
    Table table({"JOB", "ENABLED", "SCHEDULE", "TASK", "TITLE"});
    for (const auto& job : all.jobs) {
        const bool bad = !job.faults.empty();
        table.add({{job.name, bad ? Colour::Red : Colour::Plain},
                   {job.enabled ? "yes" : "no", job.enabled ? Colour::Green : Colour::Dim},
                   {job.schedule.empty() ? "(by hand)" : job.schedule},
                   {job.plugin + "/" + job.task},
                   {bad ? "faulty: see carillon validate" : job.title, bad ? Colour::Red : Colour::Plain}});
    }
    table.print();
}

void printJobsJson(const Configuration& all) {
    Poco::JSON::Array array;
    for (const auto& job : all.jobs) {
        auto json = orderedObject();
        json->set("job", job.name);
        json->set("title", job.title);
        json->set("enabled", job.enabled);
        json->set("schedule", job.schedule);
        json->set("timezone", job.timezone);
        json->set("plugin", job.plugin);
        json->set("task", job.task);
        json->set("file", job.source.file());
        json->set("faults", job.faults.size());
        array.add(json);
    }
    printJson(array);
}

}  // namespace

void addJobsVerb(Cli& cli) {
    auto json = std::make_shared<bool>(false);
    auto* verb = cli.app.add_subcommand("jobs", "List the jobs there are");
    verb->add_flag("--json", *json, "Print JSON");
    verb->callback([&cli, json] {
        Configuration all;
        all.host = requireHost(cli);
        for (const auto& name : listJobs(all.host, all.faults)) all.jobs.push_back(readJobConfig(all.host, name));
        for (const auto& fault : all.faults) printWarning(fault.sentence());
        *json ? printJobsJson(all) : printJobs(all);
    });
}

}  // namespace carillon
