#pragma once

#include <condition_variable>
#include <cstddef>
#include <limits>
#include <list>
#include <mutex>

namespace carillon {

/// Lets few threads through at once; the others wait, in the order in which they came. Any thread.
class Turnstile {
public:
    static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

    /// `places`: 1 or more; `queue`: threads that may wait.
    explicit Turnstile(std::size_t places, std::size_t queue = kNoLimit) : _free(places), _queue(queue) {}
    Turnstile(const Turnstile&) = delete;
    Turnstile& operator=(const Turnstile&) = delete;

    /// One of the places, from now on or once it is this thread's turn; none when too many wait already. The turnstile
    /// must outlive it.
    class Turn {
    public:
        explicit Turn(Turnstile& turnstile) : _turnstile(turnstile), _has(turnstile.enter()) {}
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        ~Turn() {
            if (_has) _turnstile.leave();
        }
        bool has() const { return _has; }

    private:
        Turnstile& _turnstile;
        const bool _has;
    };

    /// Of a thread that has a turn and is about to wait for something else: gives its place to another one for as long
    /// as this lives, and then waits for a place again, before those who have had none yet.
    class Break {
    public:
        explicit Break(Turnstile& turnstile) : _turnstile(turnstile) { _turnstile.leave(); }
        Break(const Break&) = delete;
        Break& operator=(const Break&) = delete;
        ~Break() { _turnstile.enterAgain(); }

    private:
        Turnstile& _turnstile;
    };

private:
    /// A thread that waits: woken alone, so that a place that is free wakes nobody in vain.
    struct Waiter {
        std::condition_variable called{};
        bool isCalled = false;
    };

    bool enter();
    void enterAgain();
    void leave();
    void waitAt(std::list<Waiter>::iterator self, std::unique_lock<std::mutex>& lock);

    std::mutex _mutex;  // of all below
    std::size_t _free;
    const std::size_t _queue;
    std::list<Waiter> _waiting{};
};

}  // namespace carillon
