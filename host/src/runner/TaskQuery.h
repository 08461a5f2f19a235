#pragma once

#include "config/JobConfig.h"
#include "worker/WorkerProcess.h"

#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// What a task answers beside its runs: Configure, Check, Rejects, Preview or MailAccount, in a worker process, without
/// lock or record. The end's error says why it could not answer; empty: it did. Faults of its configuration go to the
/// listener.
WorkerEnd askTask(const HostConfig& host, const JobConfig& job, WorkerRequest::Verb verb, const RejectQuery& query,
                  const WorkerListener& listener, Launch launch = Launch::Fork);

/// The same with Items, or Verify, which says an Item for each that is gone and has a report.
WorkerEnd askItems(const HostConfig& host, const JobConfig& job, WorkerRequest::Verb verb, const ItemQuery& query,
                   const WorkerListener& listener, Launch launch = Launch::Fork);

/// What a job's task finds of all that it needs; its log has what it logs meanwhile. What keeps it from looking, such
/// as a fault of its configuration, is a failed check, too.
void checkJob(const HostConfig& host, const JobConfig& job, const CheckSink& sink, Launch launch = Launch::Fork);

/// What the job's task keeps; nothing where it does not tell, such as for a plugin that is refused. It is created for
/// that, but not configured.
std::optional<TaskAbilities> askAbilities(const HostConfig& host, const JobConfig& job, Launch launch,
                                          const WorkerLimits& limits);

/// Each library in the plugins folder, described by itself in a worker process or refused.
std::vector<PluginDescription> describePlugins(const HostConfig& host);

}  // namespace carillon
