#include "worker/WorkerRequest.h"

#include "plugins/PluginLibrary.h"

namespace carillon {

WorkerRequest requestFor(const HostConfig& host, const JobConfig& job, WorkerRequest::Verb verb) {
    WorkerRequest request;
    request.verb = verb;
    request.library = pluginPath(host.pluginsDir, job.plugin);
    request.task = job.task;
    request.config = job.source;
    request.memory = job.memory;
    return request;
}

}  // namespace carillon
