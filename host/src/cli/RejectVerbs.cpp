#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/RunVerb.h"
#include "cli/Table.h"
#include "record/DismissWish.h"
#include "record/Run.h"
#include "runner/TaskQuery.h"
#include "schedule/TimeText.h"

#include "carillon/Clock.h"
#include "carillon/Duration.h"

#include <iostream>
#include <memory>

namespace carillon {
namespace {

struct RejectsOptions {
    std::string job{};
    RejectQuery query{};
    std::string older{};
    bool json = false;
};

void printRejects(const MessageTeller& teller, const std::vector<Reject>& rejects, const std::string& job,
                  bool filtered) {
    if (rejects.empty()) {
        std::cout << cliTexts().say(filtered ? "rejects.nomatch" : "rejects.none") << '\n';
        return;
    }
    Table table(tableHeads({"id", "received", "item", "reason", "detail"}));
    for (const auto& reject : rejects)
        table.add({{std::to_string(reject.id)},
                   {dateTimeText(reject.receivedAt)},
                   {reject.what},
                   {reject.reason, Colour::Yellow},
                   {teller.tell(reject.detail)}});
    table.print();
    std::cerr << cliTexts().say("rejects.replay", {{"job", job}}) << '\n';
}

TimePoint momentBefore(const std::string& age) {
    const auto duration = parseDuration(age);
    if (!duration) throw UsageError(cliText("rejects.badolder", {{"age", age}}));
    return SystemClock().now() - *duration;
}

void addRejects(Cli& cli) {
    auto options = std::make_shared<RejectsOptions>();
    auto verb = cli.root.verb("rejects", "List the items that a job put aside");
    verb.option("JOB", options->job, "The job").required();
    verb.count("-n,--limit", options->query.limit, "How many, oldest first");
    verb.option("--after", options->query.after, "Only those with a larger id");
    verb.option("--reason", options->query.reason, "Only those with this reason, such as unknown_token").notEmpty();
    verb.option("--older", options->older, "Only those that came longer ago, such as 36h").notEmpty();
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] {
        const HostConfig host = requireHost(cli);
        const JobConfig job = requireJob(host, options->job);
        if (!options->older.empty()) options->query.receivedBefore = momentBefore(options->older);
        std::vector<Reject> rejects;
        std::vector<ConfigFault> faults;
        WorkerListener listener;
        listener.onMessage = Hearing([&rejects](const Reject& reject) { rejects.push_back(reject); },
                                     [&faults](const ConfigFault& fault) { faults.push_back(fault); });
        const Message error = askTask(host, job, WorkerRequest::Verb::Rejects, options->query, listener).error;
        if (printFaults(faults) > 0) throw UsageError();
        if (!error.empty()) throw Poco::RuntimeException(MessageTeller(host).tell(error));
        const bool filtered = !options->query.reason.empty() || !options->older.empty();
        options->json ? printJson(toPublicJson(rejects))
                      : printRejects(MessageTeller(host), rejects, job.name, filtered);
    });
}

void addDismiss(Cli& cli) {
    struct Options {
        std::string job{};
        DismissRequest dismissal{};
        RunOutput output{};
    };
    auto options = std::make_shared<Options>();
    auto verb = cli.root.verb("dismiss", "Let rejects go: they stay as dismissed and wait for nobody any more");
    verb.option("JOB", options->job, "The job").required();
    verb.option("ID", options->dismissal.ids, "Rejects, as 'carillon rejects' numbers them").required();
    verb.option("--reason", options->dismissal.reason, "Why nothing is to be done").required();
    verb.flag("--json", options->output.json, "Print the report as JSON");
    verb.flag("-v,--verbose", options->output.verbose, "Show the log lines of the run on stderr");
    verb.onRun([&cli, options] {
        if (const auto fault = faultOfDismissal(options->dismissal)) throw UsageError(hostText(*fault));
        const HostConfig host = requireHost(cli);
        const JobConfig job = requireJob(host, options->job);
        RunOrder order{host, job, WorkerRequest::Verb::Dismiss};
        order.dismissal = options->dismissal;
        order.timeout = job.timeout;
        order.trigger = Trigger::Replay;
        cli.exit(runAndReport(order, options->output));
    });
}

void addCorrection(ReplayRequest& replay, const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) throw UsageError(cliText("replay.badset", {{"text", text}}));
    replay.corrections[text.substr(0, equals)] = text.substr(equals + 1);
}

void addReplay(Cli& cli) {
    struct Options {
        std::string job{};
        ReplayRequest replay{};
        std::vector<std::string> corrections{};
        bool all = false;
        RunOutput output{};
    };
    auto options = std::make_shared<Options>();
    auto verb = cli.root.verb("replay", "Decide rejected items anew, after their cause is mended");
    verb.option("JOB", options->job, "The job").required();
    const auto ids = verb.option("ID", options->replay.ids, "Rejects, as 'carillon rejects' numbers them");
    verb.flag("--all", options->all, "All of them").excludes(ids);
    verb.option("--set", options->corrections, "NAME=TEXT: what is right in the one item that ID names");
    verb.flag("--json", options->output.json, "Print the report as JSON");
    verb.flag("-v,--verbose", options->output.verbose, "Show the log lines of the run on stderr");
    verb.onRun([&cli, options] {
        ReplayRequest& replay = options->replay;
        if (replay.ids.empty() && !options->all) throw UsageError(cliText("replay.noids"));
        if (replay.ids.size() != 1 && !options->corrections.empty()) throw UsageError(cliText("replay.oneid"));
        for (const auto& correction : options->corrections) addCorrection(replay, correction);
        const HostConfig host = requireHost(cli);
        const JobConfig job = requireJob(host, options->job);
        RunOrder order{host, job, WorkerRequest::Verb::Replay, replay};
        order.timeout = job.timeout;
        order.trigger = Trigger::Replay;
        cli.exit(runAndReport(order, options->output));
    });
}

}  // namespace

void addRejectVerbs(Cli& cli) {
    addRejects(cli);
    addReplay(cli);
    addDismiss(cli);
}

}  // namespace carillon
