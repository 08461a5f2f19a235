#pragma once

#include "Texts.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace passerelle {

/// The gateway cannot be reached or cannot answer now: connection, time-out, 5xx, 429. To be tried again later.
class GatewayUnavailable : public carillon::Failure {
public:
    explicit GatewayUnavailable(Message said, std::optional<std::chrono::seconds> retryAfter = {})
        : Failure(std::move(said)), _retryAfter(retryAfter) {}
    const char* name() const noexcept override { return "Gateway unavailable"; }
    Poco::Exception* clone() const override { return new GatewayUnavailable(*this); }
    void rethrow() const override { throw *this; }

    /// What it asks us to wait; nothing: it does not say.
    std::optional<std::chrono::seconds> retryAfter() const { return _retryAfter; }

private:
    std::optional<std::chrono::seconds> _retryAfter;
};

/// The gateway refuses what we ask: wrong key, wrong address. A person has to mend it.
class GatewayRefused : public carillon::Failure {
public:
    /// `mayPass`: a server that is being worked at says the same for a while, as of an address that it does not know.
    explicit GatewayRefused(Message said, bool mayPass = false) : Failure(std::move(said)), _mayPass(mayPass) {}
    const char* name() const noexcept override { return "Gateway refused"; }
    Poco::Exception* clone() const override { return new GatewayRefused(*this); }
    void rethrow() const override { throw *this; }

    bool mayPass() const { return _mayPass; }

private:
    bool _mayPass;
};

struct GatewayStats {
    std::int64_t pending = 0;
    std::int64_t synced = 0;
    std::int64_t total = 0;
};

struct GatewayHealth {
    int status = 0;  ///< HTTP
    std::chrono::milliseconds responseTime{0};
    std::string message{};  ///< What it says of itself; may be empty, as the version.
    std::string version{};
    std::optional<std::chrono::seconds> skew{};  ///< How far its clock is ahead of ours; none: it does not tell.
};

/// The gateway as the synchronisation sees it. One thread. Every function throws GatewayUnavailable, GatewayRefused or
/// MalformedAnswer, each with one sentence that names the address.
/// Source: gateway protocol.
class Gateway {
public:
    /// The protocol lets a call acknowledge this many ids.
    static constexpr std::size_t kMaxAcknowledged = 500;

    /// Takes the body of an answer while it arrives, with its Content-Length or -1.
    using BodyReader = std::function<void(std::istream&, std::int64_t)>;

    virtual ~Gateway() = default;
    virtual void readPending(const BodyReader& read) = 0;
    /// 1 to kMaxAcknowledged ids. Returning means that the gateway confirmed. Idempotent.
    virtual void acknowledge(std::span<const std::int64_t> ids) = 0;
    virtual GatewayHealth health() = 0;
    virtual GatewayStats stats() = 0;
    /// Names this gateway in the inbox: its base address without the key.
    virtual const std::string& address() const = 0;
};

}  // namespace passerelle
