#include "config/Configuration.h"

#include "base/EditDistance.h"
#include "base/FilePath.h"
#include "config/JobName.h"
#include "platform/FileRights.h"
#include "platform/SystemPlaces.h"
#include "words/FileWords.h"
#include "words/HostTexts.h"
#include "words/OddCharacter.h"
#include "words/WordedException.h"

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

Message whyNothingIs(const Configuration& all, const JobPattern& pattern) {
    if (!pattern.isLiteral()) return sayHost("nojob.nomatch");
    const std::string fileName(fileOfJob(pattern.text()));
    if (const auto file = all.findFile(fileName)) return file->describeAbsence(pattern.text());
    return sayHost("nojob.nofile", {{"path", inFolder(all.host.jobsDir, fileName + std::string(kJobFileSuffix))}});
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
            "jobs.enabled",
            sayHost("nojob.named",
                    {{"name", text}, {"why", whyNothingIs(all, pattern)}, {"hint", oddCharacterHint(text)}})));
    }
    return faults;
}

std::vector<ConfigFault> findUnknownAccount(const Configuration& all) {
    const std::string& job = all.host.mailAccountOf;
    if (job.empty() || all.find(job)) return {};
    const JobPattern pattern(job);
    return {all.host.source.faultOf(
        "alerts.mail.account_of",
        sayHost("nojob.named", {{"name", job},
                                {"why", pattern.isLiteral() ? whyNothingIs(all, pattern) : sayHost("nojob.onejob")},
                                {"hint", oddCharacterHint(job)}}))};
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

Message Configuration::describeNone(const std::string& pattern) const {
    std::vector<std::string> names;
    for (const auto& job : match("*")) names.push_back(job.name());
    const std::string similar = nearestOf(pattern, names);
    return sayHost(similar.empty() ? "nojob.unknown" : "nojob.near", {{"job", pattern}, {"near", similar}});
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

std::string locateConfiguration(const std::string& given, const std::function<void(const Message&)>& onRefused) {
    if (!given.empty()) return given;
    if (const std::string named = Poco::Environment::get("CARILLON_CONFIG", ""); !named.empty()) return named;
    const Message refusal = mayBeAt(kFileName) ? trustedPath(kFileName).refusal() : Message();
    if (mayBeAt(kFileName) && refusal.empty()) return kFileName;
    const std::string installed = installedFile();
    const Message::Values values{{"installed", installed}, {"why", refusal}};
    if (!mayBeAt(installed))
        throwWorded<Poco::FileNotFoundException>(
            sayHost(refusal.empty() ? "hostfile.none" : "hostfile.nonebutrefused", values));
    if (!refusal.empty()) onRefused(sayHost("hostfile.instead", values));
    return installed;
}

std::vector<std::string> listJobs(const HostConfig& host, std::vector<ConfigFault>& faults) {
    if (const Message refusal = trustedPath(host.jobsDir, Opening::LookFolder).refusal(); !refusal.empty()) {
        faults.push_back({host.jobsDir, 0, "", sayHost("jobs.refused", {{"why", refusal}})});
        return {};
    }
    std::error_code error;
    auto names = namesIn(host.jobsDir, kJobFileSuffix, error);
    if (error) faults.push_back({host.jobsDir, 0, "", sayHost("jobs.unreadable", {{"why", sayError(error)}})});
    std::erase_if(names, [&](const std::string& name) {
        if (isJobFileName(name)) return false;
        faults.push_back({inFolder(host.jobsDir, name + std::string(kJobFileSuffix)), 0, "",
                          sayHost("jobs.filename", {{"hint", oddCharacterHint(name)}})});
        return true;
    });
    for (const auto& name : namesIn(host.jobsDir, kInstancesSuffix, error))
        if (!std::binary_search(names.begin(), names.end(), name))
            faults.push_back({inFolder(host.jobsDir, name + std::string(kInstancesSuffix)), 0, "",
                              sayHost("jobs.instancesalone", {{"file", name + std::string(kJobFileSuffix)}})});
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
