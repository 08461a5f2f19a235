#pragma once

#include "alerts/Alert.h"
#include "config/AlertSettings.h"
#include "config/Configuration.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace carillon {

/// What a configuration says of alerts. Immutable, safe from any thread.
class AlertPolicy {
public:
    explicit AlertPolicy(std::shared_ptr<const Configuration> configuration);

    const Configuration& configuration() const { return *_configuration; }
    const AlertSettings& settings() const { return _settings; }
    /// Whether the alerts of any job may go by this channel.
    bool uses(AlertChannel channel) const { return _used.contains(channel); }
    bool usesAny() const { return !_used.empty(); }

    /// Of a job that there is no more: the host's.
    AlertRules rulesOf(const std::string& job) const;

    /// By which the alerts of such rules go. A ping is told of every run, and nothing else.
    std::vector<AlertChannel> channelsFor(const AlertRules& rules) const;

    /// The jobs of which something is expected, by file and name.
    std::vector<JobRef> expectingJobs() const;
    /// What is expected of a job; of most of them nothing, which is found out at once.
    std::vector<Expectation> expectationsOf(const std::string& job) const;
    std::optional<Expectation> expectationOf(const std::string& job, ExpectationKind kind) const;
    /// Of a job that is enabled: that it succeeds within some time.
    std::optional<Expectation> awaitsSuccessOf(const JobRef& job) const;
    /// Whether that may be expected of any job.
    bool expectsAnything() const { return !_expecting.empty(); }

    /// Where the alerts of a job go by this channel; nothing: nowhere. Mail: the recipients, with commas. Webhook and
    /// ping: the address, a secret.
    std::optional<std::string> targetOf(const std::string& job, AlertChannel channel) const;

private:
    void use(const AlertRules& rules);

    const std::shared_ptr<const Configuration> _configuration;
    AlertSettings _settings{};
    std::set<AlertChannel> _used{};
    std::set<std::string, std::less<>> _expecting{};  ///< The files of jobs of which something is expected.
    std::map<std::string, JobAlerts> _ofFile{};       ///< Where all jobs of a file say the same.
};

}  // namespace carillon
