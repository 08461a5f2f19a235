#include "serve/Reload.h"

#include "config/ConfigDifference.h"
#include "logs/JobLog.h"
#include "runner/TaskQuery.h"
#include "words/HostTexts.h"

#include <utility>

namespace carillon {

Reload::Reload(const std::shared_ptr<const Configuration>& current) {
    auto next = std::make_shared<const Configuration>(readConfiguration(current->host.file));
    findFaults(*current, *next);
    _result.warnings = next->allWarnings();
    _result.difference = differenceOf(*current, *next, _result.faults);
    if (!(current->host.http == next->host.http) || current->host.usersFile != next->host.usersFile)
        _result.difference.push_back("! host: http.* is in force after a restart of the host only");
    if (_refused) {
        if (_result.reason.empty()) _result.reason = sayHost("reload.faults");
        return;
    }
    _result.swapped = true;
    _next = std::move(next);
}

void Reload::findFaults(const Configuration& current, const Configuration& next) {
    _result.faults = next.faults;
    _refused = !next.faults.empty();
    for (const auto& file : next.files) {
        const auto& faults = file->faults();
        _result.faults.insert(_result.faults.end(), faults.begin(), faults.end());
        if (file->isWhollyFaulty()) {
            _refused = true;
        } else if (const auto before = current.findFile(file->name()); !before || before->source() != file->source()) {
            checkTask(next, *file);
        }
    }
    findFixed(current.host, next.host);
}

/// What a running host cannot change.
void Reload::findFixed(const HostConfig& current, const HostConfig& next) {
    const std::pair<const char*, bool> fixed[] = {{"state.dir", current.stateDir != next.stateDir},
                                                  {"host.name", current.hostName != next.hostName}};
    for (const auto& [key, changed] : fixed) {
        if (!changed) continue;
        _refused = true;
        _result.reason = sayHost("reload.fixed", {{"key", key}});
    }
}

/// What only the job's log and its task know to be wrong, by the first job of the file.
void Reload::checkTask(const Configuration& next, const JobFile& file) {
    if (file.size() == 0 || file.isFaulty(0)) return;
    const JobConfig job = file.config(0);
    auto faults = JobLog::check(job, next.host.logsDir);
    WorkerListener listener;
    listener.onMessage = Hearing([&faults](const ConfigFault& fault) { faults.push_back(fault); });
    const Message error = askTask(next.host, job, WorkerRequest::Verb::Configure, {}, listener, Launch::Spawn).error;
    if (!error.empty())
        faults.push_back(
            job.source.faultOf("job.plugin", sayHost("fault.plugin", {{"plugin", job.plugin}, {"why", error}})));
    if (faults.empty()) return;
    _refused = true;
    _result.faults.insert(_result.faults.end(), faults.begin(), faults.end());
}

}  // namespace carillon
