#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/Terminal.h"
#include "record/TaskMessage.h"
#include "runner/TaskQuery.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <vector>

namespace carillon {
namespace {

/// All as wide as the widest.
std::string markOf(CheckState state) {
    constexpr std::size_t kWidest = 7;
    std::string mark = cliTexts().word("check.state", std::string(checkStateName(state)));
    return mark.append(kWidest - std::min(kWidest, columnsOf(mark)), ' ');
}

/// Its own check, or one that the host makes of each plugin.
std::string nameOf(const MessageTeller& teller, const std::string& plugin, const Check& check) {
    return teller.call(plugin, "check", check.name, cliTexts().word("check.name", check.name));
}

std::string detailOf(const MessageTeller& teller, const std::string& plugin, const std::string& name,
                     const Message& value) {
    const std::string called = teller.call(plugin, "detail", name, teller.call(plugin, "counter", name, name));
    return cliText("check.detail", {{"name", called}, {"value", teller.tell(value)}});
}

void printCheck(const MessageTeller& teller, const std::string& plugin, const Check& check) {
    const bool passed = check.state == CheckState::Passed;
    const Colour colour = passed ? Colour::Green : check.state == CheckState::Warning ? Colour::Yellow : Colour::Red;
    const std::string mark = markOf(check.state);
    std::cout << "  " << coloured(colour, mark) << "  "
              << coloured(Colour::Bold, printable(nameOf(teller, plugin, check))) << cliText("terminal.colon") << ' '
              << printable(teller.tell(check.message)) << '\n';
    std::string details;
    for (const auto& [name, value] : check.details)
        if (!value.empty()) details += (details.empty() ? "" : ", ") + detailOf(teller, plugin, name, value);
    if (!details.empty()) std::cout << "           " << coloured(Colour::Dim, printable(details)) << '\n';
    if (!check.recommendation.empty())
        std::cout << "           → " << printable(teller.tell(check.recommendation)) << '\n';
    std::cout << std::flush;
}

/// Checks one job; true: all its checks pass.
bool check(const HostConfig& host, const JobConfig& job, JsonWriter* json) {
    std::vector<Check> checks;
    if (json == nullptr)
        std::cout << job.name << (job.title.empty() ? "" : cliText("terminal.colon") + ' ' + printable(job.title))
                  << '\n';
    const MessageTeller teller(host);
    checkJob(host, job, [&](const Check& check) {
        checks.push_back(check);
        if (json == nullptr) printCheck(teller, job.plugin, check);
    });
    const bool allPass = std::none_of(checks.begin(), checks.end(),
                                      [](const Check& check) { return check.state == CheckState::Failed; });
    if (json != nullptr) {
        json->beginObject().member("job", job.name).member("passed", allPass).key("checks");
        writeJson<JsonForm::Public>(*json, checks);
        json->endObject();
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
        JsonWriter json;
        json.beginArray();
        bool allPass = true;
        const auto take = [&](const JobConfig& job) {
            allPass = check(host, job, options->json ? &json : nullptr) && allPass;
        };
        if (!options->job.empty())
            take(requireJob(host, options->job));
        else
            for (const auto& job : readConfiguration(host).match("*")) take(requireFaultless(host, job.config()));
        if (options->json) printJson(json.endArray().text());
        cli.exit(allPass ? ExitCode::Ok : ExitCode::Failed);
    });
}

}  // namespace carillon
