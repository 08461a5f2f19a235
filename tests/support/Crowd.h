#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <thread>

/// Many clients of one server at once, each on a connection of its own, in one thread: from the making of the object to
/// its end. A connection that has ended is made again.
class Crowd {
public:
    /// What a client sends: at once, or a byte each second.
    enum class Pace { AtOnce, Drip };

    /// `address`: 127.0.0.1:PORT; `request`: of the client of that number.
    Crowd(const std::string& address, std::size_t clients, std::function<std::string(std::size_t)> request, Pace pace);
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;
    ~Crowd();

    /// Connections that the server ended with an answer, whole or not.
    std::size_t answers() const { return _answers.load(); }
    /// Those that it ended without one.
    std::size_t cut() const { return _cut.load(); }

private:
    void run(const std::string& address, std::size_t clients);

    const std::function<std::string(std::size_t)> _request;
    const Pace _pace;
    std::atomic<bool> _ending{false};
    std::atomic<std::size_t> _answers{0};
    std::atomic<std::size_t> _cut{0};
    std::thread _thread;
};
