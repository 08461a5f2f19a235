#pragma once

#include "platform/Sockets.h"

#include "Poco/Exception.h"
#include "Poco/Net/Context.h"
#include "Poco/Net/StreamSocket.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace carillon {

/// What is to be told could not be delivered. The message is one sentence without a secret.
class Undelivered : public Poco::IOException {
public:
    using Poco::IOException::IOException;
    const char* name() const noexcept override { return "Undelivered"; }
    Poco::Exception* clone() const override { return new Undelivered(*this); }
    void rethrow() const override { throw *this; }
};

/// One conversation with a server, which is over after a limit whatever the server does: it may be silent, drip, or
/// have a name that nobody resolves. One thread converses; any may cancel.
class RemoteCall {
public:
    /// The limit is for all of it, beginning now.
    explicit RemoteCall(std::chrono::milliseconds limit);
    RemoteCall(const RemoteCall&) = delete;
    RemoteCall& operator=(const RemoteCall&) = delete;
    ~RemoteCall();

    /// At most once. Throws Undelivered.
    Poco::Net::StreamSocket connect(const std::string& host, std::uint16_t port);
    /// What is written from now on is encrypted, and the server is who its certificate says. `ca`: a PEM file; empty:
    /// the authorities of the system. Throws Undelivered.
    Poco::Net::StreamSocket encrypt(Poco::Net::StreamSocket& socket, const std::string& host, const std::string& ca);

    /// It fails at once.
    void cancel();
    /// It was cancelled, or took too long: what was thrown since comes from that.
    bool isOver() const;
    /// Why it failed, as the rest of a sentence: from isOver(), else from `e`.
    std::string reasonOf(const Poco::Exception& e) const;

private:
    using Steady = std::chrono::steady_clock;

    void watch();
    void end();

    const std::chrono::milliseconds _limit;
    const Steady::time_point _deadline;
    mutable std::mutex _mutex;  // of all below
    std::condition_variable _changed;
    bool _over = false;
    bool _cancelled = false;
    bool _done = false;
    ConnectionHold _connection{};
    std::thread _watchdog;
};

}  // namespace carillon
