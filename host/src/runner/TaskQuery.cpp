#include "runner/TaskQuery.h"

#include "carillon/Clock.h"
#include "logs/JobLog.h"
#include "plugins/PluginLibrary.h"
#include "words/HostTexts.h"

namespace carillon {

namespace {

WorkerEnd ask(const HostConfig& host, const JobConfig& job, const WorkerRequest& request,
              const WorkerListener& listener, Launch launch) {
    WorkerProcess worker(launch);
    worker.start(request, listener);
    if (worker.waitUntilPrepared()) {
        RunIdentity identity;
        identity.job = job.name;
        identity.trigger = Trigger::Cli;
        identity.host = host.hostName;
        identity.scheduledAt = identity.startedAt = SystemClock().now();
        worker.begin(identity, job.timeout);
    }
    return worker.finish();
}

}  // namespace

WorkerEnd askTask(const HostConfig& host, const JobConfig& job, WorkerRequest::Verb verb, const RejectQuery& query,
                  const WorkerListener& listener, Launch launch) {
    WorkerRequest request = requestFor(host, job, verb);
    request.query = query;
    return ask(host, job, request, listener, launch);
}

WorkerEnd askItems(const HostConfig& host, const JobConfig& job, WorkerRequest::Verb verb, const ItemQuery& query,
                   const WorkerListener& listener, Launch launch) {
    WorkerRequest request = requestFor(host, job, verb);
    request.items = query;
    return ask(host, job, request, listener, launch);
}

void checkJob(const HostConfig& host, const JobConfig& job, const CheckSink& sink, Launch launch) {
    JobLog log(job, host.logsDir);
    const auto fail = [&sink](const char* name, const Message& message, const Message& recommendation) {
        sink({name, CheckState::Failed, message, {}, recommendation});
    };
    WorkerListener listener;
    listener.onMessage = Hearing(
        [&sink](const Check& check) { sink(check); }, [&log](const LogMessage& line) { log.write("check", line); },
        [&fail](const ConfigFault& fault) { fail("configuration", fault.message(), sayHost("fault.mend")); });
    const Message error = askTask(host, job, WorkerRequest::Verb::Check, {}, listener, launch).error;
    if (!error.empty()) fail("plugin", error, sayHost("fault.seeplugin", {{"job", job.name}}));
}

std::optional<TaskAbilities> askAbilities(const HostConfig& host, const JobConfig& job, Launch launch,
                                          const WorkerLimits& limits) {
    std::optional<TaskAbilities> told;
    WorkerListener listener;
    listener.onMessage = Hearing([&told](const TaskAbilities& abilities) { told = abilities; });
    WorkerProcess worker(launch, limits);
    worker.start(requestFor(host, job, WorkerRequest::Verb::Describe), listener);
    worker.finish();
    return told;
}

std::vector<PluginDescription> describePlugins(const HostConfig& host) {
    std::vector<PluginDescription> plugins;
    for (const auto& path : listPluginFiles(host.pluginsDir)) {
        PluginDescription plugin;
        WorkerRequest request;
        request.verb = WorkerRequest::Verb::Describe;
        request.library = path;
        WorkerListener listener;
        listener.onMessage = Hearing([&plugin](const PluginDescription& found) { plugin = found; });
        WorkerProcess worker(Launch::Fork);
        worker.start(request, listener);
        plugin.refusal = worker.finish().error;
        if (!plugin.refusal.empty() && !plugin.refusal.starts_with(path)) plugin.refusal = path + ": " + plugin.refusal;
        plugin.path = path;
        plugin.fingerprint = fingerprintOf(path);
        plugins.push_back(std::move(plugin));
    }
    return plugins;
}

}  // namespace carillon
