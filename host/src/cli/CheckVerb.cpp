#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/Terminal.h"
#include "logs/JobLog.h"
#include "runner/TaskQuery.h"
#include "runner/WorkerMessages.h"

#include <iostream>
#include <memory>

namespace carillon {
namespace {

void printCheck(const Check& check) {
    const bool passed = check.state == CheckState::Passed;
    const Colour colour = passed ? Colour::Green : check.state == CheckState::Warning ? Colour::Yellow : Colour::Red;
    const char* mark = passed ? "ok     " : check.state == CheckState::Warning ? "warning" : "FAILED ";
    std::cout << "  " << coloured(colour, mark) << "  " << coloured(Colour::Bold, printable(check.name)) << ": "
              << printable(check.message) << '\n';
    std::string details;
    for (const auto& [name, value] : check.details)
        if (!value.empty()) details += (details.empty() ? "" : ", ") + name + " " + value;
    if (!details.empty()) std::cout << "           " << coloured(Colour::Dim, printable(details)) << '\n';
    if (!check.recommendation.empty()) std::cout << "           → " << printable(check.recommendation) << '\n';
    std::cout << std::flush;
}

Poco::JSON::Object::Ptr checkJson(const Check& check) {
    auto json = toJson(check);
    json->set("state", std::string(checkStateName(check.state)));
    return json;
}

/// Checks one job; true: all its checks pass.
bool checkJob(const HostConfig& host, const JobConfig& job, Poco::JSON::Array* json) {
    JobLog log(job, host.logsDir);
    bool allPass = true;
    auto checks = Poco::JSON::Array::Ptr(new Poco::JSON::Array);
    if (json == nullptr) std::cout << job.name << (job.title.empty() ? "" : ": " + printable(job.title)) << '\n';
    const auto take = [&](const Check& check) {
        allPass = allPass && check.state != CheckState::Failed;
        json == nullptr ? printCheck(check) : static_cast<void>(checks->add(checkJson(check)));
    };
    WorkerListener listener;
    listener.onCheck = take;
    listener.onLog = [&log](Poco::Message::Priority level, Poco::Timestamp at, const std::string& text) {
        log.write("check", level, at, text);
    };
    listener.onFault = [&take](const ConfigFault& fault) {
        take({"configuration",
              CheckState::Failed,
              fault.sentence(),
              {},
              "correct the job's file, then carillon validate"});
    };
    if (const std::string error = askTask(host, job, WorkerRequest::Verb::Check, {}, listener).error; !error.empty())
        take({"plugin", CheckState::Failed, error, {}, "see carillon plugins and carillon logs " + job.name});
    if (json != nullptr) {
        auto all = orderedObject();
        all->set("job", job.name);
        all->set("passed", allPass);
        all->set("checks", checks);
        json->add(all);
    }
    return allPass;
}

}  // namespace

void addCheckVerb(Cli& cli) {
    struct Options {
        std::string job{};
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto verb = cli.root.verb("check", "Diagnose what a job needs; writes nothing");
    verb.option("JOB", options->job, "One job; else all of them");
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] {
        const HostConfig host = requireHost(cli);
        Poco::JSON::Array json;
        bool allPass = true;
        const auto take = [&](const JobConfig& job) {
            allPass = checkJob(host, job, options->json ? &json : nullptr) && allPass;
        };
        if (!options->job.empty())
            take(requireJob(host, options->job));
        else
            for (const auto& job : readConfiguration(host).match("*")) take(requireFaultless(host, job.config()));
        if (options->json) printJson(json);
        cli.exit(allPass ? ExitCode::Ok : ExitCode::Failed);
    });
}

}  // namespace carillon
