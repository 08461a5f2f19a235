#pragma once

#include "platform/Sockets.h"

#include "GatewayTls.h"
#include "Texts.h"

#include "carillon/RunContext.h"

#include "Poco/Net/NetException.h"
#include "Poco/Net/SocketAddress.h"
#include "Poco/Net/StreamSocket.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace passerelle {

/// What came instead of an answer. The message is the rest of a sentence, which `who` begins.
class HttpFault : public carillon::Failure {
public:
    enum class Who : std::uint8_t {
        Unreached,  ///< "… cannot be reached: ": nobody there.
        Silent,     ///< "… takes connections, but ": and not a byte came.
        Answered    ///< "… answered, but "
    };

    HttpFault(Who who, Message said) : Failure(std::move(said)), _who(who) {}

    Who who() const { return _who; }
    const char* name() const noexcept override { return "HTTP fault"; }
    Poco::Exception* clone() const override { return new HttpFault(*this); }
    void rethrow() const override { throw *this; }

private:
    Who _who;
};

/// One connection, and the bytes that came and are not taken yet. All waiting for the network is done here: each wait
/// ends with the time that was granted, with the request to stop and with the run's deadline. Throws HttpFault, and
/// carillon::RunStopped. One thread at a time.
class HttpConnection {
public:
    /// What is waited for; says who is late with what.
    enum class Phase : std::uint8_t { Connect, Handshake, Head, Body };

    /// Borrows the token. `limit` is the time that is granted at once.
    HttpConnection(const carillon::StopToken& stop, std::chrono::milliseconds limit);
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    /// To the first of the host's addresses that takes a connection. An address of IPv6 is written without brackets.
    void connect(const std::string& host, std::uint16_t port);
    /// What goes over it from now on is encrypted, and the other side has proved that it is the host.
    void encrypt(GatewayTls& tls, const std::string& host);

    /// All of what comes next may take as long as the limit, or as `most` if that is less, from now on.
    void grantTime(Phase phase, std::chrono::milliseconds most = std::chrono::milliseconds::max());
    void send(std::string_view bytes);

    /// What came and is not taken yet. Writable, for a stream over it.
    char* begin() { return _buffer.get() + _taken; }
    std::size_t size() const { return _filled - _taken; }
    void take(std::size_t count) { _taken += count; }
    /// When all is taken: waits for more. False: the connection is at its end.
    bool receive();
    /// The next line, without its end: CR LF or a bare LF. False: the connection is at its end, or the line has more
    /// than `most` bytes; what came of it is in `line`.
    bool takeLine(std::string& line, std::size_t most);

    /// Something came since time was granted.
    bool hasHeard() const { return _hasHeard; }
    /// How it came to its end, as the rest of a sentence on the other side: "closed the connection", or what the system
    /// says.
    const Message& ending() const { return _ending; }

private:
    using Steady = std::chrono::steady_clock;

    bool connectTo(const Poco::Net::SocketAddress& address, Steady::time_point end);
    bool await(carillon::SocketWish wish, Steady::time_point end);
    void awaitGranted(carillon::SocketWish wish);
    [[noreturn]] void throwLate() const;

    const carillon::StopToken& _stop;
    const std::chrono::milliseconds _limit;
    Steady::time_point _end;
    Phase _phase = Phase::Connect;
    Poco::Net::StreamSocket _socket{};
    std::unique_ptr<char[]> _buffer;
    std::size_t _taken = 0;
    std::size_t _filled = 0;
    bool _hasHeard = false;
    Message _ending{};
};

}  // namespace passerelle
