#include "cli/CommandLine.h"

#include "cli/Cli.h"
#include "cli/StandardStreams.h"
#include "cli/Terminal.h"
#include "logs/JobLog.h"
#include "runner/WorkerLaunch.h"
#include "schedule/TimeText.h"

#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <memory>
#include <string_view>

namespace carillon {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done (also: nothing to do), 1 failed, 2 wrong usage or configuration, 75 the job is running\n"
    "already, 128+n stopped by signal n. Results go to stdout, messages to stderr; --json where there is a table.";

/// What is wrong with the verb; empty: nothing.
std::string describeVerb(const CLI::App& app) {
    if (!app.get_subcommands().empty()) return "";
    const auto words = app.remaining();
    if (words.empty()) return "what to do is missing; see carillon --help";
    std::vector<std::string> verbs;
    for (const auto* verb : app.get_subcommands({})) verbs.push_back(verb->get_name());
    const std::string near = ConfigReader::nearest(words.front(), verbs);
    return "there is no command " + words.front() + (near.empty() ? "" : ", did you mean " + near + "?") +
           "; see carillon --help";
}

int parseAndRun(CLI::App& app, Cli& cli, int argc, char** argv) {
    try {
        app.parse(argc, argv);
        return cli.exitCode;
    } catch (const CLI::ParseError& e) {
        const bool asked = e.get_exit_code() == 0;  // --help, --version
        if (const std::string wrong = asked ? "" : describeVerb(app); !wrong.empty()) {
            printError(wrong);
            return static_cast<int>(ExitCode::Usage);
        }
        app.exit(e, asked ? std::cout : std::cerr, std::cerr);
        return static_cast<int>(asked ? ExitCode::Ok : ExitCode::Usage);
    } catch (const UsageError& e) {
        if (!e.message().empty()) printError(e.message());
        return static_cast<int>(ExitCode::Usage);
    } catch (const Poco::Exception& e) {
        printError(e.message().empty() ? e.displayText() : e.message());
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
    const std::string near = ConfigReader::nearest(name, names);
    std::string known;
    for (const auto& job : names) known += (known.empty() ? "" : ", ") + job;
    throw UsageError("there is no job " + name + " in " + host.jobsDir +
                     (near.empty() ? known.empty() ? "" : "; its jobs: " + known : "; did you mean " + near + "?"));
}

}  // namespace

int runCommandLine(int argc, char** argv) {
    // Logs, state and history may name people: nothing that this process makes is for others to read, nor for its group
    // where the starter does not want that.
    ::umask(::umask(077) | 027);
    keepStandardStreams();
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGCHLD, SIG_DFL);  // where it is ignored, as some starters leave it, nobody learns how a worker ended
    // Hidden, and before all that the verbs for people need: a worker starts fast.
    if (argc == 2 && std::string_view(argv[1]) == "worker") return runWorkerVerb();
    CLI::App app{"Carillon runs jobs that are plugins.", "carillon"};
    app.set_version_flag("--version", CARILLON_VERSION);
    app.require_subcommand(1);
    app.footer(kFooter);
    app.failure_message([](const CLI::App*, const CLI::Error& e) {
        return "carillon: error: " + printable(e.what()) + "; see carillon --help\n";
    });
    Cli cli{app};
    app.add_option("--config", cli.config,
                   "The host's file; else $CARILLON_CONFIG, ./carillon.properties, /etc/carillon/carillon.properties");
    app.fallthrough();
    for (const auto addVerb :
         {addRunVerb, addJobsVerb, addCheckVerb, addValidateVerb, addPluginsVerb, addHistoryVerbs, addRejectVerbs,
          addLogsVerb, addInitVerb, addNextVerb, addExplainVerb, addServeVerb, addStatusVerb, addPauseVerbs,
          addStopVerb, addReloadVerb, addAccountVerbs, addAlertVerbs})
        addVerb(cli);
    const int code = parseAndRun(app, cli, argc, argv);
    const auto lost = flushResults();
    if (lost) printError(*lost);
    return lost && code == static_cast<int>(ExitCode::Ok) ? static_cast<int>(ExitCode::Failed) : code;
}

HostConfig requireHost(const Cli& cli) {
    std::vector<ConfigFault> faults;
    std::string path;
    try {
        path = locateConfiguration(cli.config, printWarning);
    } catch (const Poco::FileNotFoundException& e) {
        throw UsageError(e.message());
    }
    HostConfig host = readHostConfig(path, faults);
    if (printFaults(faults) > 0) throw UsageError();
    setShownZone(host.timezone);
    return host;
}

JobRef requireKnownJob(const HostConfig& host, const std::string& name) {
    const auto file = requireJobFile(host, name);
    const auto index = file->find(name);
    if (!index) {
        if (name != file->name()) printFaults(file->faults());
        throw UsageError(file->describeAbsence(name));
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
    for (const auto& fault : faults) printError(fault.sentence());
    return faults.size();
}

}  // namespace carillon
