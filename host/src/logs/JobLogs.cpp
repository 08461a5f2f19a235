#include "logs/JobLogs.h"

#include <utility>

namespace carillon {

std::shared_ptr<JobLog> JobLogs::open(const JobRef& ref, const JobConfig& job, const std::string& logsDir) {
    const std::lock_guard lock(_mutex);
    std::shared_ptr<JobLog> log;
    if (const auto place = _places.find(job.name); place != _places.end()) {
        const Kept& kept = *place->second;
        if (kept.file == ref.file || kept.log.use_count() > 1) {
            _kept.splice(_kept.begin(), _kept, place->second);
            return kept.log;
        }
        _kept.erase(place->second);
        _places.erase(place);
    } else if (const auto used = _inUse.find(job.name); used != _inUse.end()) {
        log = used->second.lock();
        _inUse.erase(used);
    }
    if (!log) log = std::make_shared<JobLog>(job, logsDir);
    _kept.push_front({job.name, ref.file, log});
    _places[job.name] = _kept.begin();
    if (_kept.size() > kKept) {
        Kept& last = _kept.back();
        if (last.log.use_count() > 1) _inUse[last.job] = last.log;
        _places.erase(last.job);
        _kept.pop_back();
    }
    return log;
}

}  // namespace carillon
