#include "config/HostConfig.h"

#include "base/FilePath.h"
#include "config/AlertSettings.h"
#include "config/JobName.h"
#include "config/PropertiesFile.h"
#include "config/SourceReader.h"
#include "config/ZoneKey.h"
#include "platform/ThisProgram.h"
#include "words/HostTexts.h"
#include "words/OddCharacter.h"

#include "Poco/Environment.h"
#include "Poco/Path.h"
#include "Poco/StringTokenizer.h"

#include <filesystem>

namespace carillon {
namespace {

using namespace std::chrono_literals;

std::string installedPluginsDir() {
    return textOf(pathOfThisProgram().parent_path().parent_path() / "lib" / "carillon" / "plugins");
}

std::vector<std::string> splitList(const std::string& text) {
    const Poco::StringTokenizer words(text, ", ", Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    return {words.begin(), words.end()};
}

/// workers.group.NAME: the names are the user's own.
std::map<std::string, int> readGroups(ConfigReader& in, const ConfigSource& source) {
    constexpr std::string_view prefix = "workers.group.";
    std::map<std::string, int> groups;
    for (const auto& [key, entry] : source.entries()) {
        if (!key.starts_with(prefix)) continue;
        const std::string group = key.substr(prefix.size());
        groups[group] = static_cast<int>(in.integer(key, 1, 1, 1000));
        if (entry.value.empty()) in.missing(key);
        if (!isInstanceName(group)) in.fault(key, sayHost("hostfile.groupname", {{"hint", oddCharacterHint(group)}}));
    }
    return groups;
}

/// Without the key nothing goes by its age.
std::optional<std::chrono::milliseconds> readKeep(ConfigReader& in, const std::string& key) {
    if (!in.optionalText(key)) return std::nullopt;
    return in.duration(key, std::chrono::days(90), std::chrono::days(1), std::chrono::days(3'660));
}

void readLimits(ConfigReader& in, HostConfig& host) {
    host.workersMax = static_cast<int>(in.integer("workers.max", host.workersMax, 1, 1000));
    host.groupMax = readGroups(in, host.source);
    host.recycleRuns = static_cast<int>(in.integer("workers.recycle.runs", host.recycleRuns, 1, 1'000'000));
    host.recycleMemory = in.bytes("workers.recycle.memory", host.recycleMemory, 16ULL << 20, 1ULL << 40);
    host.activityKeep = in.duration("activity.keep", host.activityKeep, std::chrono::days(1), std::chrono::days(3'660));
    host.historyKeep = readKeep(in, "history.keep");
    host.ledgerKeep = readKeep(in, "ledger.keep");
    host.logsKeep = readKeep(in, "logs.keep");
    host.drainTimeout = in.duration("drain.timeout", host.drainTimeout, 0ms, std::chrono::days(1));
}

/// A host that was given another store would not use it, and nobody would notice before it is needed.
void refuseOtherStores(ConfigReader& in) {
    if (const auto connector = in.optionalText("store.connector"); connector && *connector != "SQLite")
        in.fault("store.connector", sayHost("hostfile.connector", {{"given", *connector}}));
    if (in.sensitiveText("store.connection", "password=")) in.fault("store.connection", sayHost("hostfile.connection"));
}

}  // namespace

HostConfig readHostConfig(const std::string& path, std::vector<ConfigFault>& faults) {
    HostConfig host;
    host.file = Poco::Path(path).makeAbsolute().toString();
    host.configDir = Poco::Path(host.file).makeParent().makeFile().toString();

    host.source = loadPropertiesFile(host.file, host.configDir, faults, host.warnings);
    SourceReader in(host.source, "");
    host.pluginsDir = in.path("plugins.dir", installedPluginsDir());
    host.jobsDir = in.path("jobs.dir", "jobs");
    host.stateDir = in.path("state.dir", "state");
    host.logsDir = in.path("logs.dir", "logs");
    host.usersFile = in.path("http.users.file", "users.json");
    host.http = readHttpConfig(in);
    const MailSettings mail = readAlertSettings(in).mail;  // who sends alerts reads them again
    host.sendsMail = mail.isConfigured();
    host.mailAccountOf = mail.accountOf;
    host.enabledJobs = splitList(in.text("jobs.enabled", ""));
    host.hostName = in.text("host.name", Poco::Environment::nodeName());
    host.timezone = readZone(in, "host.timezone", "");
    readLimits(in, host);
    refuseOtherStores(in);
    in.refuseUnknown();
    faults.insert(faults.end(), in.faults().begin(), in.faults().end());
    return host;
}

}  // namespace carillon
