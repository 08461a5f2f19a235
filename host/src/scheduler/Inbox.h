#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

namespace carillon {

/// What other threads ask of one thread: functions, which it runs in their order. Safe from any thread.
class Inbox {
public:
    using Message = std::function<void()>;

    void post(Message message) {
        {
            const std::lock_guard lock(_mutex);
            _messages.push_back(std::move(message));
        }
        _posted.notify_one();
    }

    /// Runs the function on the owner's thread and returns what it returns or throws what it throws. Never called on
    /// that thread itself.
    template <class Function>
    auto call(Function function) -> std::invoke_result_t<Function> {
        std::packaged_task<std::invoke_result_t<Function>()> task(std::move(function));
        auto result = task.get_future();
        post([&task] { task(); });
        return result.get();
    }

    /// The owner's: waits for a message, until then at most.
    std::vector<Message> take(std::chrono::steady_clock::time_point until) {
        std::unique_lock lock(_mutex);
        _posted.wait_until(lock, until, [this] { return !_messages.empty(); });
        return std::exchange(_messages, {});
    }

private:
    std::mutex _mutex;
    std::condition_variable _posted;
    std::vector<Message> _messages;
};

}  // namespace carillon
