#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/OwnActs.h"
#include "cli/Terminal.h"
#include "control/ControlClient.h"
#include "serve/HostLock.h"
#include "store/RunningElsewhere.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace carillon {
namespace {

/// What the words of the command mean, and the host that was asked first.
struct Wish {
    std::string words{};
    std::set<std::string> jobs{};  ///< Empty: the words are the id of a run.
    int hostPid = 0;               ///< 0: no host runs.

    bool means(const RunLock& lock) const { return jobs.contains(lock.job) || lock.run == words; }
};

void printAsked(const std::string& job, const std::string& run) {
    std::cout << cliText("stop.asked", {{"run", run}, {"job", job}}) << '\n';
}

/// What a host was asked for. False: it has nothing of that.
bool stopInHost(ControlClient& client, Wish& wish) {
    const auto [result, pid] = client.ask<StopAnswer>({HostVerb::Stop, wish.words});
    wish.hostPid = pid;
    for (const auto& run : result.runs) {
        if (std::count(result.ended.begin(), result.ended.end(), run.run) > 0)
            std::cout << cliText("stop.ended", {{"run", run.run}, {"job", run.job}}) << '\n';
        else
            printAsked(run.job, run.run);
    }
    if (result.withdrawn > 0) std::cout << cliText("stop.withdrew", {{"n", result.withdrawn}}) << '\n';
    for (const auto& job : result.skipped) std::cout << cliText("stop.skipped", {{"job", job}}) << '\n';
    for (const auto& job : result.retries) std::cout << cliText("stop.cancelled", {{"job", job}}) << '\n';
    return !result.empty();
}

/// A run that another process carries out. True: it was asked to end.
bool stopElsewhere(const HostConfig& host, const RunLock& lock, const Wish& wish) {
    if (wish.hostPid == 0 && HostLock::isHeld(host.stateDir))
        throw Poco::RuntimeException(
            cliText("stop.noanswer", {{"dir", host.stateDir}, {"run", lock.run}, {"job", lock.job}}));
    switch (sendStop(lock.owner, ProcessIdentity::ofThisProcess(host.hostName), callingUser())) {
        case StopSent::Sent:
            printAsked(lock.job, lock.run);
            return true;
        case StopSent::Refused:
            printError(cliText("stop.otheruser", {{"run", lock.run}, {"job", lock.job}, {"pid", lock.owner.pid}}));
            break;
        case StopSent::Gone:
        case StopSent::Unknown:
            break;
    }
    return false;
}

/// The locks that are not the host's: it has said that it runs nothing of that.
std::vector<RunLock> locksElsewhere(RunStore& store, const Wish& wish) {
    auto locks = store.locks();
    std::erase_if(locks, [&wish](const RunLock& lock) {
        return !wish.means(lock) || (wish.hostPid != 0 && lock.owner.pid == wish.hostPid);
    });
    return locks;
}

/// Why nothing was asked to end. Throws UsageError when the words mean nothing at all.
Message explain(RunStore& store, const Configuration& configuration, const Wish& wish) {
    if (wish.jobs.size() > 1) return sayHost("stop.none", {{"pattern", wish.words}});
    if (!wish.jobs.empty()) return describeUnstoppable(store, *wish.jobs.begin(), "", wish.hostPid);
    const auto run = store.run(wish.words);
    if (!run) {
        const std::string none = hostText(configuration.describeNone(wish.words));
        throw UsageError(none + (none.ends_with('?') ? " " : ". ") + cliText("stop.norun"));
    }
    return describeUnstoppable(store, run->job, run->id, wish.hostPid);
}

ExitCode stop(const HostConfig& host, const std::string& words) {
    Wish wish{words};
    const Configuration configuration = readConfiguration(host);
    for (const auto& job : configuration.match(words)) wish.jobs.insert(job.name());
    auto client = ControlClient::connect(host.stateDir);
    if (client && stopInHost(*client, wish)) return ExitCode::Ok;
    const SystemClock clock;
    RunStore store(host.stateDir, clock);
    std::vector<Activity> acts;
    for (const auto& lock : locksElsewhere(store, wish))
        if (stopElsewhere(host, lock, wish)) acts.push_back(ownAct(Act::Stop, lock.job, lock.run));
    const bool asked = !acts.empty();
    if (!asked) {
        const Message why = explain(store, configuration, wish);
        printError(hostText(why));
        acts.push_back(refusedOwnAct(Act::Stop, wish.jobs.empty() ? "" : wish.words, why));
    }
    recordOwn(host, std::move(acts));
    return asked ? ExitCode::Ok : ExitCode::Failed;
}

}  // namespace

void addStopVerb(Cli& cli) {
    auto words = std::make_shared<std::string>();
    auto verb = cli.root.verb("stop", "Ask a run in progress to end; who asked is noted");
    verb.option("JOB|RUN", *words, "A job or a pattern such as 'sync-*': all that it runs; or the id of one run")
        .required();
    verb.footer(
        "The task is asked to end, and its process ended after 10 s, or at once when it is asked again. The run ends "
        "as\n"
        "'stopped', which is no failure, and is not tried again. What is due later begins all the same: see pause.\n"
        "Leaves with 1 when there is nothing to stop, and says why.");
    verb.onRun([&cli, words] { cli.exit(stop(requireHost(cli), *words)); });
}

}  // namespace carillon
