#include "GatewayServer.h"

#include "ApiHandler.h"
#include "ControlHandler.h"

#include <openssl/ssl.h>

#include "Poco/Net/Context.h"
#include "Poco/Net/HTTPRequestHandlerFactory.h"
#include "Poco/Net/HTTPServerParams.h"
#include "Poco/Net/SecureServerSocket.h"
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

Poco::Net::ServerSocket listenOn(std::uint16_t port, std::uint16_t& chosen,
                                 Poco::Net::ServerSocket socket = Poco::Net::ServerSocket()) {
    // Neither flag for a free port: two gateways could get the same one.
    socket.bind(Poco::Net::SocketAddress("127.0.0.1", port), port != 0, false);
    socket.listen(kMaxWaitingConnections);
    chosen = socket.address().port();
    return socket;
}

Poco::Net::Context::Ptr tlsContext(const TlsOptions& options) {
    using Poco::Net::Context;
    const auto verification = options.clientCa.empty() ? Context::VERIFY_NONE : Context::VERIFY_STRICT;
    Context::Ptr context =
        new Context(Context::TLS_SERVER_USE, options.key, options.certificate, options.clientCa, verification);
    context->enableExtendedCertificateVerification(false);  // a client has no host name
    if (options.old) {
        // Debian's OpenSSL has no such protocol at the level that it starts with.
        SSL_CTX_set_security_level(context->sslContext(), 0);
        SSL_CTX_set_min_proto_version(context->sslContext(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context->sslContext(), TLS1_1_VERSION);
    }
    return context;
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

void GatewayServer::listenByTls(const TlsOptions& options) {
    if (_tlsServer) _tlsServer->stopAll(true);
    _tlsServer = std::make_unique<Poco::Net::HTTPServer>(
        new HandlerFactory(_gateway), _threads,
        listenOn(0, _tlsPort, Poco::Net::SecureServerSocket(tlsContext(options))),
        parameters(_gateway.options.maxThreads));
    _tlsServer->start();
}

std::string GatewayServer::tlsAddress() const {
    return "https://127.0.0.1:" + std::to_string(_tlsPort) + _gateway.options.base;
}

void GatewayServer::stop() {
    _gateway.stop.stop();
    if (_tlsServer) _tlsServer->stopAll(true);
    _server.stopAll(true);
    _threads.joinAll();
}

}  // namespace testgateway
