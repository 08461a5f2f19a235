#pragma once

#include "GatewayAddress.h"
#include "GatewayTls.h"
#include "HttpAnswer.h"
#include "HttpConnection.h"

#include "carillon/RunContext.h"
#include "shared/Proxy.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace passerelle {

struct HttpRequest {
    std::string method{};
    std::string target{};         ///< Below the gateway's address, beginning with a slash.
    std::string authorization{};  ///< Empty: the header is left out.
    std::string body{};
};

/// Requests to one gateway over one kept connection, straight or through a proxy. Each request is idempotent: one on a
/// connection that the other side had closed in the meantime is repeated once, on a new one. One thread.
class HttpSession {
public:
    /// Borrows the token. `limit`: of connecting, of an answer's head, and of each wait for more of its body.
    HttpSession(GatewayAddress address, std::optional<carillon::Proxy> proxy, TlsFiles tls,
                std::chrono::milliseconds limit, const carillon::StopToken& stop);

    const GatewayAddress& address() const { return _address; }
    const std::optional<carillon::Proxy>& proxy() const { return _proxy; }

    /// The answer lives until the next call. Throws HttpFault, carillon::RunStopped, and
    /// GatewayRefused when a file of TLS cannot be used.
    HttpAnswer& exchange(const HttpRequest& request);
    /// To be called when the answer is done with: keeps the connection where that is possible.
    void release();
    /// The next request goes over a new connection.
    void disconnect();

private:
    void open();
    void openTunnel();
    HttpAnswer& attempt(const std::string& request);
    std::string write(const HttpRequest& request) const;
    std::string proxyAuthorization() const;

    const GatewayAddress _address;
    const std::optional<carillon::Proxy> _proxy;
    const std::chrono::milliseconds _limit;
    const TlsFiles _tlsFiles;
    const carillon::StopToken& _stop;
    std::unique_ptr<GatewayTls> _tls{};  // null for http, and before the first connection
    std::unique_ptr<HttpConnection> _connection{};
    std::optional<HttpAnswer> _answer{};
};

}  // namespace passerelle
