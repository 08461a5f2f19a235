#pragma once

#include "Gateway.h"

#include <cstdint>
#include <string>
#include "Poco/Net/HTTPServer.h"
#include "Poco/ThreadPool.h"

namespace testgateway {

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
    /// Cuts the answers under way and returns when no thread is left. May be called again.
    void stop();

private:
    Gateway _gateway;
    Poco::ThreadPool _threads;
    std::uint16_t _port = 0;
    Poco::Net::HTTPServer _server;
};

}  // namespace testgateway
