#include "alerts/AlertCourier.h"

#include "alerts/MailSender.h"
#include "alerts/WebSender.h"
#include "carillon/LogLine.h"
#include "schedule/ZoneDatabase.h"
#include "shared/CrashPoint.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace carillon {
namespace {

using namespace std::chrono_literals;

/// What another host of the store has left is found so soon, and quiet hours are over.
constexpr std::chrono::seconds kLook{2};
/// After the store has failed.
constexpr std::chrono::seconds kStoreLook{2};

/// Longer than any attempt: alerts.*.timeout is 2 minutes at most.
constexpr std::chrono::minutes kAlertLease{5};

/// Of the first retry, and of all later ones.
constexpr std::chrono::seconds kFirstDelay{5};
constexpr std::chrono::hours kLongestDelay{1};

/// Alerts that are not in the store; more are not kept.
constexpr std::size_t kMostLoose = 100;

/// Jobs whose start is not told yet; more are not told.
constexpr std::size_t kMostStarts = 1'000;

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

AlertCourier::AlertCourier(AlertChannel channel, Current current, const Clock& clock, Poco::Logger& log)
    : _channel(channel),
      _current(std::move(current)),
      _clock(clock),
      _log(log),
      _self(ProcessIdentity::ofThisProcess(_current()->configuration().host.hostName)),
      _accounts([this] { return mayGoOn(); }),
      _thread([this] { run(); }) {}

AlertCourier::~AlertCourier() {
    if (!_thread.joinable()) return;
    finish({});
    stop();
}

void AlertCourier::wake() {
    {
        const std::lock_guard lock(_mutex);
        _woken = true;
    }
    _changed.notify_all();
}

void AlertCourier::noteStart(const std::string& job, const std::string& run) {
    {
        const std::lock_guard lock(_mutex);
        if (_starts.size() < kMostStarts) _starts[job] = run;
        _woken = true;
    }
    _changed.notify_all();
}

void AlertCourier::noteEnd(const std::string& job, const std::string& run) {
    const std::lock_guard lock(_mutex);
    if (const auto start = _starts.find(job); start != _starts.end() && start->second == run) _starts.erase(start);
}

void AlertCourier::finish(std::chrono::steady_clock::time_point by) {
    {
        const std::lock_guard lock(_mutex);
        _finishing = true;
        _finishBy = by;
    }
    _changed.notify_all();
}

void AlertCourier::stop() {
    {
        std::unique_lock lock(_mutex);
        _changed.wait_until(lock, _finishBy, [this] { return _ended; });
        if (_call != nullptr) _call->cancel();
    }
    _thread.join();
}

bool AlertCourier::mayGoOn() {
    const std::lock_guard lock(_mutex);
    return !_finishing || std::chrono::steady_clock::now() < _finishBy;
}

std::chrono::milliseconds AlertCourier::delayAfter(std::int64_t attempts) {
    const auto doublings = std::clamp<std::int64_t>(attempts - 1, 0, 20);
    return std::min<std::chrono::milliseconds>(kFirstDelay * (std::int64_t{1} << doublings), kLongestDelay);
}

void AlertCourier::run() {
    for (;;) {
        auto pause = std::chrono::milliseconds(kLook);
        try {
            sendStarts();
            sendLoose();
            while (sendOne()) sendStarts();
        } catch (const Poco::Exception& e) {
            // The store: what was claimed is claimed again once its lease is over, or by the next host.
            LogLine(_log, "alert.held", Poco::Message::PRIO_WARNING).field("problem", e.message());
            pause = kStoreLook;
        } catch (const std::exception& e) {
            LogLine(_log, "alert.held", Poco::Message::PRIO_WARNING).field("problem", e.what());
            pause = kStoreLook;
        }
        std::unique_lock lock(_mutex);
        _changed.wait_for(lock, pause, [this] { return _woken || _finishing; });
        _woken = false;
        if (!_finishing) continue;
        _ended = true;
        lock.unlock();
        _changed.notify_all();
        return;
    }
}

/// While it lasts, stop() can end it.
template <typename Action>
auto AlertCourier::withCall(std::chrono::milliseconds limit, Action action) {
    RemoteCall call(limit);
    struct Registered {
        AlertCourier& courier;
        ~Registered() {
            const std::lock_guard lock(courier._mutex);
            courier._call = nullptr;
        }
    };
    {
        const std::lock_guard lock(_mutex);
        _call = &call;
        if (_finishing && std::chrono::steady_clock::now() >= _finishBy) call.cancel();
    }
    const Registered registered{*this};
    return action(call);
}

/// Best effort: a monitor that does not hear of a start learns of the end.
void AlertCourier::sendStarts() {
    while (mayGoOn()) {
        std::string job;
        {
            const std::lock_guard lock(_mutex);
            if (_starts.empty()) return;
            job = _starts.begin()->first;
            _starts.erase(_starts.begin());
        }
        const auto policy = _current();
        const auto& settings = policy->settings();
        const auto url = policy->targetOf(job, _channel);
        if (!url) continue;
        try {
            withCall(settings.pingTimeout,
                     [&](RemoteCall& call) { return sendPing(settings, *url, PingEvent::Start, "", call); });
        } catch (const Poco::Exception& e) {
            LogLine(_log, "alert.start_lost").field("job", job).field("problem", e.message());
        }
    }
}

/// Nothing: the account is not known yet, and what is to go by mail waits. Asked in good time, not only when there is
/// something to send: once the application's database is down, nobody can say it.
std::optional<MailSettings> AlertCourier::mailSettings(const std::shared_ptr<const AlertPolicy>& policy) {
    if (_channel != AlertChannel::Mail || !policy->uses(_channel)) return MailSettings{};
    std::optional<MailSettings> mail;
    try {
        mail = _accounts.settings(policy);
    } catch (const Undelivered&) {  // problem() says why
    }
    if (const auto& problem = _accounts.problem(); problem != _accountProblem) {
        if (!problem.empty())
            LogLine(_log, mail ? "alert.account_kept" : "alert.held", Poco::Message::PRIO_WARNING)
                .field("problem", problem);
        _accountProblem = problem;
    }
    return mail;
}

/// False: nothing is due, or nothing is to be sent now.
bool AlertCourier::sendOne() {
    if (!mayGoOn()) return false;
    const auto policy = _current();
    // A channel that nobody uses is looked at once: what was to go by it is dropped.
    if (!policy->uses(_channel) && policy == _unused) return false;
    const auto mail = mailSettings(policy);
    if (!mail || isQuiet(*policy)) return false;
    if (!_store) _store.emplace(policy->configuration().host.stateDir, _clock);
    AlertClaim claim;
    claim.channel = _channel;
    claim.owner = _self;
    claim.lease = kAlertLease;
    claim.targetOf = [&](const std::string& job) { return policy->targetOf(job, _channel); };
    const auto alerts = _store->claim(claim);
    if (!alerts) {
        _unused = policy->uses(_channel) ? nullptr : policy;
        return false;
    }
    crashPoint("alert.claimed");
    const AlertAttempt result = attempt(*alerts, *policy, *mail);
    crashPoint("alert.attempted");
    if (!result.delivered) _accounts.askAgain();
    _store->settle(*alerts, result, _channel);
    logAttempt(*alerts, result);
    return true;
}

void AlertCourier::logAttempt(const ClaimedAlerts& alerts, const AlertAttempt& result) {
    const Alert& first = alerts.items.front().alert;
    const std::string about = alerts.items.size() > 1 ? std::to_string(alerts.items.size()) + " alerts"
                              : first.job.empty()     ? "the host itself"
                                                      : first.job;
    if (result.delivered)
        LogLine(_log, "alert.sent").field("channel", nameOf(_channel)).field("job", about);
    else
        LogLine(_log, "alert.failed", Poco::Message::PRIO_WARNING)
            .field("channel", nameOf(_channel))
            .field("job", about)
            .field("attempt", alerts.attempts)
            .field("problem", result.problem);
}

void AlertCourier::sendAtOnce(Alert alert) {
    Loose loose;
    loose.alerts.message = alertHash(alert.host + '\n' + alert.event + '\n' + std::string(nameOf(_channel)));
    loose.alerts.items.push_back({loose.alerts.message, 0, std::move(alert)});
    keepLoose(std::move(loose));
    wake();
}

void AlertCourier::keepLoose(Loose loose) {
    const std::lock_guard lock(_mutex);
    if (_loose.size() < kMostLoose) _loose.push_back(std::move(loose));
}

/// One that is due.
std::optional<AlertCourier::Loose> AlertCourier::takeLoose() {
    const std::lock_guard lock(_mutex);
    const auto now = std::chrono::steady_clock::now();
    const auto due =
        std::find_if(_loose.begin(), _loose.end(), [now](const Loose& loose) { return loose.dueAt <= now; });
    if (due == _loose.end()) return std::nullopt;
    Loose loose = std::move(*due);
    _loose.erase(due);
    return loose;
}

/// In quiet hours, and while nobody knows how mail is sent, they wait like others.
void AlertCourier::sendLoose() {
    const auto policy = _current();
    while (mayGoOn()) {
        auto loose = takeLoose();
        if (!loose) return;
        const auto mail = mailSettings(policy);
        if (!mail || isQuiet(*policy)) return keepLoose(std::move(*loose));
        ++loose->alerts.attempts;
        const AlertAttempt result = attempt(loose->alerts, *policy, *mail);
        logAttempt(loose->alerts, result);
        if (result.delivered) continue;
        loose->dueAt = std::chrono::steady_clock::now() + delayAfter(loose->alerts.attempts);
        keepLoose(std::move(*loose));
    }
}

/// Runs are pinged at any hour: nobody is woken by that itself.
bool AlertCourier::isQuiet(const AlertPolicy& policy) const {
    return _channel != AlertChannel::Ping &&
           policy.settings().quiet.endAfter(_clock.now(), *zoneOf(policy.configuration().host)).has_value();
}

AlertAttempt AlertCourier::attempt(const ClaimedAlerts& alerts, const AlertPolicy& policy, const MailSettings& mail) {
    try {
        withCall(limitOf(policy.settings()), [&](RemoteCall& call) { return send(alerts, policy, mail, call); });
        return {true, {}, {}};
    } catch (const Poco::Exception& e) {
        const std::string problem = e.message().empty() ? e.displayText() : e.message();
        return {false, _clock.now() + delayAfter(alerts.attempts), problem};
    } catch (const std::exception& e) {  // no memory, no thread
        return {false, _clock.now() + delayAfter(alerts.attempts), e.what()};
    }
}

std::chrono::milliseconds AlertCourier::limitOf(const AlertSettings& settings) const {
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

std::string AlertCourier::send(const ClaimedAlerts& alerts, const AlertPolicy& policy, const MailSettings& mail,
                               RemoteCall& call) const {
    const auto& settings = policy.settings();
    std::vector<Alert> all;
    for (const auto& item : alerts.items) all.push_back(item.alert);
    const std::string target = policy.targetOf(all.front().job, _channel).value_or("");
    if (_channel == AlertChannel::Ping) {
        const auto event = all.front().kind == AlertKind::Failed ? PingEvent::Fail : PingEvent::Success;
        return sendPing(settings, target, event, all.front().message, call);
    }
    const HostConfig& host = policy.configuration().host;
    const auto message = wordAlerts(alerts.message, std::move(all), settings.language, *zoneOf(host), host.http.url);
    return _channel == AlertChannel::Mail ? sendMail(mail, splitTarget(target), message, call)
                                          : sendWebhook(settings.webhook, message, call);
}

}  // namespace carillon
