#include "GatewayServer.h"

#include "ApiHandler.h"
#include "ControlHandler.h"

#include "Poco/Net/HTTPRequestHandlerFactory.h"
#include "Poco/Net/HTTPServerParams.h"
#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/SocketAddress.h"
#include "Poco/Timespan.h"

namespace testgateway {

namespace {

constexpr int kIdleThreads = 4;
constexpr int kMaxWaitingConnections = 256;
const Poco::Timespan kIdleThreadTime(200 * Poco::Timespan::MILLISECONDS);

class HandlerFactory final : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit HandlerFactory(Gateway& gateway) : _gateway(gateway) {}

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override {
        if (request.getURI().starts_with("/control/")) return new ControlHandler(_gateway);
        return new ApiHandler(_gateway);
    }

private:
    Gateway& _gateway;
};

GatewayOptions normalised(GatewayOptions options) {
    while (options.base.ends_with('/')) options.base.pop_back();
    if (!options.base.empty() && options.base.front() != '/') options.base.insert(0, "/");
    return options;
}

Poco::Net::ServerSocket listenOn(std::uint16_t port, std::uint16_t& chosen) {
    Poco::Net::ServerSocket socket;
    // Neither flag for a free port: two gateways could get the same one.
    socket.bind(Poco::Net::SocketAddress("127.0.0.1", port), port != 0, false);
    socket.listen(kMaxWaitingConnections);
    chosen = socket.address().port();
    return socket;
}

Poco::Net::HTTPServerParams::Ptr parameters(int maxThreads) {
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setMaxThreads(maxThreads);
    params->setMaxQueued(kMaxWaitingConnections);
    // A thread that ends its connection while the server stops can miss the wake-up: it would hold stop() that long.
    params->setThreadIdleTime(kIdleThreadTime);
    params->setKeepAlive(true);
    params->setMaxKeepAliveRequests(0);
    params->setSoftwareVersion("carillon-test-gateway");
    return params;
}

}  // namespace

GatewayServer::GatewayServer(const GatewayOptions& options)
    : _gateway(normalised(options)),
      _threads(kIdleThreads, options.maxThreads),
      _server(new HandlerFactory(_gateway), _threads, listenOn(options.port, _port), parameters(options.maxThreads)) {
    _server.start();
}

GatewayServer::~GatewayServer() {
    try {
        stop();
    } catch (const std::exception&) {
        // Nobody is left to hear of it; the process ends or the test already failed.
    }
}

std::string GatewayServer::address() const {
    return "http://127.0.0.1:" + std::to_string(_port) + _gateway.options.base;
}

void GatewayServer::stop() {
    _gateway.stop.stop();
    _server.stopAll(true);
    _threads.joinAll();
}

}  // namespace testgateway
