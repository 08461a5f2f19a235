#include "api/JobNames.h"

namespace carillon {

JobNames visibleJobs(const Caller& caller, const Configuration& configuration, const std::string& after,
                     std::size_t most) {
    const std::string fileAfter(fileOfJob(after));
    JobNames found;
    for (const auto& file : configuration.files) {
        if (file->name() < fileAfter) continue;
        for (std::size_t i = 0; i < file->size(); ++i) {
            std::string name = file->jobName(i);
            if (file->name() == fileAfter && name <= after) continue;
            if (!caller.mayView(name)) continue;
            if (found.names.size() == most) {
                found.last = found.names.back();
                return found;
            }
            found.names.push_back(std::move(name));
        }
    }
    return found;
}

}  // namespace carillon
