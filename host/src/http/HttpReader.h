#pragma once

#include "http/HttpRequest.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace carillon {

/// Makes requests of the bytes of one connection. Strict: what two readers could understand in two ways is refused,
/// and so is a body without its length. One thread.
class HttpReader {
public:
    /// Puts bytes into the buffer and returns how many; 0 and below: the client has ended or is cut off.
    using Receive = std::function<int(char* buffer, int size)>;
    using Send = std::function<void(const std::string& bytes)>;

    HttpReader(const HttpLimits& limits, Receive receive, Send send);

    /// Whether bytes of a request are here already.
    bool hasBytes() const { return !_bytes.empty(); }
    /// Waits for the first byte of a request. False: there will be none.
    bool waitForBytes() { return hasBytes() || receive(); }

    /// Nothing: the client ended. Throws HttpRefusal: the connection has to end with that answer.
    std::optional<HttpRequest> read();

private:
    bool receive();
    HttpRequest parseHead(const std::string& head) const;
    void parseLine(const std::string& line, HttpRequest& request) const;
    std::size_t bodySize(const HttpRequest& request) const;

    const HttpLimits& _limits;
    Receive _receive;
    Send _send;
    std::string _bytes{};
};

}  // namespace carillon
