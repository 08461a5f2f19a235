#include "schedule/ZoneDatabase.h"

#include "base/EditDistance.h"
#include "base/FilePath.h"
#include "platform/SystemPlaces.h"
#include "schedule/ScheduleError.h"
#include "schedule/WindowsZones.h"
#include "words/HostTexts.h"

#include "Poco/String.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <system_error>
#include <utility>

namespace carillon {
namespace {

namespace fs = std::filesystem;

using ZonePtr = std::shared_ptr<const TimeZone>;

std::string databaseFolder() {
    const char* folder = std::getenv("TZDIR");
    return folder != nullptr && *folder != '\0' ? folder : zoneFolder();
}

bool isZoneFile(const std::string& path) {
    std::error_code ignored;
    if (!fs::is_regular_file(pathFrom(path), ignored)) return false;
    char magic[4] = {};
    std::ifstream(path, std::ios::binary).read(magic, sizeof magic);
    return std::string(magic, sizeof magic) == "TZif";
}

bool isSafeName(const std::string& name) {
    const auto isAllowed = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '-' || c == '+' || c == '.';
    };
    return !name.empty() && name.front() != '/' && name.find("..") == std::string::npos &&
           std::all_of(name.begin(), name.end(), isAllowed);
}

std::string nearestZone(const std::string& wanted) {
    std::string nearest;
    std::size_t least = std::max<std::size_t>(2, wanted.size() / 3) + 1;
    const std::string wantedLower = Poco::toLower(wanted);
    for (const auto& name : listTimeZones()) {
        // Many people write the city alone.
        const std::string lower = Poco::toLower(name);
        const std::string city = lower.substr(lower.rfind('/') + 1);
        const std::size_t distance = std::min(editDistance(wantedLower, lower), editDistance(wantedLower, city));
        if (distance < least) least = distance, nearest = name;
    }
    return nearest;
}

[[noreturn]] void refuse(const std::string& name, const char* nearKey, const char* key) {
    const std::string similar = nearestZone(name);
    throw ScheduleError(
        sayHost(similar.empty() ? key : nearKey, {{"zone", name}, {"near", similar}, {"folder", databaseFolder()}}));
}

/// One zone by the path of its file; the name is the first one that was asked for.
ZonePtr readCached(const std::string& path, const std::string& name) {
    static std::mutex mutex;
    static std::map<std::string, ZonePtr> zones;
    const std::lock_guard lock(mutex);
    auto& zone = zones[path];
    if (!zone) zone = std::make_shared<TimeZone>(name, ZoneFile::read(path));
    return zone;
}

ZonePtr utc() {
    static const ZonePtr zone = std::make_shared<TimeZone>("UTC", ZoneFile{});
    return zone;
}

/// What a link or a path into the database is called there; `otherwise` when it is elsewhere.
std::string nameOf(const std::string& path, const std::string& otherwise) {
    std::error_code error;
    const auto link = pathFrom(path);
    const std::string target = fs::is_symlink(link, error) ? textOf(fs::canonical(link, error)) : path;
    const std::string marker = "zoneinfo/";
    const std::size_t at = target.find(marker);
    return at == std::string::npos ? otherwise : target.substr(at + marker.size());
}

/// As the C library reads $TZ: a name, a path or a rule, each perhaps after a colon; what is none of them is UTC.
ZonePtr zoneOfVariable(std::string text) {
    if (text.starts_with(':')) text.erase(0, 1);
    if (text.starts_with('/') && isZoneFile(text)) return readCached(text, nameOf(text, text));
    if (const std::string path = inFolder(databaseFolder(), text); isSafeName(text) && isZoneFile(path))
        return readCached(path, text);
    const auto rule = ZoneRule::parse(text);
    return rule ? std::make_shared<TimeZone>(text, ZoneFile{rule->standardOffset(), {}, rule}) : utc();
}

ZonePtr systemZone() {
    if (const char* variable = std::getenv("TZ"); variable != nullptr) return zoneOfVariable(variable);
    const std::string file = localZoneFile();
    if (isZoneFile(file)) return readCached(file, nameOf(file, "localtime"));
    return zoneOfVariable(std::string(zoneOfWindowsName(localZoneName())));
}

}  // namespace

std::shared_ptr<const TimeZone> findTimeZone(const std::string& name) {
    if (name.empty()) return systemZone();
    const std::string path = inFolder(databaseFolder(), name);
    const bool isInDatabase = isSafeName(name) && isZoneFile(path);
    if (const auto zone = zoneOfWindowsName(name); !isInDatabase && !zone.empty() && name != "UTC")
        return findTimeZone(std::string(zone));
    if (!isSafeName(name)) refuse(name, "zone.nonamenear", "zone.noname");
    // On a machine without the database UTC still is what it is.
    if (name == "UTC" && !isInDatabase) return utc();
    if (!isInDatabase && listTimeZones().empty())
        throw ScheduleError(sayHost("zone.nodatabase", {{"zone", name}, {"folder", databaseFolder()}}));
    if (!isInDatabase) refuse(name, "zone.unknownnear", "zone.unknown");
    return readCached(path, name);
}

std::vector<std::string> listTimeZones() {
    const fs::path folder = pathFrom(databaseFolder());
    std::vector<std::string> names;
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const std::string name = it->path().lexically_relative(folder).generic_string();
        // The same zones once more, and those that count leap seconds.
        if (name == "posix" || name == "right") {
            it.disable_recursion_pending();
        } else if (name != "localtime" && name != "posixrules" && isZoneFile(textOf(it->path()))) {
            names.push_back(name);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace carillon
