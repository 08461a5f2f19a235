#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/Terminal.h"
#include "plugins/PluginLibrary.h"
#include "report/JobLog.h"
#include "runner/TaskQuery.h"
#include "runner/WorkerMessages.h"

#include <memory>

namespace carillon {
namespace {

void append(std::vector<ConfigFault>& all, const std::vector<ConfigFault>& more) {
    all.insert(all.end(), more.begin(), more.end());
}

/// The faults that only the job's task can see, and those of its log.
void validateJob(const HostConfig& host, const JobConfig& job, std::vector<ConfigFault>& faults) {
    append(faults, job.faults);
    append(faults, JobLog::check(job, host.logsDir));
    if (const auto fault = findTimezoneFault(job)) faults.push_back(*fault);
    if (job.plugin.empty() || job.task.empty()) return;
    const auto* entry = job.source.find("job.plugin");
    const auto faultOfPlugin = [&](const std::string& problem) {
        faults.push_back(
            {job.source.file(), entry == nullptr ? 0 : entry->line, "job.plugin", " = " + job.plugin + ": " + problem});
    };
    WorkerListener listener;
    listener.onFault = [&faults](const ConfigFault& fault) { faults.push_back(fault); };
    if (const std::string error = askTask(host, job, WorkerRequest::Verb::Configure, {}, listener); !error.empty())
        faultOfPlugin(error);
}

}  // namespace

void addValidateVerb(Cli& cli) {
    auto asJson = std::make_shared<bool>(false);
    auto* verb = cli.app.add_subcommand("validate", "Check the whole configuration and every plugin; runs nothing");
    verb->add_flag("--json", *asJson, "Print JSON");
    verb->callback([&cli, asJson] {
        Configuration all;
        try {
            all = readConfiguration(locateConfiguration(cli.config));
        } catch (const Poco::FileNotFoundException& e) {
            throw UsageError(e.message());
        }
        std::vector<ConfigFault> faults = all.faults;
        for (const auto& job : all.jobs) validateJob(all.host, job, faults);
        if (*asJson) {
            Poco::JSON::Array array;
            for (const auto& fault : faults) {
                auto json = toJson(fault);
                json->set("sentence", fault.sentence());
                array.add(json);
            }
            printJson(array);
        } else if (printFaults(faults) == 0) {
            std::cout << all.host.file << " is " << coloured(Colour::Green, "valid") << ": " << all.jobs.size()
                      << (all.jobs.size() == 1 ? " job\n" : " jobs\n");
        } else {
            printError(std::to_string(faults.size()) + (faults.size() == 1 ? " fault" : " faults"));
        }
        cli.exit(faults.empty() ? ExitCode::Ok : ExitCode::Usage);
    });
}

}  // namespace carillon
