#pragma once

#include "base/ConfigSource.h"
#include "carillon/ConfigReader.h"
#include "config/Expectations.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace carillon {

/// What becomes of a slot while a run of the job goes on.
enum class Overlap { Skip, Queue, Allow, Replace };

/// What becomes of slots that passed while nothing could fire.
enum class Misfire { RunOnce, Skip, RunAll };

/// Where a run takes place: in a worker process, or in a thread of the host for trusted tasks.
enum class Isolation { Process, Thread };

/// What the host acts on: the keys job.* of one job, except its title. Plain data; instances share one object.
struct JobSettings {
    std::string plugin{};        ///< The library: Greeter for libGreeter.so.
    std::string task{};          ///< The class in it.
    std::string schedule{};      ///< As written; empty: fires only when asked to.
    std::string busySchedule{};  ///< Used instead while the last run reported a backlog; empty: none.
    std::string timezone{};      ///< A name of the time-zone database; empty: the host's own zone.
    std::string group{};         ///< One of HostConfig::groupMax; empty: only HostConfig::workersMax limits it.
    std::chrono::milliseconds timeout{0};  ///< 0: none.
    Overlap overlap = Overlap::Skip;
    int queueMax = 100;  ///< Slots that may wait with Overlap::Queue.
    Misfire misfire = Misfire::RunOnce;
    std::chrono::milliseconds misfireWindow = std::chrono::hours(24);  ///< Slots older than that are missed.
    int misfireMax = 10;                                               ///< Slots that Misfire::RunAll catches up.
    int retries = 0;                                                   ///< Further attempts after a failed one.
    std::chrono::milliseconds retryDelay = std::chrono::seconds(10);   ///< Before the first retry; doubles each time,
    std::chrono::milliseconds retryMaxDelay = std::chrono::hours(1);   ///< up to this.
    std::chrono::milliseconds splay{0};  ///< Firings are late by 0 to this, always as much.
    Isolation isolation = Isolation::Process;
    std::uint64_t memory = 0;  ///< Bytes that a run may take; 0: no limit.
    std::vector<Expectation> expectations{};

    bool operator==(const JobSettings&) const = default;
};

/// What the host's file says of all jobs. Plain data; see HostConfig.
struct HostKeys {
    std::map<std::string, int> groupMax{};
    std::string timezone{};
};

/// Reads job.* but job.title and job.alerts.*; faults are in the reader. `source`: where it reads.
JobSettings readJobSettings(ConfigReader& in, const ConfigSource& source, const HostKeys& host);

/// What among them is right but hardly meant, at its place in the source that they were read from.
std::vector<ConfigFault> settingWarnings(const ConfigSource& source, const JobSettings& job);

}  // namespace carillon
