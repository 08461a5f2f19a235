#pragma once

#include "Gateway.h"
#include "GatewayTls.h"
#include "HttpConnection.h"
#include "HttpSession.h"
#include "SmallAnswer.h"

#include "carillon/RunContext.h"
#include "shared/Proxy.h"

#include "Poco/JSON/Object.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace passerelle {

enum class Dialect : std::uint8_t { Path, Query };

/// How the gateway is reached: as the environment's variables say, straight, or through one proxy.
struct ProxyChoice {
    bool isDirect = false;
    std::optional<carillon::Proxy> proxy{};
};

struct GatewayOptions {
    std::string url{};  ///< Base address, with or without a trailing slash.
    std::string key{};
    Dialect dialect = Dialect::Path;
    std::chrono::milliseconds timeout{30'000};  ///< Of connecting, of an answer's head, and of each wait for its bytes.
    TlsFiles tls{};
    bool waits = true;  ///< As long as the gateway asks for; false: its wish is an error.
    ProxyChoice proxy{};
};

/// The gateway over HTTP or HTTPS, one kept connection. Certificates are verified, the host's name included, also on
/// loopback. Each call is idempotent, so one on a connection that the other side had closed in the meantime is repeated
/// once. A gateway that has moved is followed on the same host, and from http to https there: the key goes nowhere
/// else. One that asks to be left alone for a while (429 or 503 with Retry-After) is asked again then, if the run may
/// last so long.
class GatewayClient final : public Gateway {
public:
    /// Borrows the context. Throws GatewayRefused when the address, the key or the proxy cannot be used.
    GatewayClient(GatewayOptions options, carillon::RunContext& context);

    void readPending(const BodyReader& read) override;
    void acknowledge(std::span<const std::int64_t> ids) override;
    GatewayHealth health() override;
    GatewayStats stats() override;
    const std::string& address() const override { return _name; }
    /// Which proxy is used and what named it; empty: none is.
    std::string proxyName() const;

private:
    struct Call {
        std::string name{};  ///< As in the protocol: pending-validations, sync-completed, stats, health.
        std::string body{};  ///< Of a POST; empty: it is a GET.
    };
    using AnswerReader = std::function<void(HttpAnswer&)>;

    void openSession(GatewayAddress address);
    std::string targetOf(const Call& call) const;
    Message placeOf(const Call& call) const;
    HttpAnswer& obtain(const Call& call);
    HttpHead perform(const Call& call, const AnswerReader& read);
    Poco::JSON::Object::Ptr performForObject(const Call& call, HttpHead* head = nullptr);
    void tellSurroundings(const Call& call, const SmallAnswer& answer);
    bool follow(const Call& call, const HttpHead& head);
    bool waitAsAsked(const Call& call, const HttpHead& head);
    void requireSuccess(const Call& call, HttpAnswer& answer);
    Message adviceOnKey();
    bool answersWithoutKey();
    Message adviceOnEmptyList();
    [[noreturn]] void throwUnavailable(const Call& call, const HttpFault& cause);

    GatewayOptions _options;
    carillon::RunContext& _context;
    std::string _name;
    std::unique_ptr<HttpSession> _session{};
    bool _toldSurroundings = false;
};

}  // namespace passerelle
