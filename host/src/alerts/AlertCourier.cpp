#include "alerts/AlertCourier.h"

#include "carillon/LogLine.h"
#include "shared/CrashPoint.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono_literals;

/// What another host of the store has left is found so soon, and quiet hours are over.
constexpr std::chrono::seconds kLook{2};
/// After the store has failed.
constexpr std::chrono::seconds kStoreLook{2};

/// Longer than any attempt: alerts.*.timeout is 2 minutes at most.
constexpr std::chrono::minutes kAlertLease{5};

/// Alerts that are not in the store; more are not kept.
constexpr std::size_t kMostLoose = 100;

/// Jobs whose start is not told yet; more are not told.
constexpr std::size_t kMostStarts = 1'000;

}  // namespace

AlertCourier::AlertCourier(AlertChannel channel, Current current, const Clock& clock, Poco::Logger& log)
    : _channel(channel),
      _current(std::move(current)),
      _clock(clock),
      _log(log),
      _self(ProcessIdentity::ofThisProcess(_current()->configuration().host.hostName)),
      _delivery(
          channel, [this] { return mayGoOn(); }, clock, log),
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
    }
    _delivery.cancel();
    _thread.join();
}

bool AlertCourier::mayGoOn() {
    const std::lock_guard lock(_mutex);
    return !_finishing || std::chrono::steady_clock::now() < _finishBy;
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

void AlertCourier::sendStarts() {
    while (mayGoOn()) {
        std::string job;
        {
            const std::lock_guard lock(_mutex);
            if (_starts.empty()) return;
            job = _starts.begin()->first;
            _starts.erase(_starts.begin());
        }
        _delivery.tellStart(job, *_current());
    }
}

/// False: nothing is due, or nothing is to be sent now.
bool AlertCourier::sendOne() {
    if (!mayGoOn()) return false;
    const auto policy = _current();
    // A channel that nobody uses is looked at once: what was to go by it is dropped.
    if (!policy->uses(_channel) && policy == _unused) return false;
    if (!_delivery.isReady(policy)) return false;
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
    const AlertAttempt result = _delivery.attempt(*alerts, policy);
    crashPoint("alert.attempted");
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
        if (!_delivery.isReady(policy)) return keepLoose(std::move(*loose));
        ++loose->alerts.attempts;
        const AlertAttempt result = _delivery.attempt(loose->alerts, policy);
        logAttempt(loose->alerts, result);
        if (result.delivered) continue;
        loose->dueAt = std::chrono::steady_clock::now() + AlertDelivery::delayAfter(loose->alerts.attempts);
        keepLoose(std::move(*loose));
    }
}

}  // namespace carillon
