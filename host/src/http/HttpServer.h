#pragma once

#include "base/ConfigSource.h"
#include "config/HttpConfig.h"
#include "config/Network.h"
#include "http/HttpConnections.h"
#include "http/HttpRequest.h"
#include "http/HttpResponse.h"

#include "Poco/Logger.h"
#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/TCPServer.h"
#include "Poco/ThreadPool.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace carillon {

/// Whose request it is that came through a proxy. A proxy that is trusted is believed its `X-Forwarded-For`, read from
/// the right up to the first address that is none of a trusted one, and its `X-Forwarded-Proto`. Of any other nothing
/// is believed, but that there is one: such a request is nobody's on this machine. Any thread.
class Forwarding {
public:
    /// `trusted`: http.proxy.trusted.
    explicit Forwarding(std::vector<Network> trusted) : _trusted(std::move(trusted)) {}

    /// Sets peer, secure and isForwarded, from what the connection and the headers say.
    void settle(HttpRequest& request) const;

private:
    bool trusts(const Poco::Net::IPAddress& address) const;
    Poco::Net::IPAddress clientOf(const HttpRequest& request) const;

    const std::vector<Network> _trusted;
};

/// Listens for HTTP, or HTTPS from TLS 1.2 on, and has each request answered. A thread a connection, many of them with
/// small stacks; see HttpConnections for what keeps them free, and HttpLimits. A request has come whole before it is
/// answered, and an answer is whole before it goes out, but for streams.
class HttpServer {
public:
    /// Called on any thread of the server, at once on several. What it throws becomes 500, and a line in the log.
    using Answerer = std::function<HttpResponse(const HttpRequest& request)>;

    /// Has the address when it returns; nobody is answered yet. Borrows the log. Throws Poco::Exception: a sentence
    /// with the key that is wrong, such as a port that is taken.
    HttpServer(const HttpConfig& config, const ConfigSource& source, Poco::Logger& log, HttpLimits limits = {});
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    /// Cuts off who is connected, and waits for the handlers.
    ~HttpServer();

    void start(Answerer answerer);

    /// `127.0.0.1:8620`, with the port that it has.
    std::string address() const;
    /// Connections that were closed at once, since nobody could be cut off for them.
    int refused() const;

private:
    const HttpLimits _limits;
    Poco::Logger& _log;
    Poco::Net::ServerSocket _socket;
    const bool _secure;
    const Forwarding _forwarding;
    HttpConnections _connections;
    Answerer _answerer{};
    Poco::ThreadPool _threads;
    std::unique_ptr<Poco::Net::TCPServer> _server{};
};

}  // namespace carillon
