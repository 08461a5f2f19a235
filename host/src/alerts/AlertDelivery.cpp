#include "alerts/AlertDelivery.h"

#include "alerts/AlertText.h"
#include "alerts/MailSender.h"
#include "alerts/WebSender.h"
#include "carillon/LogLine.h"
#include "schedule/ZoneDatabase.h"
#include "words/MessageWords.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace carillon {
namespace {

/// Of the first retry, and of all later ones.
constexpr std::chrono::seconds kFirstDelay{5};
constexpr std::chrono::hours kLongestDelay{1};

/// The host's; UTC when there is none of this name any more.
std::shared_ptr<const TimeZone> zoneOf(const HostConfig& host) {
    try {
        return findTimeZone(host.timezone);
    } catch (const Poco::Exception&) {
        return findTimeZone("UTC");
    }
}

std::vector<std::string> splitTarget(const std::string& target) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (std::size_t end = target.find(','); begin < target.size(); end = target.find(',', begin)) {
        parts.push_back(target.substr(begin, end - begin));
        if (end == std::string::npos) break;
        begin = end + 1;
    }
    return parts;
}

}  // namespace

AlertDelivery::AlertDelivery(AlertChannel channel, MayGoOn mayGoOn, const Clock& clock, Poco::Logger& log)
    : _channel(channel), _mayGoOn(std::move(mayGoOn)), _clock(clock), _log(log), _accounts(_mayGoOn) {}

std::chrono::milliseconds AlertDelivery::delayAfter(std::int64_t attempts) {
    const auto doublings = std::clamp<std::int64_t>(attempts - 1, 0, 20);
    return std::min<std::chrono::milliseconds>(kFirstDelay * (std::int64_t{1} << doublings), kLongestDelay);
}

bool AlertDelivery::isReady(const std::shared_ptr<const AlertPolicy>& policy) {
    findAccount(policy);
    return _mail && !isQuiet(*policy);
}

/// Asked in good time, not only when there is something to send: once the application's database is down, nobody can
/// say it.
void AlertDelivery::findAccount(const std::shared_ptr<const AlertPolicy>& policy) {
    _mail.reset();
    if (_channel != AlertChannel::Mail || !policy->uses(_channel)) {
        _mail.emplace();
        return;
    }
    try {
        _mail = _accounts.settings(policy);
    } catch (const Undelivered&) {  // problem() says why
    }
    if (const auto& problem = _accounts.problem(); problem != _accountProblem) {
        if (!problem.empty())
            LogLine(_log, _mail ? "alert.account_kept" : "alert.held", Poco::Message::PRIO_WARNING)
                .field("problem", problem);
        _accountProblem = problem;
    }
}

/// Runs are pinged at any hour: nobody is woken by that itself.
bool AlertDelivery::isQuiet(const AlertPolicy& policy) const {
    return _channel != AlertChannel::Ping &&
           policy.settings().quiet.endAfter(_clock.now(), *zoneOf(policy.configuration().host)).has_value();
}

/// While it lasts, cancel() can end it. A cancel() that came before has found no time left, and neither does this.
template <typename Action>
void AlertDelivery::withCall(std::chrono::milliseconds limit, Action action) {
    RemoteCall call(limit);
    struct Registered {
        AlertDelivery& delivery;
        ~Registered() {
            const std::lock_guard lock(delivery._mutex);
            delivery._call = nullptr;
        }
    };
    {
        const std::lock_guard lock(_mutex);
        _call = &call;
    }
    const Registered registered{*this};
    if (!_mayGoOn()) call.cancel();
    action(call);
}

void AlertDelivery::cancel() {
    const std::lock_guard lock(_mutex);
    if (_call != nullptr) _call->cancel();
}

AlertAttempt AlertDelivery::attempt(const ClaimedAlerts& alerts, const std::shared_ptr<const AlertPolicy>& policy) {
    AlertAttempt failed{false, {}, {}};
    try {
        withCall(limitOf(policy->settings()), [&](RemoteCall& call) { send(alerts, policy, call); });
        return {true, {}, {}};
    } catch (const Poco::Exception& e) {
        failed.problem = e.message().empty() ? e.displayText() : e.message();
    } catch (const std::exception& e) {  // no memory, no thread
        failed.problem = e.what();
    }
    _accounts.askAgain();
    failed.retryAt = _clock.now() + delayAfter(alerts.attempts);
    return failed;
}

void AlertDelivery::tellStart(const std::string& job, const AlertPolicy& policy) {
    const auto& settings = policy.settings();
    const auto url = policy.targetOf(job, _channel);
    if (!url) return;
    try {
        withCall(settings.pingTimeout, [&](RemoteCall& call) { sendPing(settings, *url, PingEvent::Start, "", call); });
    } catch (const Poco::Exception& e) {
        LogLine(_log, "alert.start_lost").field("job", job).field("problem", e.message());
    }
}

std::chrono::milliseconds AlertDelivery::limitOf(const AlertSettings& settings) const {
    switch (_channel) {
        case AlertChannel::Mail:
            return settings.mail.timeout;
        case AlertChannel::Webhook:
            return settings.webhook.timeout;
        case AlertChannel::Ping:
            break;
    }
    return settings.pingTimeout;
}

/// Anew with each configuration, as for the page, which logs what is refused of them.
const PluginTexts& AlertDelivery::pluginTexts(const std::shared_ptr<const AlertPolicy>& policy) {
    if (_worded != policy) {
        _plugins = PluginTexts(policy->configuration().host.pluginsDir, [](const auto&, const auto&) {});
        _worded = policy;
    }
    return _plugins;
}

void AlertDelivery::send(const ClaimedAlerts& alerts, const std::shared_ptr<const AlertPolicy>& policy,
                         RemoteCall& call) {
    const auto& settings = policy->settings();
    const HostConfig& host = policy->configuration().host;
    std::vector<Alert> all;
    for (const auto& item : alerts.items) all.push_back(item.alert);
    const Alert& first = all.front();
    const std::string target = policy->targetOf(first.job, _channel).value_or("");
    const auto& plugins = pluginTexts(policy);
    if (_channel == AlertChannel::Ping) {
        const auto event = first.kind == AlertKind::Failed ? PingEvent::Fail : PingEvent::Success;
        sendPing(settings, target, event, inWords(first.message, settings.language, plugins), call);
        return;
    }
    const auto zone = zoneOf(host);
    const auto message = wordAlerts(alerts.message, std::move(all), {settings.language, *zone, plugins, host.http.url});
    if (_channel == AlertChannel::Mail)
        sendMail(*_mail, splitTarget(target), message, call);
    else
        sendWebhook(settings.webhook, message, call);
}

}  // namespace carillon
