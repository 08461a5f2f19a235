#include "config/Configuration.h"

#include "Poco/Environment.h"
#include "Poco/Exception.h"
#include "Poco/File.h"

#include <algorithm>
#include <filesystem>

namespace carillon {
namespace {

constexpr std::string_view kSuffix = ".properties";

bool isJobName(const std::string& name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    return !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace

std::string locateConfiguration(const std::string& given) {
    if (!given.empty()) return given;
    if (const std::string named = Poco::Environment::get("CARILLON_CONFIG", ""); !named.empty()) return named;
    for (const auto* path : {"carillon.properties", "/etc/carillon/carillon.properties"})
        if (Poco::File(path).exists()) return path;
    throw Poco::FileNotFoundException(
        "no configuration: neither --config nor $CARILLON_CONFIG is given, and neither ./carillon.properties nor "
        "/etc/carillon/carillon.properties exists; 'carillon init DIR' writes one");
}

std::vector<std::string> listJobs(const HostConfig& host, std::vector<ConfigFault>& faults) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator(host.jobsDir, error)) {
        const std::string fileName = file.path().filename().string();
        if (!fileName.ends_with(kSuffix) || fileName.starts_with('.')) continue;
        const std::string name = fileName.substr(0, fileName.size() - kSuffix.size());
        if (isJobName(name))
            names.push_back(name);
        else
            faults.push_back({file.path().string(), 0, "", "a job's name has only a-z, 0-9, - and _, at most 100"});
    }
    if (error) faults.push_back({host.jobsDir, 0, "", "the folder of jobs cannot be read: " + error.message()});
    std::sort(names.begin(), names.end());
    const auto* list = host.source.find("jobs.enabled");
    for (const auto& enabled : host.enabledJobs)
        if (!std::binary_search(names.begin(), names.end(), enabled))
            faults.push_back(
                {host.file, list == nullptr ? 0 : list->line, "jobs.enabled",
                 " names " + enabled + ", but there is no " + host.jobsDir + "/" + enabled + ".properties"});
    return names;
}

Configuration readConfiguration(const std::string& path) {
    Configuration all;
    all.host = readHostConfig(path, all.faults);
    if (!all.faults.empty() && !Poco::File(all.host.file).exists()) return all;
    for (const auto& name : listJobs(all.host, all.faults)) all.jobs.push_back(readJobConfig(all.host, name));
    return all;
}

}  // namespace carillon
