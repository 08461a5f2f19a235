#pragma once

#include "alerts/AlertDelivery.h"
#include "alerts/AlertPolicy.h"
#include "alerts/AlertStore.h"

#include "Poco/Logger.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace carillon {

/// Takes the alerts of one channel where they are to go: one message at a time, on a thread of its own, so that a
/// channel that hangs holds nothing else up. What is not taken is tried again, later each time.
/// Invariant: a message is sent by whoever holds its claim and by nobody else, and not after it was noted as sent. When
/// it is not known whether the receiver took it (no answer, or an end of the host before that was noted), it is sent
/// again with the same id: at least once, and once for who compares ids.
class AlertCourier {
public:
    /// What is in force now; asked before each message.
    using Current = std::function<std::shared_ptr<const AlertPolicy>()>;

    /// Borrows clock and log.
    AlertCourier(AlertChannel channel, Current current, const Clock& clock, Poco::Logger& log);
    AlertCourier(const AlertCourier&) = delete;
    AlertCourier& operator=(const AlertCourier&) = delete;
    ~AlertCourier();

    /// There may be something to send. Any thread.
    void wake();

    /// Sends an alert that is not in the store, from memory: again and again until it is taken, or the host ends. Any
    /// thread.
    void sendAtOnce(Alert alert);

    /// Channel Ping: a run has begun, and is over. The start is told at most once, and not after the end. Any thread.
    void noteStart(const std::string& job, const std::string& run);
    void noteEnd(const std::string& job, const std::string& run);

    /// It ends when nothing is due any more, or that time has come. Any thread.
    void finish(std::chrono::steady_clock::time_point by);
    /// After finish(): gives up what it is still sending when the time has come, and joins its thread.
    void stop();

private:
    /// An alert that is not in the store.
    struct Loose {
        ClaimedAlerts alerts{};
        std::chrono::steady_clock::time_point dueAt{};
    };

    void run();
    bool mayGoOn();
    bool sendOne();
    void sendLoose();
    std::optional<Loose> takeLoose();
    void keepLoose(Loose loose);
    void logAttempt(const ClaimedAlerts& alerts, const AlertAttempt& result);
    void sendStarts();

    const AlertChannel _channel;
    const Current _current;
    const Clock& _clock;
    Poco::Logger& _log;
    const ProcessIdentity _self;
    std::optional<AlertStore> _store;            // of the thread
    std::shared_ptr<const AlertPolicy> _unused;  // of the thread: that does not use the channel
    AlertDelivery _delivery;                     // of the thread
    std::mutex _mutex;                           // of all below
    std::condition_variable _changed;
    bool _woken = false;
    bool _finishing = false;
    std::chrono::steady_clock::time_point _finishBy{};
    bool _ended = false;
    std::map<std::string, std::string> _starts;  // run by job
    std::deque<Loose> _loose;
    std::thread _thread;  // last: it uses the others
};

}  // namespace carillon
