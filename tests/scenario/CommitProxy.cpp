#include "CommitProxy.h"

#include <array>
#include <string_view>

#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/StreamSocket.h"
#include "Poco/Net/TCPServerConnection.h"
#include "Poco/Net/TCPServerConnectionFactory.h"

namespace {

using Poco::Net::Socket;
using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

/// Length, number in the exchange, the command "query", and the query.
constexpr std::string_view kCommit(
    "\x07\0\0\0\x03"
    "COMMIT",
    11);

class Connection : public Poco::Net::TCPServerConnection {
public:
    Connection(const StreamSocket& client, CommitProxy& proxy, Poco::UInt16 server)
        : TCPServerConnection(client), _proxy(proxy), _server(SocketAddress("127.0.0.1", server)) {}

    void run() override {
        try {
            _server.setNoDelay(true);
            socket().setNoDelay(true);
            while (passOn()) continue;
        } catch (const Poco::Exception&) {  // one of the two has gone
        }
    }

private:
    /// What has come from either side. False: the connection is to be cut.
    bool passOn() {
        Socket::SocketList readable{socket(), _server};
        Socket::SocketList none;
        if (Socket::select(readable, none, none, Poco::Timespan(60, 0)) == 0) return true;
        for (const auto& from : readable)
            if (!(from == socket() ? passOnRequest() : passOn(_server, socket()))) return false;
        return true;
    }

    /// A client sends nothing more before it has its answer: so a COMMIT comes last, after requests without one.
    bool passOnRequest() {
        const std::string_view request = receive(socket());
        const auto loss = request.ends_with(kCommit) ? _proxy.meet() : std::nullopt;
        if (request.empty() || loss == CommitProxy::Loss::Commit) return false;
        send(_server, request);
        if (loss) receive(_server);
        return !loss;
    }

    bool passOn(StreamSocket& from, StreamSocket& to) {
        const std::string_view bytes = receive(from);
        send(to, bytes);
        return !bytes.empty();
    }

    /// Empty: the other side has closed it.
    std::string_view receive(StreamSocket& from) {
        const int bytes = from.receiveBytes(_buffer.data(), static_cast<int>(_buffer.size()));
        return {_buffer.data(), bytes > 0 ? static_cast<std::size_t>(bytes) : 0};
    }

    static void send(StreamSocket& to, std::string_view bytes) {
        while (!bytes.empty())
            bytes.remove_prefix(static_cast<std::size_t>(to.sendBytes(bytes.data(), static_cast<int>(bytes.size()))));
    }

    CommitProxy& _proxy;
    StreamSocket _server;
    std::array<char, 16'384> _buffer{};
};

class Connections : public Poco::Net::TCPServerConnectionFactory {
public:
    Connections(CommitProxy& proxy, Poco::UInt16 server) : _proxy(proxy), _server(server) {}
    Poco::Net::TCPServerConnection* createConnection(const StreamSocket& client) override {
        return new Connection(client, _proxy, _server);
    }

private:
    CommitProxy& _proxy;
    const Poco::UInt16 _server;
};

}  // namespace

CommitProxy::CommitProxy(Poco::UInt16 server)
    : _listener(new Connections(*this, server), _threads, Poco::Net::ServerSocket(SocketAddress("127.0.0.1", 0))) {
    _listener.start();
}

CommitProxy::~CommitProxy() {
    _listener.stop();
    _threads.joinAll();
}

void CommitProxy::lose(Loss loss, int number) {
    const std::lock_guard lock(_mutex);
    _loss = loss;
    _left = number;
    _lost = false;
}

bool CommitProxy::hasLost() const {
    const std::lock_guard lock(_mutex);
    return _lost;
}

std::optional<CommitProxy::Loss> CommitProxy::meet() {
    const std::lock_guard lock(_mutex);
    if (_left == 0 || --_left > 0) return std::nullopt;
    _lost = true;
    return _loss;
}
