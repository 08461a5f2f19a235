#pragma once

#include "config/HostConfig.h"
#include "config/JobConfig.h"
#include "record/TaskMessage.h"

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace carillon {

struct ApiContext;

/// The abilities of tasks, as they tell themselves: each is asked once, and again when the file of its plugin is
/// another one. What cannot be told, such as of a plugin that is refused, counts as able: the task itself then says
/// what it lacks. Any thread.
class AbilityBook {
public:
    /// Waits for a task that is asked, a few seconds at most.
    TaskAbilities of(ApiContext& context, const HostConfig& host, const JobConfig& job);

private:
    struct Entry {
        std::filesystem::file_time_type writtenAt{};
        TaskAbilities abilities{};
    };

    std::mutex _mutex;                                                // never held while a task is asked
    std::map<std::pair<std::string, std::string>, Entry> _entries{};  // by the path of the plugin, and the task
};

}  // namespace carillon
