#pragma once

#include "Gateway.h"

#include <cstdint>
#include <memory>
#include <string>
#include "Poco/Net/HTTPServer.h"
#include "Poco/ThreadPool.h"

namespace testgateway {

/// How a gateway answers by TLS; files are PEM.
struct TlsOptions {
    std::string certificate{};
    std::string key{};
    /// Who is no client of this authority is refused; empty: no certificate is asked for.
    std::string clientCa{};
    /// TLS 1.1 and nothing newer.
    bool old = false;
};

/// A gateway that listens on 127.0.0.1 from its construction on.
/// The constructor throws when the file or the port cannot be had. Blocks no signals: a program
/// does that before it makes one.
class GatewayServer {
public:
    explicit GatewayServer(const GatewayOptions& options);
    ~GatewayServer();
    GatewayServer(const GatewayServer&) = delete;
    GatewayServer& operator=(const GatewayServer&) = delete;

    std::uint16_t port() const { return _port; }
    /// http://127.0.0.1:PORT/base
    std::string address() const;
    /// Listens by TLS as well, on a port of its own; called again, in another way on another port.
    void listenByTls(const TlsOptions& options);
    /// https://127.0.0.1:PORT/base
    std::string tlsAddress() const;
    /// Cuts the answers under way and returns when no thread is left. May be called again.
    void stop();

private:
    Gateway _gateway;
    Poco::ThreadPool _threads;
    std::uint16_t _port = 0;
    Poco::Net::HTTPServer _server;
    std::uint16_t _tlsPort = 0;
    std::unique_ptr<Poco::Net::HTTPServer> _tlsServer{};
};

}  // namespace testgateway
