#pragma once

#include "http/HttpRequest.h"
#include "platform/Sockets.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace carillon {

/// The connections that have a thread. Cuts those off whose time is over, so that a client that drips bytes, or reads
/// them slowly, holds a thread for a known time only; and, when there is no thread left, the one that has kept its
/// thread waiting the longest, so that a client that says at once what it wants is served whoever else is there.
/// Any thread; owns one, which watches the times.
class HttpConnections {
public:
    enum class Phase {
        Waiting,  ///< For the client's bytes, or for it to take ours: may be cut off.
        Working,  ///< On its answer: has no limit here.
    };

    explicit HttpConnections(const HttpLimits& limits);
    HttpConnections(const HttpConnections&) = delete;
    HttpConnections& operator=(const HttpConnections&) = delete;
    ~HttpConnections();

private:
    using Steady = std::chrono::steady_clock;
    struct Entry {
        SocketHandle socket = -1;
        Phase phase = Phase::Waiting;
        Steady::time_point since{};
        Steady::time_point deadline{};
        bool isCut = false;
    };

public:
    /// One of them, for as long as it lives. The socket must outlive it.
    class Member {
    public:
        Member(HttpConnections& all, SocketHandle socket);
        Member(const Member&) = delete;
        Member& operator=(const Member&) = delete;
        ~Member();

        /// The client has so long from now on.
        void wait(std::chrono::milliseconds limit);
        void work();

    private:
        HttpConnections& _all;
        std::list<Entry>::iterator _entry{};
    };

    /// Cuts off as many as it takes for `queued` connections, which wait for a thread, to get one.
    void makeRoom(int queued);
    /// How many do: looked at now and then, since threads begin later than their connections come. Before the first.
    void watchQueue(std::function<int()> queued);
    /// Cuts all off, and every one that comes.
    void end();
    bool isEnding() const { return _ending.load(); }

    /// So many streams are open at once at most: false, and then not to be given back.
    bool takeStream();
    void giveStreamBack() { --_streams; }

private:
    void watch();
    void cutFor(int queued);
    void cutLongest(std::size_t count);
    static void cut(Entry& entry);

    const HttpLimits& _limits;
    std::atomic<bool> _ending{false};
    std::atomic<int> _streams{0};
    std::mutex _mutex;  // of all below
    std::condition_variable _ended;
    std::list<Entry> _entries{};
    std::function<int()> _queued{};
    std::thread _watcher;
};

/// Has this thread, and every thread and process that it starts, yield to the others of the machine: firing goes before
/// answering. Once for each thread, however often it is called.
void yieldToFiring() noexcept;

}  // namespace carillon
