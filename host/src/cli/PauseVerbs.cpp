#include "cli/Cli.h"
#include "control/ControlClient.h"
#include "store/ScheduleStore.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>

namespace carillon {
namespace {

/// Without a host: in the store, for the next one.
std::vector<std::string> pauseInStore(const HostConfig& host, const std::vector<std::string>& jobs, bool paused) {
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
        if (row.paused == paused) continue;
        row.paused = paused;
        changed.push_back(job);
        batch.rows.push_back(row);
    }
    store.write(batch);
    return changed;
}

void pause(const HostConfig& host, const std::string& pattern, bool paused) {
    const Configuration configuration = readConfiguration(host);
    std::vector<std::string> jobs;
    for (const auto& job : configuration.match(pattern)) jobs.push_back(job.name());
    if (jobs.empty()) throw UsageError(configuration.describeNone(pattern));
    auto client = ControlClient::connect(host.stateDir);
    const auto changed =
        client ? client->ask<std::vector<std::string>>({paused ? HostVerb::Pause : HostVerb::Resume, pattern})
               : pauseInStore(host, jobs, paused);
    const char* word = paused ? "paused" : "resumed";
    for (const auto& job : changed) std::cout << word << ' ' << job << '\n';
    const auto rest = jobs.size() - std::min(jobs.size(), changed.size());
    if (rest > 0)
        std::cerr << rest << (rest == 1 ? " job was" : " jobs were")
                  << (paused ? " paused already\n" : " not paused\n");
}

void addVerb(Cli& cli, const char* name, const char* description, bool paused) {
    auto jobs = std::make_shared<std::string>();
    auto verb = cli.root.verb(name, description);
    verb.option("JOBS", *jobs, "A job or a pattern such as 'sync-*@*'").required();
    verb.onRun([&cli, jobs, paused] { pause(requireHost(cli), *jobs, paused); });
}

}  // namespace

void addPauseVerbs(Cli& cli) {
    addVerb(cli, "pause", "Let jobs fire no more until they are resumed, also after a restart", true);
    addVerb(cli, "resume", "Let paused jobs fire again", false);
}

}  // namespace carillon
