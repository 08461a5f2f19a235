#pragma once

#include "Poco/Exception.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

namespace carillon {

/// What a thread sleeps and measures spans by: a clock that nobody sets. A test's stands still until it is moved. Safe
/// from any thread.
class Sleeper {
public:
    using Time = std::chrono::steady_clock::time_point;

    virtual ~Sleeper() = default;

    virtual Time now() const { return std::chrono::steady_clock::now(); }
    /// Returns then, or when it is woken, or for no reason.
    virtual void sleep(std::unique_lock<std::mutex>& lock, std::condition_variable& woken, Time until) const {
        woken.wait_until(lock, until);
    }
    /// So much later than it was told it may return: an idle processor takes its time to wake up.
    virtual std::chrono::microseconds oversleeps() const { return std::chrono::microseconds(250); }
};

/// What other threads ask of one thread: functions, which it runs in their order. Safe from any thread.
class Mailbox {
public:
    using Message = std::function<void()>;

    /// Borrows the sleeper.
    explicit Mailbox(const Sleeper& sleeper) : _sleeper(sleeper) {}

    /// False: the owner takes no more messages.
    bool post(Message message) {
        bool first = false;
        {
            const std::lock_guard lock(_mutex);
            if (_closed) return false;
            first = _messages.empty();
            _messages.push_back(std::move(message));
        }
        if (first) _posted.notify_one();  // behind others it is taken with them
        return true;
    }

    /// Runs the function on the owner's thread and returns what it returns or throws what it throws. Never called on
    /// that thread itself. Throws Poco::IllegalStateException when the owner takes no more messages.
    template <class Function>
    auto call(Function function) -> std::invoke_result_t<Function> {
        std::packaged_task<std::invoke_result_t<Function>()> task(std::move(function));
        auto result = task.get_future();
        if (!post([&task] { task(); })) throw Poco::IllegalStateException("the host is ending");
        return result.get();
    }

    /// The owner's: waits for a message, until then at most.
    std::vector<Message> take(Sleeper::Time until) {
        std::unique_lock lock(_mutex);
        while (_messages.empty() && _sleeper.now() < until) _sleeper.sleep(lock, _posted, until);
        return std::exchange(_messages, {});
    }

    /// The owner's last act: answers what was asked for, and refuses what comes.
    void close() {
        std::vector<Message> last;
        {
            const std::lock_guard lock(_mutex);
            _closed = true;
            last = std::exchange(_messages, {});
        }
        for (const auto& message : last) message();
    }

private:
    const Sleeper& _sleeper;
    std::mutex _mutex;
    std::condition_variable _posted;
    std::vector<Message> _messages;
    bool _closed = false;
};

}  // namespace carillon
