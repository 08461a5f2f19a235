#include "api/TaskAbilities.h"

#include "api/ApiContext.h"
#include "api/TaskAnswers.h"
#include "base/FilePath.h"
#include "plugins/PluginLibrary.h"
#include "runner/TaskQuery.h"

#include "Poco/Exception.h"

#include <chrono>
#include <optional>
#include <system_error>

namespace carillon {
namespace {

/// A page waits for it.
constexpr WorkerLimits kBrief{std::chrono::seconds(3), std::chrono::seconds(1)};

/// Nothing: it could not be asked, or did not tell.
std::optional<TaskAbilities> askAside(ApiContext& context, const HostConfig& host, const JobConfig& job) {
    try {
        const ApiPlace place(context.asking, kMostAsking);
        const Turnstile::Break aside(context.turns);
        return askAbilities(host, job, Launch::Spawn, kBrief);
    } catch (const HttpRefusal&) {
    } catch (const Poco::Exception&) {
    }
    return std::nullopt;
}

}  // namespace

TaskAbilities AbilityBook::of(ApiContext& context, const HostConfig& host, const JobConfig& job) {
    const std::pair key(pluginPath(host.pluginsDir, job.plugin), job.task);
    std::error_code error;
    const auto writtenAt = std::filesystem::last_write_time(pathFrom(key.first), error);
    if (error) return {};
    {
        const std::lock_guard lock(_mutex);
        const auto entry = _entries.find(key);
        if (entry != _entries.end() && entry->second.writtenAt == writtenAt) return entry->second.abilities;
    }
    const auto told = askAside(context, host, job);
    if (!told) return {};
    const std::lock_guard lock(_mutex);
    _entries[key] = {writtenAt, *told};
    return *told;
}

}  // namespace carillon
