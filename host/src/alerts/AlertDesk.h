#pragma once

#include "alerts/AlertJudge.h"
#include "alerts/AlertPolicy.h"
#include "alerts/HostTrouble.h"
#include "config/Configuration.h"
#include "record/RunListener.h"

#include "Poco/Logger.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace carillon {

/// Takes what a scheduler tells, and has it decided and sent what people are alerted to. The scheduler waits for
/// nothing here: what it tells is put into a queue, which a thread of the desk's own works off. What is wrong with the
/// host itself is told without the store, which may be what is wrong.
class AlertDesk final : public RunListener {
public:
    /// Borrows clock and log. Throws nothing for a store that fails: it waits for it.
    AlertDesk(std::shared_ptr<const Configuration> configuration, const Clock& clock, Poco::Logger& log);
    AlertDesk(const AlertDesk&) = delete;
    AlertDesk& operator=(const AlertDesk&) = delete;
    ~AlertDesk() override;

    /// Begins to decide and to send: once the scheduler exists, which tells of runs that were left before.
    void start();
    /// The scheduler tells nothing any more. What is not sent within seconds is sent by the next host.
    void stop();
    /// Goes on with another configuration. Any thread.
    void apply(std::shared_ptr<const Configuration> configuration);

    void runClaimed(const RunIdentity& run) override;
    void runStarted(const RunIdentity& run) override;
    void runEnded(const RunIdentity& run, const RunReport& report, TimePoint finishedAt) override;
    void retriesEnded(const std::string& job) override;
    void slotEnded(const SlotRow& slot) override;
    void storeFailed(const std::string& problem, TimePoint since) override;
    void storeRecovered(TimePoint at) override;
    void lockLost(const RunIdentity& run, const Message& how) override;
    /// Something of the host itself that people are told at once. Any thread.
    void hostTrouble(const Message& what);

private:
    /// Of the host itself.
    struct HostNews {
        enum class Kind { StoreFailed, StoreRecovered, Happened };
        Kind kind = Kind::Happened;
        Message what{};
        TimePoint at{};
    };
    using Event = std::variant<JobEvent, HostNews>;
    using Steady = AlertJudge::Steady;

    void post(Event event);
    void run();
    void take(Event&& event);
    void tellHost();
    std::shared_ptr<const AlertPolicy> current() const;

    const Clock& _clock;
    Poco::Logger& _log;
    mutable std::mutex _mutex;  // of what follows
    std::condition_variable _changed;
    std::shared_ptr<const AlertPolicy> _policy;
    std::deque<Event> _events;
    bool _behind = false;  // more was told than the queue holds
    bool _ending = false;

    // Of the scheduler's thread.
    std::map<std::string, std::pair<std::string, TimePoint>> _running;  // the run of a job and its start

    // Of the desk's thread.
    AlertCouriers _couriers;
    HostTrouble _trouble;
    AlertJudge _judge;
    bool _storeFails = false;

    std::thread _thread;
};

}  // namespace carillon
