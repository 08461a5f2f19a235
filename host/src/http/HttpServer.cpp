#include "http/HttpServer.h"

#include "config/TrustedProxies.h"
#include "http/HttpConnection.h"
#include "http/ServerTls.h"
#include "http/ThreadPriority.h"

#include "Poco/Net/NetException.h"
#include "Poco/Net/SecureServerSocket.h"
#include "Poco/Net/TCPServerParams.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace carillon {
namespace {

constexpr int kBacklog = 1024;
constexpr int kStackSize = 512 * 1024;

class Factory final : public Poco::Net::TCPServerConnectionFactory {
public:
    explicit Factory(HttpService service) : _service(service) {}
    Poco::Net::TCPServerConnection* createConnection(const Poco::Net::StreamSocket& socket) override {
        return new HttpConnection(socket, _service);
    }

private:
    HttpService _service;
};

class Room final : public Poco::Net::TCPServerConnectionFilter {
public:
    explicit Room(HttpConnections& connections) : _connections(connections) {}
    void serve(const Poco::Net::TCPServer& server) { _server = &server; }
    bool accept(const Poco::Net::StreamSocket&) override {
        yieldToFiring();
        _connections.makeRoom(_server->queuedConnections() + 1);
        return true;
    }

private:
    HttpConnections& _connections;
    const Poco::Net::TCPServer* _server = nullptr;
};

/// Clients leave enough of the process's descriptors to the runs, however few it may have: half of them at least, and
/// 1,024 before there is a long queue.
HttpLimits fitting(HttpLimits limits) {
    constexpr rlim_t kForRuns = 1'024;
    constexpr rlim_t kUsualQueue = 64;
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    const auto atMost = [](int usual, rlim_t most) { return static_cast<int>(std::min<rlim_t>(usual, most)); };
    limits.connections = atMost(limits.connections, files.rlim_cur / 8 * 3);
    limits.streams = atMost(limits.streams, static_cast<rlim_t>(limits.connections) / 2);
    const rlim_t taken = kForRuns + static_cast<rlim_t>(limits.connections);
    const rlim_t room = files.rlim_cur > taken ? files.rlim_cur - taken : 0;
    limits.queue = atMost(limits.queue, std::max(room, std::min(kUsualQueue, files.rlim_cur / 8)));
    return limits;
}

std::string reasonOf(const Poco::Exception& e) {
    return e.message().empty() ? e.displayText() : e.message();
}

std::vector<Network> trustedOf(const ConfigSource& source) {
    ConfigReader in(source, "");
    return readTrustedProxies(in);
}

Poco::Net::ServerSocket listenAt(const HttpConfig& config, const ConfigSource& source) {
    const Poco::Net::SocketAddress address(config.host, config.port);
    const auto context = config.hasTls() ? serverTls(config, source) : nullptr;
    try {
        Poco::Net::ServerSocket socket;
        if (context) socket = Poco::Net::SecureServerSocket(context);
        // Poco's constructors that bind let another process share the port: two hosts would answer by turns.
        constexpr bool kReuseAddress = true;
        constexpr bool kReusePort = false;
        socket.bind(address, kReuseAddress, kReusePort);
        socket.listen(kBacklog);
        return socket;
    } catch (const Poco::Exception& e) {
        const bool taken = e.code() == EADDRINUSE;
        throw Poco::IOException(
            source
                .faultOf("http.address", " = " + address.toString() + ": " +
                                             (taken ? "another program listens there already" : reasonOf(e)) +
                                             "; give another address, or none: http.address =")
                .sentence());
    }
}

}  // namespace

HttpServer::HttpServer(const HttpConfig& config, const ConfigSource& source, Poco::Logger& log, HttpLimits limits)
    : _limits(fitting(limits)),
      _log(log),
      _socket(listenAt(config, source)),
      _secure(config.hasTls()),
      _forwarding(trustedOf(source)),
      _connections(_limits),
      _threads("http", 1, _limits.connections, 60, kStackSize) {}

HttpServer::~HttpServer() {
    if (!_server) return;
    _connections.watchQueue({});
    _connections.end();
    _server->stop();
    _threads.joinAll();
}

void HttpServer::start(Answerer answerer) {
    _answerer = std::move(answerer);
    Poco::Net::TCPServerParams::Ptr params = new Poco::Net::TCPServerParams;
    params->setMaxThreads(_limits.connections);
    params->setMaxQueued(_limits.queue);
    const HttpService service{_limits, _connections, _answerer, _forwarding, _log, _secure};
    _server = std::make_unique<Poco::Net::TCPServer>(new Factory(service), _threads, _socket, params);
    Poco::AutoPtr<Room> room = new Room(_connections);
    room->serve(*_server);
    _server->setConnectionFilter(room);
    _connections.watchQueue([this] { return _server->queuedConnections(); });
    _server->start();
}

std::string HttpServer::address() const {
    return _socket.address().toString();
}

int HttpServer::refused() const {
    return _server ? _server->refusedConnections() : 0;
}

}  // namespace carillon
