#include "access/AccountFile.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/Terminal.h"
#include "config/ConfigNotes.h"
#include "logs/JobLog.h"
#include "plugins/PluginLibrary.h"
#include "runner/TaskQuery.h"
#include "words/HostTexts.h"
#include "words/WordedException.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <set>
#include <tuple>

namespace carillon {
namespace {

constexpr std::size_t kMostAsked = 100;  // instances of a file; each takes a process

/// The faults there are; what the plugin finds wrong with many instances is there once.
class FaultList {
public:
    void add(const std::vector<ConfigFault>& faults) { _faults.insert(_faults.end(), faults.begin(), faults.end()); }
    void addOnce(const ConfigFault& fault) {
        if (_known.emplace(fault.file, fault.key, fault.problem.text).second) _faults.push_back(fault);
    }
    const std::vector<ConfigFault>& all() const { return _faults; }

private:
    std::vector<ConfigFault> _faults{};
    std::set<std::tuple<std::string, std::string, std::string>> _known{};
};

/// The faults that only the job's task can see, and those of its log.
void validateJob(const HostConfig& host, const JobConfig& job, FaultList& faults) {
    for (const auto& fault : JobLog::check(job, host.logsDir)) faults.addOnce(fault);
    if (job.plugin.empty() || job.task.empty()) return;
    WorkerListener listener;
    listener.onMessage = Hearing([&faults](const ConfigFault& fault) { faults.addOnce(fault); });
    if (const Message error = askTask(host, job, WorkerRequest::Verb::Configure, {}, listener).error; !error.empty())
        faults.addOnce(
            job.source.faultOf("job.plugin", sayHost("fault.plugin", {{"plugin", job.plugin}, {"why", error}})));
}

/// Where no variable tells them apart, one instance stands for all. Returns how many were not asked.
std::size_t validateFile(const HostConfig& host, const JobFile& file, bool everyInstance, FaultList& faults) {
    faults.add(file.faults());
    const bool varies = file.variesBelow("task.") || file.variesBelow("logging.") || file.variesBelow("job.plugin") ||
                        file.variesBelow("job.task");
    const std::size_t differing = varies ? file.size() : std::min<std::size_t>(1, file.size());
    const std::size_t asked = everyInstance ? differing : std::min(differing, kMostAsked);
    for (std::size_t i = 0; i < asked; ++i) validateJob(host, file.config(i), faults);
    return differing - asked;
}

void writeFaults(JsonWriter& json, const std::vector<ConfigFault>& found, const char* severity) {
    for (const auto& fault : found) {
        json.beginObject();
        JsonOut<JsonForm::Public> members(json);
        writeFields(members, fault);
        json.member("sentence", fault.sentence()).member("severity", severity).endObject();
    }
}

void printResultJson(const Configuration& all, const std::vector<ConfigFault>& faults) {
    JsonWriter json;
    json.beginArray();
    writeFaults(json, faults, "error");
    writeFaults(json, all.allWarnings(), "warning");
    writeFaults(json, notesOf(all), "note");
    printJson(json.endArray().text());
}

void printResult(const Configuration& all, const std::vector<ConfigFault>& faults) {
    const std::size_t jobs = all.jobCount();
    const MessageTeller teller(all.host);
    for (const auto& note : notesOf(all))
        std::cerr << "carillon: " << cliText("validate.note") << ' ' << printable(teller.tell(note.message())) << '\n';
    for (const auto& warning : all.allWarnings()) printWarning(teller.tell(warning.message()));
    if (printFaults(faults, teller) > 0)
        printError(cliText("validate.faults", {{"n", faults.size()}}));
    else
        std::cout << cliText("validate.valid", {{"n", jobs},
                                                {"file", all.host.file},
                                                {"valid", coloured(Colour::Green, cliText("validate.isvalid"))}})
                  << '\n';
}

struct ValidateOptions {
    bool json = false;
    bool everyInstance = false;
};

void validate(Cli& cli, const ValidateOptions& options) {
    Configuration all;
    try {
        all =
            readConfiguration(locateConfiguration(cli.config, [](const Message& why) { printWarning(hostText(why)); }));
    } catch (const Poco::FileNotFoundException& e) {
        throw UsageError(hostText(sayException(e)));
    }
    FaultList faults;
    readAccountFile(all.host.usersFile, all.faults);
    faults.add(all.faults);
    for (const auto& file : all.files)
        if (const auto rest = validateFile(all.host, *file, options.everyInstance, faults); rest > 0)
            printWarning(cliText("validate.rest", {{"n", rest}, {"file", file->name()}, {"all", file->size()}}));
    options.json ? printResultJson(all, faults.all()) : printResult(all, faults.all());
    cli.exit(faults.all().empty() ? ExitCode::Ok : ExitCode::Usage);
}

}  // namespace

void addValidateVerb(Cli& cli) {
    auto options = std::make_shared<ValidateOptions>();
    auto verb = cli.root.verb("validate", "Check the whole configuration and every plugin; runs nothing");
    verb.flag("--json", options->json, "Print JSON");
    verb.flag("--all", options->everyInstance,
              "Ask the plugin about every instance, not only the first " + std::to_string(kMostAsked) + " of a file");
    verb.onRun([&cli, options] { validate(cli, *options); });
}

}  // namespace carillon
