#include "config/HostConfig.h"

#include "config/PropertiesFile.h"

#include "Poco/Environment.h"
#include "Poco/Path.h"
#include "Poco/StringTokenizer.h"

#include <filesystem>

namespace carillon {
namespace {

std::string installedPluginsDir() {
    std::error_code ignored;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return (program.parent_path().parent_path() / "lib/carillon/plugins").string();
}

std::vector<std::string> splitList(const std::string& text) {
    const Poco::StringTokenizer words(text, ", ", Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    return {words.begin(), words.end()};
}

/// Keys that only a host that stays (`serve`) acts on: their values are checked here, so that a fault shows at once.
void checkServeKeys(ConfigReader& in) {
    in.integer("workers.max", 4, 1, 1000);
    in.optionalText("http.address");
    in.choice<int>("store.connector", 0, {{"SQLite", 0}, {"MySQL", 1}});
    in.sensitiveText("store.connection", "password=");
    for (const auto* prefix : {"http.tls.", "http.users.", "alerts."}) in.acceptBelow(prefix);
}

}  // namespace

HostConfig readHostConfig(const std::string& path, std::vector<ConfigFault>& faults) {
    HostConfig host;
    host.file = Poco::Path(path).makeAbsolute().toString();
    const Poco::Path folder = Poco::Path(host.file).makeParent();
    host.configDir = Poco::Path(folder).makeFile().toString();

    host.source = loadPropertiesFile(host.file, host.configDir, faults);
    ConfigReader in(host.source, "");
    const auto folderAt = [&](const char* key, const std::string& fallback) {
        return Poco::Path(in.text(key, fallback)).makeAbsolute(folder).makeFile().toString();
    };
    host.pluginsDir = folderAt("plugins.dir", installedPluginsDir());
    host.jobsDir = folderAt("jobs.dir", "jobs");
    host.stateDir = folderAt("state.dir", "state");
    host.logsDir = folderAt("logs.dir", "logs");
    host.enabledJobs = splitList(in.text("jobs.enabled", ""));
    host.hostName = in.text("host.name", Poco::Environment::nodeName());
    checkServeKeys(in);
    in.refuseUnknown();
    faults.insert(faults.end(), in.faults().begin(), in.faults().end());
    return host;
}

}  // namespace carillon
