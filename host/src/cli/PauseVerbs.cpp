#include "base/BoundedText.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/OwnActs.h"
#include "cli/PauseText.h"
#include "cli/TimeWords.h"
#include "control/ControlClient.h"
#include "schedule/TypedTime.h"
#include "schedule/ZoneDatabase.h"
#include "store/ActivityLog.h"
#include "store/ScheduleStore.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <optional>

namespace carillon {
namespace {

struct PauseOptions {
    std::string jobs{};
    std::optional<std::string> until{};
    std::string note{};
};

using PauseOrder = std::optional<Pause>;  // nothing: resume

/// Whether the row changes; the same as a host decides.
bool setPaused(ScheduleRow& row, const PauseOrder& order) {
    if (!order) {
        row.pause = {};
        return std::exchange(row.paused, false);
    }
    Pause pause = *order;
    if (row.paused) {
        if (pause.note.empty()) pause.note = row.pause.note;
        if (pause.until == row.pause.until && pause.note == row.pause.note) return false;
        if (row.pause.since != TimePoint{}) pause.since = row.pause.since;
    }
    row.paused = true;
    row.retry.reset();
    row.pause = std::move(pause);
    return true;
}

/// Without a host: in the store, for the next one.
std::vector<std::string> pauseInStore(const HostConfig& host, const std::vector<std::string>& jobs,
                                      const PauseOrder& order) {
    const SystemClock clock;
    ScheduleStore store(host.stateDir, host.hostName, clock, std::chrono::seconds(10));
    std::map<std::string, ScheduleRow> rows;
    for (const auto& job : jobs) rows[job].job = job;
    store.readSchedules([&rows](const ScheduleRow& row) {
        if (const auto wanted = rows.find(row.job); wanted != rows.end()) wanted->second = row;
    });
    StoreBatch batch;
    std::vector<std::string> changed;
    for (auto& [job, row] : rows) {
        if (!setPaused(row, order)) continue;
        changed.push_back(job);
        batch.rows.push_back(row);
    }
    store.write(batch);
    return changed;
}

std::vector<std::string> pauseWithoutHost(const HostConfig& host, const std::vector<std::string>& jobs,
                                          PauseOrder order, const std::string& pattern) {
    if (order) {
        order->by = boundedText(textOf(actorOfCommand()), kLongestNote);
        order->since = SystemClock().now();
    }
    auto changed = pauseInStore(host, jobs, order);
    const Activity act = order ? pauseActOf(actorOfCommand(), *order) : ownAct(Act::Resume);
    recordOwn(host, forEachJob(act, changed, pattern));
    return changed;
}

PauseOrder orderOf(const HostConfig& host, const PauseOptions& options) {
    Pause pause;
    pause.note = boundedText(options.note, kLongestNote);
    if (boundedText(options.note, kLongestNote + 1) != pause.note)
        throw UsageError(cliText("pause.longnote", {{"most", kLongestNote}}));
    if (!options.until) return pause;
    const auto zone = findTimeZone(host.timezone);
    const TimePoint now = SystemClock().now();
    TimePoint until{};
    try {
        until = parseTypedTime(*options.until, *zone, now, Toward::Future).from;
    } catch (const Poco::SyntaxException&) {
        throw UsageError(cliText("pause.noend", {{"text", *options.until}}));
    }
    if (until <= now)
        throw UsageError(cliText("pause.over", {{"text", *options.until}, {"when", dateTimeWords(until)}}));
    pause.until = until;
    return pause;
}

void pause(const HostConfig& host, const std::string& pattern, const PauseOrder& order) {
    const Configuration configuration = readConfiguration(host);
    std::vector<std::string> jobs;
    for (const auto& job : configuration.match(pattern)) jobs.push_back(job.name());
    if (jobs.empty()) throw UsageError(noJobLike(configuration, pattern));
    const auto before = readPauses(host);
    auto client = ControlClient::connect(host.stateDir);
    HostRequest request{order ? HostVerb::Pause : HostVerb::Resume, pattern};
    request.pause = order;
    const auto changed =
        client ? client->ask<std::vector<std::string>>(request) : pauseWithoutHost(host, jobs, order, pattern);
    const std::string until = order && order->until ? whenWords(*order->until, SystemClock().now()) : "";
    for (const auto& job : changed) {
        std::cout << cliText(!order          ? "pause.resumed"
                             : until.empty() ? "pause.paused"
                                             : "pause.pauseduntil",
                             {{"job", job}, {"until", until}})
                  << '\n';
        const auto old = before.find(job);
        if (order && old != before.end())
            printWarning(
                cliText("pause.replaced", {{"job", job}, {"how", describe(old->second, SystemClock().now())}}));
    }
    const auto rest = jobs.size() - std::min(jobs.size(), changed.size());
    if (rest > 0) std::cerr << cliText(order ? "pause.already" : "pause.not", {{"n", rest}}) << '\n';
}

VerbOption addJobs(Verb& verb, PauseOptions& options) {
    return verb.option("JOBS", options.jobs, "A job or a pattern such as 'sync-*@*'").required();
}

}  // namespace

void addPauseVerbs(Cli& cli) {
    auto options = std::make_shared<PauseOptions>();
    auto pauses = cli.root.verb("pause", "Let jobs fire no more until they are resumed, also after a restart");
    addJobs(pauses, *options);
    pauses.option("--until", options->until,
                  "They fire again from then on: '2026-12-24 18:00', 2026-12-24, 18:00 or 2h");
    pauses.option("--note", options->note, "Why: up to 200 characters, for all who see the job");
    pauses.footer(
        "Who paused a job, until when and why is shown by status, jobs and the page, and stands in the ledger. A job "
        "that\nis paused already gets the new end, and the new note if there is one. Slots before the end are skipped; "
        "one at\nthat very moment fires.");
    pauses.onRun([&cli, options] {
        const HostConfig host = requireHost(cli);
        pause(host, options->jobs, orderOf(host, *options));
    });
    auto resumes = cli.root.verb("resume", "Let paused jobs fire again");
    addJobs(resumes, *options);
    resumes.onRun([&cli, options] { pause(requireHost(cli), options->jobs, std::nullopt); });
}

}  // namespace carillon
