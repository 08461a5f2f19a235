#pragma once

#include "HttpConnection.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace passerelle {

/// How a body is packed for the way.
enum class Packing : std::uint8_t { None, Gzip, Deflate };

/// What the head of an answer says, as far as it matters here.
struct HttpHead {
    int status = 0;
    bool isKept = false;     ///< The connection carries another request after this answer.
    bool isChunked = false;  ///< Wins over the length.
    std::optional<std::uint64_t> length{};
    Packing packing = Packing::None;
    std::string location{};
    std::string retryAfter{};
    std::string date{};

    /// How long the sender asks to wait: a number of seconds, or until a date. Nothing: it is neither.
    std::optional<std::chrono::seconds> pause() const;
    /// By the sender's clock; nothing: it does not say.
    std::optional<carillon::TimePoint> sentAt() const;
    bool hasBody() const { return status != 204 && status != 304; }
};

/// Reads the head of the final answer and passes over the interim ones (1xx) before it. Takes what can be understood:
/// bare line ends, no reason, no space after a colon, folded lines, lines of up to 64 KB in any number up to 16 MB.
/// Throws HttpFault that says what came instead.
HttpHead readHead(HttpConnection& connection);

}  // namespace passerelle
