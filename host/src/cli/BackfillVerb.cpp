#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/OwnActs.h"
#include "cli/PauseText.h"
#include "cli/RunVerb.h"
#include "cli/Terminal.h"
#include "cli/TimeWords.h"
#include "platform/Interrupts.h"
#include "record/ReasonWords.h"
#include "schedule/ScheduleError.h"
#include "schedule/TimeText.h"
#include "schedule/ZoneDatabase.h"
#include "store/RunStore.h"
#include "words/HostTexts.h"

#include "Poco/Exception.h"
#include "Poco/Thread.h"

#include <algorithm>
#include <iostream>
#include <memory>

namespace carillon {
namespace {

struct BackfillOptions {
    std::string job{};
    std::string from{};
    std::string until{};
    std::size_t most = 500;
    std::size_t rate = 60;
    bool missing = false;
    bool keepGoing = false;
    bool dry = false;
};

/// Both ends as they are typed: from the first instant of the one to the last of the other.
TypedTime stretchOf(const BackfillOptions& options, const HostConfig& host, TimePoint now) {
    const TimePoint from = typedTime("--from", options.from, host).from;
    const TimePoint until = options.until.empty() ? now : std::min(now, typedTime("--to", options.until, host).until);
    if (from < until) return {from, until};
    throw UsageError(cliText(options.until.empty() ? "backfill.notbeforenow" : "backfill.notbefore",
                             {{"from", options.from}, {"until", options.until}}));
}

/// The times of the schedule as it is now, but for days off and blackouts.
std::vector<TimePoint> dueTimes(const JobConfig& job, const TypedTime& stretch) {
    std::vector<TimePoint> due;
    if (job.schedule.empty()) return due;
    const auto slots = timetableOf(job, job.schedule, job.name);
    constexpr std::size_t kMost = 1'000'000;
    for (auto at = slots->nextFiring(stretch.from - std::chrono::microseconds(1)); at && *at < stretch.until;
         at = slots->nextFiring(*at)) {
        if (due.size() == kMost) throw UsageError(cliText("backfill.toomany", {{"most", kMost}}));
        due.push_back(*at);
    }
    return due;
}

struct BackfillPlan {
    std::vector<TimePoint> slots{};
    std::size_t undecided = 0;  ///< That a host will still decide.
};

BackfillPlan planOf(const HostConfig& host, const JobConfig& job, const BackfillOptions& options) {
    const SystemClock clock;
    const TypedTime stretch = stretchOf(options, host, clock.now());
    RunStore store(host.stateDir, clock);
    const auto known = store.knownSlots(job.name, stretch.from, stretch.until);
    const auto due = dueTimes(job, stretch);
    const auto left = due.end() - std::lower_bound(due.begin(), due.end(), known.decidedUntil);
    return {openSlots(known, due, options.missing ? OpenKind::WithoutRun : OpenKind::WithoutSuccess),
            static_cast<std::size_t>(left)};
}

/// What somebody who paused it wants to have thought of.
void warnOfPause(const HostConfig& host, const std::string& job) {
    const SystemClock clock;
    const auto pauses = RunStore(host.stateDir, clock).pauses();
    if (const auto pause = pauses.find(job); pause != pauses.end())
        printWarning(cliText("backfill.paused", {{"job", job}, {"how", describe(pause->second, clock.now())}}));
}

/// Not sooner than that long after the run before, and cut short by Ctrl-C.
void waitUntil(std::chrono::steady_clock::time_point begin) {
    while (std::chrono::steady_clock::now() < begin && interruptsSoFar().count == 0) Poco::Thread::sleep(20);
}

ExitCode runAll(const HostConfig& host, const JobConfig& job, const std::vector<TimePoint>& slots,
                const BackfillOptions& options) {
    const auto apart = std::chrono::milliseconds(60'000 / static_cast<long>(options.rate));
    ExitCode worst = ExitCode::Ok;
    std::size_t done = 0;
    for (auto begin = std::chrono::steady_clock::now(); done < slots.size(); begin += apart) {
        waitUntil(begin);
        if (interruptsSoFar().count > 0) break;
        begin = std::max(begin, std::chrono::steady_clock::now());
        RunOrder order{host, job};
        order.trigger = Trigger::Backfill;
        order.slot = slots[done];
        order.timeout = job.timeout;
        order.wait = true;
        std::cout << dateTimeText(slots[done]) << "  " << std::flush;
        const ExitCode code = runAndReport(order, {});
        ++done;
        if (code == ExitCode::Ok) continue;
        worst = code;
        if (!options.keepGoing) break;
    }
    if (done < slots.size())
        printWarning(
            cliText(worst == ExitCode::Ok ? "backfill.left" : "backfill.leftfailed", {{"n", slots.size() - done}}));
    const auto interrupts = interruptsSoFar();
    if (worst == ExitCode::Ok && done < slots.size() && interrupts.count > 0)
        return static_cast<ExitCode>(128 + interrupts.last);
    return worst;
}

void backfill(Cli& cli, const BackfillOptions& options) {
    if (options.rate == 0) throw UsageError(cliText("backfill.rate"));
    const HostConfig host = requireHost(cli);
    const JobConfig job = requireJob(host, options.job);
    const BackfillPlan plan = planOf(host, job, options);
    const auto& slots = plan.slots;
    if (plan.undecided > 0) printWarning(cliText("backfill.undecided", {{"n", plan.undecided}}));
    if (slots.empty()) {
        std::cout << cliText("backfill.nothing", {{"job", job.name}}) << '\n';
        return;
    }
    if (slots.size() > options.most)
        throw UsageError(cliText("backfill.most", {{"n", slots.size()}, {"job", job.name}, {"most", options.most}}));
    if (!options.dry) {
        warnOfPause(host, job.name);
        recordOwn(host, {ownAct(Act::Backfill, job.name, "",
                                sayHost("act.slots", {{"n", slots.size()},
                                                      {"from", sayDateTime(dateTimeText(slots.front()))},
                                                      {"until", sayDateTime(dateTimeText(slots.back()))}}))});
        return cli.exit(runAll(host, job, slots, options));
    }
    for (const auto slot : slots) std::cout << dateTimeText(slot) << '\n';
    std::cout << cliText("backfill.would", {{"n", slots.size()}, {"job", job.name}}) << '\n';
}

}  // namespace

void addBackfillVerb(Cli& cli) {
    auto options = std::make_shared<BackfillOptions>();
    auto verb = cli.root.verb("backfill", "Run, one after the other, the slots of a job that have no success");
    verb.option("JOB", options->job, "JOB or JOB@instance").required();
    verb.option("--from", options->from, "The first one, such as 2026-11-28 or '2026-11-28 03:00'").required();
    verb.option("--to", options->until, "The last one, in the same way, a whole day included; now by default");
    verb.flag("--missing", options->missing, "Only those that did not run; those that failed stay as they are");
    verb.flag("--keep-going", options->keepGoing, "Go on when a run fails");
    verb.flag("--dry-run", options->dry, "List them; run nothing");
    verb.count("--rate", options->rate, "How many begin in a minute at most");
    verb.count("--most", options->most, "Refuse more than these");
    verb.onRun([&cli, options] {
        try {
            backfill(cli, *options);
        } catch (const ScheduleError& e) {
            throw UsageError(hostText(e.said()));
        }
    });
}

}  // namespace carillon
