#include "cli/CommandLine.h"

#include "base/EditDistance.h"
#include "base/FilePath.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/Results.h"
#include "cli/SystemVerbs.h"
#include "cli/Terminal.h"
#include "logs/JobLog.h"
#include "platform/HostPipes.h"
#include "platform/ProcessLimits.h"
#include "platform/StandardStreams.h"
#include "platform/SystemPlaces.h"
#include "platform/ThisProgram.h"
#include "schedule/TimeText.h"
#include "shared/EmbeddedText.h"
#include "words/WordedException.h"
#include "worker/Worker.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <vector>

namespace carillon {

namespace cli_help {
extern const std::vector<EmbeddedText> files;  // fr
}

namespace {

constexpr const char* kName = "carillon";
constexpr const char* kDescription = "Carillon runs jobs that are plugins.";
constexpr const char* kFooter =
    "Exit codes: 0 done (also: nothing to do), 1 failed, 2 wrong usage or configuration, 75 the job is running\n"
    "already, 128+n stopped by signal n. Results go to stdout, messages to stderr; --json where there is a table.";

int parseAndRun(CommandWords& words, const Cli& cli, int argc, char** argv) {
    try {
        const auto ended = words.run(argc, argv);
        if (!ended) return cli.exitCode;
        return static_cast<int>(*ended == CommandWords::Ended::Asked ? ExitCode::Ok : ExitCode::Usage);
    } catch (const UsageError& e) {
        if (!e.message().empty()) printError(e.message());
        return static_cast<int>(ExitCode::Usage);
    } catch (const Poco::Exception& e) {
        printError(hostText(sayException(e)));
    } catch (const std::exception& e) {
        printError(e.what());
    }
    return static_cast<int>(ExitCode::Failed);
}

/// The file of the job; throws UsageError when there is none.
std::shared_ptr<const JobFile> requireJobFile(const HostConfig& host, const std::string& jobName) {
    std::vector<ConfigFault> faults;
    const auto names = listJobs(host, faults);
    if (names.empty() && printFaults(faults) > 0) throw UsageError();
    const std::string name(fileOfJob(jobName));
    if (std::binary_search(names.begin(), names.end(), name)) return JobFile::read(host, name);
    const std::string similar = nearestOf(name, names);
    std::string known;
    for (const auto& job : names) known += (known.empty() ? "" : ", ") + job;
    throw UsageError(cliText(!similar.empty() ? "usage.nojob.near"
                             : known.empty()  ? "usage.nojob"
                                              : "usage.nojob.known",
                             {{"job", name}, {"dir", host.jobsDir}, {"near", similar}, {"known", known}}));
}

void addVerbs(Cli& cli) {
    cli.root.option("--config", cli.config,
                    "The host's file; else that of the variable CARILLON_CONFIG, ./carillon.properties, " +
                        inFolder(machineConfigurationFolder(), "carillon.properties"));
    for (const auto addVerb :
         {addRunVerb,      addJobsVerb,   addCheckVerb,    addValidateVerb, addPluginsVerb, addHistoryVerbs,
          addRejectVerbs,  addLogsVerb,   addInitVerb,     addNextVerb,     addExplainVerb, addWhyVerb,
          addBackfillVerb, addServeVerb,  addStatusVerb,   addPauseVerbs,   addStopVerb,    addReloadVerb,
          addAccountVerbs, addAlertVerbs, addActivityVerb, addItemVerbs})
        addVerb(cli);
    addSystemVerbs(cli);
}

}  // namespace

int runCommandLine(int argc, char** argv) {
    noteThisProgram(argv[0]);
    prepareProcess();  // logs, state and history may name people
    keepStandardStreams();
    // Hidden, and before all that the verbs for people need: a worker starts fast.
    if (HostPipes::areNamed(argc, argv)) return runWorkerVerb(argc, argv);
    CommandWords words(kName, kDescription, CARILLON_VERSION, kFooter);
    Cli cli{words.root()};
    addVerbs(cli);
    if (preferredLanguage() == Language::French) words.translateHelp(frenchHelp());
    const int code = parseAndRun(words, cli, argc, argv);
    const auto lost = flushResults();
    if (lost) printError(*lost);
    return lost && code == static_cast<int>(ExitCode::Ok) ? static_cast<int>(ExitCode::Failed) : code;
}

std::map<std::string, std::string> commandHelp() {
    CommandWords words(kName, kDescription, CARILLON_VERSION, kFooter);
    Cli cli{words.root()};
    addVerbs(cli);
    return words.helpTexts();
}

const Texts& frenchHelp() {
    static const Texts texts(Language::French, cli_help::files.at(0).text);
    return texts;
}

HostConfig requireHost(const Cli& cli) {
    std::vector<ConfigFault> faults;
    std::string path;
    try {
        path = locateConfiguration(cli.config, [](const Message& why) { printWarning(hostText(why)); });
    } catch (const Poco::FileNotFoundException& e) {
        throw UsageError(hostText(sayException(e)));
    }
    HostConfig host = readHostConfig(path, faults);
    if (printFaults(faults) > 0) throw UsageError();
    setShownZone(host.timezone);
    return host;
}

void refuseWord(const char* option, const std::string& word, const std::string& names) {
    throw UsageError(cliText("usage.oneof", {{"option", option}, {"word", word}, {"names", names}}));
}

std::string noJobLike(const Configuration& configuration, const std::string& pattern) {
    std::vector<std::string> names;
    for (const auto& job : configuration.match("*")) names.push_back(job.name());
    const std::string similar = nearestOf(pattern, names);
    return cliText(similar.empty() ? "usage.nonelike" : "usage.nonelike.near", {{"job", pattern}, {"near", similar}});
}

JobRef requireKnownJob(const HostConfig& host, const std::string& name) {
    const auto file = requireJobFile(host, name);
    const auto index = file->find(name);
    if (!index) {
        if (name != file->name()) printFaults(file->faults());
        throw UsageError(hostText(file->describeAbsence(name)));
    }
    return {file, *index};
}

JobConfig requireJob(const HostConfig& host, const std::string& name, const Overrides& overrides) {
    return requireFaultless(host, requireKnownJob(host, name).config(overrides));
}

JobConfig requireFaultless(const HostConfig& host, JobConfig job) {
    const auto faultsOfLog = JobLog::check(job, host.logsDir);
    if (printFaults(job.faults) + printFaults(faultsOfLog) > 0) throw UsageError();
    return job;
}

std::size_t printFaults(const std::vector<ConfigFault>& faults) {
    for (const auto& fault : faults) printError(hostText(fault.message()));
    return faults.size();
}

std::size_t printFaults(const std::vector<ConfigFault>& faults, const MessageTeller& teller) {
    for (const auto& fault : faults) printError(teller.tell(fault.message()));
    return faults.size();
}

}  // namespace carillon
