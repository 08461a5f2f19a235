#pragma once

#include "Gateway.h"
#include "GatewayTls.h"

#include "carillon/RunContext.h"

#include "Poco/JSON/Object.h"
#include "Poco/Net/HTTPClientSession.h"
#include "Poco/Net/HTTPResponse.h"
#include "Poco/URI.h"

#include <chrono>
#include <memory>
#include <string>

namespace passerelle {

enum class Dialect : std::uint8_t { Path, Query };

struct GatewayOptions {
    std::string url{};  ///< Base address, with or without a trailing slash.
    std::string key{};
    Dialect dialect = Dialect::Path;
    std::chrono::milliseconds timeout{30'000};  ///< Of connecting, and of each wait for bytes.
    TlsFiles tls{};
    bool waits = true;  ///< As long as the gateway asks for; false: its wish is an error.
};

/// The gateway over HTTP or HTTPS, one kept connection. Certificates are verified, the host's name included, also on
/// loopback. Each call is idempotent, so one on a connection that the other side had closed in the meantime is repeated
/// once. A gateway that has moved is followed on the same host, and from http to https there: the key goes nowhere
/// else. One that asks to be left alone for a while (429 or 503 with Retry-After) is asked again then, if the run may
/// last so long.
class GatewayClient final : public Gateway {
public:
    /// Borrows the context. Throws GatewayRefused when the address or the key cannot be used.
    GatewayClient(GatewayOptions options, carillon::RunContext& context);

    void readPending(const BodyReader& read) override;
    void acknowledge(std::span<const std::int64_t> ids) override;
    GatewayHealth health() override;
    GatewayStats stats() override;
    const std::string& address() const override { return _address; }

private:
    struct Call {
        std::string name{};  ///< As in the protocol: pending-validations, sync-completed, stats, health.
        bool post = false;
        std::string body{};
    };

    std::string pathOf(const Call& call) const;
    std::string apiPathOf(const Call& call) const;
    std::unique_ptr<Poco::Net::HTTPClientSession> connect();
    std::istream& obtain(const Call& call, Poco::Net::HTTPResponse& response);
    std::istream& exchange(const Call& call, Poco::Net::HTTPResponse& response);
    int perform(const Call& call, const BodyReader& read);
    Poco::JSON::Object::Ptr performForObject(const Call& call, int* status = nullptr);
    bool follow(const Call& call, const Poco::Net::HTTPResponse& response);
    bool waitAsAsked(const Call& call, const Poco::Net::HTTPResponse& response);
    std::string adviceOnRedirect(const Call& call, const Poco::Net::HTTPResponse& response) const;
    void requireSuccess(const Call& call, const Poco::Net::HTTPResponse& response, std::istream& body) const;
    void logAnswer(const Call& call, const Poco::Net::HTTPResponse& response,
                   std::chrono::steady_clock::time_point started) const;
    [[noreturn]] void throwUnavailable(const Call& call, const Poco::Exception& cause);

    GatewayOptions _options;
    carillon::RunContext& _context;
    Poco::URI _uri;
    std::string _address;
    std::unique_ptr<GatewayTls> _tls;  // null before the first connection that needs it
    std::unique_ptr<Poco::Net::HTTPClientSession> _session;
    bool _reused = false;  // the session has carried an answer before
};

}  // namespace passerelle
