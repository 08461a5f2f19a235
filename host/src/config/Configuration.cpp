#include "config/Configuration.h"

#include "base/EditDistance.h"
#include "base/FilePath.h"
#include "base/OddCharacter.h"
#include "config/JobName.h"
#include "platform/FileRights.h"
#include "platform/SystemPlaces.h"

#include "Poco/Environment.h"
#include "Poco/Exception.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <utility>

namespace carillon {
namespace {

constexpr const char* kFileName = "carillon.properties";

/// Where a machine has its own.
std::string installedFile() {
    return inFolder(machineConfigurationFolder(), kFileName);
}

/// The names of the files in a folder that end so, without that end, sorted.
std::vector<std::string> namesIn(const std::string& folder, std::string_view suffix, std::error_code& error) {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(pathFrom(folder), error)) {
        const std::string name = textOf(file.path().filename());
        if (name.ends_with(suffix) && !name.starts_with('.'))
            names.push_back(name.substr(0, name.size() - suffix.size()));
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string whyNothingIs(const Configuration& all, const JobPattern& pattern) {
    if (!pattern.isLiteral()) return "no job matches it";
    const std::string fileName(fileOfJob(pattern.text()));
    if (const auto file = all.findFile(fileName)) return file->describeAbsence(pattern.text());
    return "there is no " + inFolder(all.host.jobsDir, fileName + std::string(kJobFileSuffix));
}

/// What jobs.enabled lists and nothing is.
std::vector<ConfigFault> findUnknownEnabled(const Configuration& all) {
    std::vector<ConfigFault> faults;
    for (const auto& text : all.host.enabledJobs) {
        const JobPattern pattern(text);
        const auto isMeant = [&pattern](const auto& file) {
            return pattern.takesFile(file->name()) || !file->match(pattern).empty();
        };
        if (std::any_of(all.files.begin(), all.files.end(), isMeant)) continue;
        faults.push_back(all.host.source.faultOf(
            "jobs.enabled", " names " + text + ", but " + whyNothingIs(all, pattern) + oddCharacterHint(text)));
    }
    return faults;
}

std::vector<ConfigFault> findUnknownAccount(const Configuration& all) {
    const std::string& job = all.host.mailAccountOf;
    if (job.empty() || all.find(job)) return {};
    const std::string why =
        JobPattern(job).isLiteral() ? whyNothingIs(all, JobPattern(job)) : "one job is expected there";
    return {
        all.host.source.faultOf("alerts.mail.account_of", " names " + job + ", but " + why + oddCharacterHint(job))};
}

}  // namespace

std::size_t Configuration::jobCount() const {
    return std::accumulate(files.begin(), files.end(), std::size_t{0},
                           [](std::size_t count, const auto& file) { return count + file->size(); });
}

std::shared_ptr<const JobFile> Configuration::findFile(std::string_view fileName) const {
    const auto it = std::lower_bound(files.begin(), files.end(), fileName,
                                     [](const auto& file, std::string_view name) { return file->name() < name; });
    return it == files.end() || (*it)->name() != fileName ? nullptr : *it;
}

std::optional<JobRef> Configuration::find(std::string_view jobName) const {
    auto file = findFile(fileOfJob(jobName));
    const auto index = file ? file->find(jobName) : std::nullopt;
    if (!index) return std::nullopt;
    return JobRef{std::move(file), *index};
}

std::vector<JobRef> Configuration::match(const std::string& pattern) const {
    const JobPattern wanted(pattern);
    std::vector<JobRef> jobs;
    for (const auto& file : files)
        for (const auto index : file->match(wanted)) jobs.push_back({file, index});
    return jobs;
}

std::string Configuration::describeNone(const std::string& pattern) const {
    std::vector<std::string> names;
    for (const auto& job : match("*")) names.push_back(job.name());
    const std::string similar = nearestOf(pattern, names);
    return "no job is named " + pattern +
           (similar.empty() ? "; 'carillon jobs' lists what there is" : ", did you mean " + similar + "?");
}

std::vector<ConfigFault> Configuration::allFaults() const {
    auto all = faults;
    for (const auto& file : files) all.insert(all.end(), file->faults().begin(), file->faults().end());
    return all;
}

std::vector<ConfigFault> Configuration::allWarnings() const {
    auto all = host.warnings;
    for (const auto& file : files) all.insert(all.end(), file->warnings().begin(), file->warnings().end());
    return all;
}

std::string locateConfiguration(const std::string& given, const std::function<void(const std::string&)>& onRefused) {
    if (!given.empty()) return given;
    if (const std::string named = Poco::Environment::get("CARILLON_CONFIG", ""); !named.empty()) return named;
    const std::string refusal = mayBeAt(kFileName) ? trustedPath(kFileName).refusal() : "";
    if (mayBeAt(kFileName) && refusal.empty()) return kFileName;
    const std::string refused = refusal.empty() ? "" : "./carillon.properties is not taken: it " + refusal;
    const std::string installed = installedFile();
    if (!mayBeAt(installed))
        throw Poco::FileNotFoundException(
            !refused.empty()
                ? "there is no " + installed + ", and " + refused
                : "no configuration: neither --config nor the variable CARILLON_CONFIG is given, and neither "
                  "./carillon.properties nor " +
                      installed + " exists; 'carillon init DIR' writes one");
    if (!refused.empty()) onRefused(installed + " is used, since " + refused);
    return installed;
}

std::vector<std::string> listJobs(const HostConfig& host, std::vector<ConfigFault>& faults) {
    if (const std::string refusal = trustedPath(host.jobsDir, Opening::LookFolder).refusal(); !refusal.empty()) {
        faults.push_back({host.jobsDir, 0, "", "the folder of jobs " + refusal});
        return {};
    }
    std::error_code error;
    auto names = namesIn(host.jobsDir, kJobFileSuffix, error);
    if (error) faults.push_back({host.jobsDir, 0, "", "the folder of jobs cannot be read: " + error.message()});
    std::erase_if(names, [&](const std::string& name) {
        if (isJobFileName(name)) return false;
        faults.push_back({inFolder(host.jobsDir, name + std::string(kJobFileSuffix)), 0, "",
                          "a job's name has only a-z, 0-9, - and _, at most 100" + oddCharacterHint(name)});
        return true;
    });
    for (const auto& name : namesIn(host.jobsDir, kInstancesSuffix, error))
        if (!std::binary_search(names.begin(), names.end(), name))
            faults.push_back({inFolder(host.jobsDir, name + std::string(kInstancesSuffix)), 0, "",
                              "has instances of a job that is not there; expected " + name +
                                  std::string(kJobFileSuffix) + " beside it"});
    return names;
}

Configuration readConfiguration(HostConfig host) {
    Configuration all;
    all.host = std::move(host);
    for (const auto& name : listJobs(all.host, all.faults)) all.files.push_back(JobFile::read(all.host, name));
    for (const auto& unknown : {findUnknownEnabled(all), findUnknownAccount(all)})
        all.faults.insert(all.faults.end(), unknown.begin(), unknown.end());
    return all;
}

Configuration readConfiguration(const std::string& path) {
    std::vector<ConfigFault> faults;
    HostConfig host = readHostConfig(path, faults);
    // Where the jobs are is not known either.
    if (!faults.empty() && host.source.entries().empty()) return {std::move(host), {}, std::move(faults)};
    Configuration all = readConfiguration(std::move(host));
    all.faults.insert(all.faults.begin(), faults.begin(), faults.end());
    return all;
}

}  // namespace carillon
