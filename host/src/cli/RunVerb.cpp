#include "cli/RunVerb.h"
#include "carillon/Duration.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/DryRun.h"
#include "cli/OwnActs.h"
#include "cli/ProgressBar.h"
#include "cli/Terminal.h"
#include "cli/TimeWords.h"
#include "control/ControlClient.h"
#include "platform/Interrupts.h"
#include "serve/RecordedActions.h"
#include "words/HostTexts.h"

#include <iostream>
#include <memory>

namespace carillon {
namespace {

StopSignals signalsToStop() {
    const Interrupts all = interruptsSoFar();
    if (all.by) return {all.count, all.last, all.by->name()};
    return {all.count, all.last, all.isOfTerminal ? callingUser().name() : ""};
}

Overrides parseOverrides(const std::vector<std::string>& words) {
    Overrides overrides;
    for (const auto& word : words) {
        const auto separator = word.find('=');
        if (separator == 0 || separator == std::string::npos) throw UsageError(cliText("run.badset", {{"word", word}}));
        overrides[word.substr(0, separator)] = word.substr(separator + 1);
    }
    return overrides;
}

std::chrono::milliseconds parseTimeout(const std::string& text, std::chrono::milliseconds fallback) {
    if (text.empty()) return fallback;
    const auto timeout = parseDuration(text);
    if (!timeout || timeout->count() == 0) throw UsageError(cliText("run.badtimeout", {{"text", text}}));
    return *timeout;
}

void printWarnings(const MessageTeller& teller, const RunReport& report, const std::string& job) {
    constexpr std::size_t kShown = 10;
    for (std::size_t i = 0; i < report.warnings.size() && i < kShown; ++i)
        printWarning(teller.tell(report.warnings[i]));
    const auto all = static_cast<std::int64_t>(report.warnings.size()) + report.warningsOmitted;
    if (all > static_cast<std::int64_t>(kShown))
        printWarning(cliText("run.more", {{"n", all - static_cast<std::int64_t>(kShown)}, {"job", job}}));
}

void printSummary(const MessageTeller& teller, const RunResult& result, const std::string& job) {
    const auto& report = result.report;
    const auto took = std::chrono::duration<double>(result.finishedAt - result.identity.startedAt).count();
    const bool failed = report.outcome == Outcome::Failed;
    const bool stopped = report.outcome == Outcome::Stopped;
    const Colour colour = failed ? Colour::Red : stopped ? Colour::Yellow : Colour::Green;
    const Texts& texts = cliTexts();
    // The message of one that was stopped says by whom.
    std::cout << texts.say(
                     stopped ? "run.summary.stopped" : "run.summary",
                     {{"job", job},
                      {"ended", coloured(colour, texts.word("run.ended", std::string(outcomeName(report.outcome))))},
                      {"took", secondsText(took)},
                      {"message", printable(teller.tell(report.message))}})
              << '\n';
}

/// The same order, for the host that runs.
RunRequest requestOf(const RunOrder& order) {
    RunRequest request;
    request.job = order.job.name;
    request.overrides = order.overrides;
    request.verb = order.verb;
    request.replay = order.replay;
    request.dismissal = order.dismissal;
    request.trigger = order.trigger;
    request.slot = order.slot.value_or(TimePoint{});
    request.timeout = order.timeout;
    request.wait = order.wait;
    return request;
}

/// As a shell tells of a command that a signal ended.
ExitCode exitCodeOf(int signal) {
    return static_cast<ExitCode>(128 + signal);
}

/// Of what did not become a run: says why. `hasHost`: a host was asked for it.
ExitCode tellWhyNot(const RunResult& result, const RunOrder& order, bool hasHost) {
    if (result.kind == RunResult::Kind::BadConfiguration) {
        printFaults(result.faults, MessageTeller(order.host));
        return ExitCode::Usage;
    }
    if (result.kind == RunResult::Kind::SlotHasRun) {
        const std::string& run = result.holder.run;
        std::cout << cliText(run.empty() ? "run.passed" : "run.passed.run", {{"job", order.job.name}, {"run", run}})
                  << '\n';
        return ExitCode::Ok;
    }
    if (result.kind == RunResult::Kind::NotBegun) {
        printError(hasHost ? cliText("run.notbegun", {{"job", order.job.name}})
                           : cliText("run.notbegun.store", {{"dir", order.host.stateDir}}));
        return exitCodeOf(result.stoppedBy);
    }
    if (result.stoppedBy != 0) {
        printError(cliText("run.waited", {{"run", result.holder.run}, {"job", order.job.name}}));
        return exitCodeOf(result.stoppedBy);
    }
    printError(cliText("run.busy", {{"job", order.job.name},
                                    {"run", result.holder.run},
                                    {"since", dateTimeWords(result.holder.since)},
                                    {"host", result.holder.host},
                                    {"pid", result.holder.pid}}));
    return ExitCode::Busy;
}

/// What became of an order that no host was asked for.
void recordRun(const RunOrder& order, const RunResult& result) {
    if (order.trigger == Trigger::Backfill) return;  // which is recorded as one act
    Activity act = activityOf(actorOfCommand(), order.job.name, order);
    act.subject = result.identity.run;
    if (result.kind == RunResult::Kind::Busy) {
        act.outcome = ActOutcome::Refused;
        act.reason = sayHost("act.goeson", {{"run", result.holder.run}});
    } else if (result.kind != RunResult::Kind::Ran) {
        return;  // nothing was begun, and nobody else could know
    }
    std::vector<Activity> acts{std::move(act)};
    const Interrupts interrupts = interruptsSoFar();
    // Who stops it by `carillon stop` records that.
    if (result.report.outcome == Outcome::Stopped && interrupts.isOfTerminal && !interrupts.by)
        acts.push_back(ownAct(Act::Stop, order.job.name, result.identity.run));
    recordOwn(order.host, std::move(acts));
}

/// Who asks for a run now has it, and may not have thought of that.
void tellOfOffTime(const JobConfig& job) {
    const TimePoint now = SystemClock().now();
    const auto off = job.off ? job.off->at(now) : std::nullopt;
    if (!off) return;
    printWarning(cliText(
        "run.off", {{"job", job.name}, {"until", dateTimeWords(off->until)}, {"reason", reasonWords(off->reason)}}));
}

}  // namespace

ExitCode runAndReport(const RunOrder& order, const RunOutput& output) {
    watchInterrupts();
    ProgressBar bar;
    RunFollower follower;
    follower.stopSignals = signalsToStop;
    const MessageTeller teller(order.host);
    follower.onProgress = [&bar, &teller](std::uint64_t done, std::uint64_t total, const Message& what) {
        bar.show(done, total, teller.tell(what));
    };
    if (output.verbose)
        follower.onLogLine = [&bar](const std::string& line) {
            bar.clear();
            std::cerr << printable(line) << '\n';
        };
    auto client = ControlClient::connect(order.host.stateDir);
    // A host writes who asks; without one that is who calls.
    RunOrder own = order;
    own.dismissal.by = own.replay.by = textOf(actorOfCommand());
    const RunResult result = client ? client->run(requestOf(order), follower) : runJob(own, SystemClock(), follower);
    bar.clear();
    if (!client) recordRun(order, result);
    if (result.kind != RunResult::Kind::Ran) return tellWhyNot(result, order, client.has_value());
    printWarnings(teller, result.report, order.job.name);
    if (output.json)
        std::cout << toPublicJson(result) << '\n';
    else
        printSummary(teller, result, order.job.name);
    const bool failed = result.report.outcome == Outcome::Failed || result.report.outcome == Outcome::Stopped;
    // Which signal `carillon stop` sends to a run without a host is no matter of who waits for it.
    if (failed && result.stoppedBy != 0 && !interruptsSoFar().by) return exitCodeOf(result.stoppedBy);
    if (output.strict && !result.report.warnings.empty()) return ExitCode::Failed;
    return failed ? ExitCode::Failed : ExitCode::Ok;
}

void addRunVerb(Cli& cli) {
    struct Options {
        std::string job{};
        std::vector<std::string> set{};
        std::string timeout{};
        bool wait = false;
        bool dry = false;
        RunOutput output{};
    };
    auto options = std::make_shared<Options>();
    auto verb = cli.root.verb("run", "Run one job now and wait for its end");
    verb.option("JOB", options->job, "The job: a file jobs/JOB.properties").required();
    verb.option("--set", options->set, "KEY=VALUE: a key of the job's file, for this run").oneValueEach();
    verb.option("--timeout", options->timeout, "End the run after this time, such as 5m");
    const auto wait = verb.flag("--wait", options->wait, "Wait for a run in progress instead of leaving with 75");
    verb.flag("--dry-run", options->dry, "Show what a run would do now, item by item; change nothing").excludes(wait);
    verb.flag("--strict", options->output.strict, "Leave with 1 when there are warnings");
    verb.flag("--json", options->output.json, "Print the report as JSON");
    verb.flag("-v,--verbose", options->output.verbose, "Show the log lines of the run on stderr");
    verb.onRun([&cli, options] {
        const Overrides overrides = parseOverrides(options->set);
        const HostConfig host = requireHost(cli);
        JobConfig job = requireJob(host, options->job, overrides);
        if (options->dry) {
            job.timeout = parseTimeout(options->timeout, job.timeout);
            cli.exit(dryRun(host, job, options->output));
            return;
        }
        tellOfOffTime(job);
        RunOrder order{host, job};
        order.timeout = parseTimeout(options->timeout, job.timeout);
        order.overrides = overrides;
        order.wait = options->wait;
        cli.exit(runAndReport(order, options->output));
    });
}

}  // namespace carillon
