#include "alerts/AlertPolicy.h"

#include "alerts/WebSender.h"
#include "config/JobName.h"
#include "config/SourceReader.h"

#include "Poco/Path.h"

#include <utility>

namespace carillon {
namespace {

/// Faults were told when the configuration was read; what is wrong has its default.
JobAlerts alertsOf(const ConfigSource& source) {
    SourceReader in(source, "");
    return readJobAlerts(in);
}

AlertSettings settingsOf(const HostConfig& host) {
    SourceReader in(host.source, "");
    return readAlertSettings(in);
}

}  // namespace

AlertPolicy::AlertPolicy(std::shared_ptr<const Configuration> configuration)
    : _configuration(std::move(configuration)), _settings(settingsOf(_configuration->host)) {
    if (!_settings.webhook.url.empty()) _used.insert(AlertChannel::Webhook);
    use(_settings.rules);
    for (const auto& file : _configuration->files) {
        if (file->hasExpectations()) _expecting.insert(file->name());
        if (file->variesBelow("job.alerts.")) {
            // Which of its jobs use which is found out job by job: there may be a hundred thousand.
            _used.insert({AlertChannel::Mail, AlertChannel::Ping});
            continue;
        }
        const JobAlerts& shared = _ofFile[file->name()] = alertsOf(file->source());
        use(_settings.rulesFor(shared));
    }
}

std::vector<JobRef> AlertPolicy::expectingJobs() const {
    std::vector<JobRef> jobs;
    for (const auto& file : _configuration->files) {
        if (!_expecting.contains(file->name())) continue;
        for (std::size_t i = 0; i < file->size(); ++i)
            if (!file->settings(i)->expectations.empty()) jobs.push_back({file, i});
    }
    return jobs;
}

std::vector<Expectation> AlertPolicy::expectationsOf(const std::string& job) const {
    if (_expecting.empty() || !_expecting.contains(fileOfJob(job))) return {};
    const auto ref = _configuration->find(job);
    return ref ? ref->settings()->expectations : std::vector<Expectation>{};
}

std::optional<Expectation> AlertPolicy::expectationOf(const std::string& job, ExpectationKind kind) const {
    for (auto& expectation : expectationsOf(job))
        if (expectation.kind == kind) return expectation;
    return std::nullopt;
}

std::optional<Expectation> AlertPolicy::awaitsSuccessOf(const JobRef& job) const {
    if (!job.enabled()) return std::nullopt;
    for (const auto& expectation : job.settings()->expectations)
        if (expectation.kind == ExpectationKind::NoSuccess) return expectation;
    return std::nullopt;
}

void AlertPolicy::use(const AlertRules& rules) {
    if (!rules.mailTo.empty()) _used.insert(AlertChannel::Mail);
    if (!rules.pingUrl.empty()) _used.insert(AlertChannel::Ping);
}

AlertRules AlertPolicy::rulesOf(const std::string& job) const {
    const auto ref = _configuration->find(job);
    if (!ref) return _settings.rules;
    const auto shared = _ofFile.find(ref->file->name());
    return _settings.rulesFor(shared == _ofFile.end() ? alertsOf(ref->config().source) : shared->second);
}

std::optional<std::string> AlertPolicy::targetOf(const std::string& job, AlertChannel channel) const {
    std::string target = _settings.webhook.url;
    if (channel != AlertChannel::Webhook) {
        const AlertRules rules = rulesOf(job);
        target = channel == AlertChannel::Ping ? pingUrlOf(rules.pingUrl, job) : "";
        if (channel == AlertChannel::Mail)
            for (const auto& address : rules.mailTo) target += (target.empty() ? "" : ",") + address;
    }
    return target.empty() ? std::nullopt : std::optional(target);
}

std::vector<AlertChannel> AlertPolicy::channelsFor(const AlertRules& rules) const {
    std::vector<AlertChannel> channels;
    if (!rules.mailTo.empty()) channels.push_back(AlertChannel::Mail);
    if (!_settings.webhook.url.empty()) channels.push_back(AlertChannel::Webhook);
    return channels;
}

}  // namespace carillon
