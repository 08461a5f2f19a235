#pragma once

#include "Poco/Net/IPAddress.h"
#include "Poco/Net/NameValueCollection.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace carillon {

/// One request, read whole: no handler waits for a client. Plain data.
struct HttpRequest {
    std::string method{};                    ///< As sent: GET, POST, …
    std::string path{};                      ///< As sent, without the query: parts of it are still percent-encoded.
    Poco::Net::NameValueCollection query{};  ///< Decoded; of a name that is given twice the first one counts.
    Poco::Net::NameValueCollection headers{};
    std::string body{};
    Poco::Net::IPAddress peer{};  ///< Whose request it is: see Forwarding.
    bool secure = false;          ///< It came over TLS, to this host or to a proxy that is trusted.
    bool isHttp11 = true;         ///< Else it is HTTP/1.0.
    bool isForwarded = false;     ///< It came through a proxy, whosever that is.
    bool keepAlive = false;
    std::function<bool()> isAbandoned{};  ///< See hasGone(); only while the connection lives.

    /// Whether nobody waits for the answer any more.
    bool hasGone() const { return isAbandoned && isAbandoned(); }

    /// Empty: there is no such header.
    const std::string& header(const std::string& name) const {
        static const std::string kNone;
        return headers.get(name, kNone);
    }
    /// A value of the header Cookie; empty: there is none.
    std::string cookie(const std::string& name) const;
    /// The fields of a form that was posted; none of any other body.
    Poco::Net::NameValueCollection form() const;
    /// One of these, or empty.
    std::string formField(const std::string& name) const { return form().get(name, ""); }
};

/// `a=1&b=2`, with %XX and +, into names and values. What cannot be decoded is left out.
Poco::Net::NameValueCollection parseQuery(const std::string& text);

/// What a client may take of the host.
struct HttpLimits {
    std::size_t head = 16 * 1024;   ///< Bytes of the request's line and headers.
    std::size_t target = 4 * 1024;  ///< Bytes of the path with its query.
    std::size_t fields = 100;
    std::size_t body = 64 * 1024;
    std::chrono::milliseconds arrival =
        std::chrono::seconds(10);                               ///< Of a whole request, however it drips, TLS included.
    std::chrono::milliseconds idle = std::chrono::seconds(15);  ///< Between two requests.
    std::chrono::milliseconds departure = std::chrono::seconds(30);  ///< Of a whole answer, or a piece of a stream.
    int requests = 1'000;                                            ///< Of one connection.
    int connections = 512;  ///< Threads; one more connection ends the one that keeps its thread waiting the longest.
    int queue = 4'096;  ///< Connections that wait for a thread, as far as there are descriptors; one more is closed.
    int streams = 256;  ///< Answers without an end, at once: fewer than threads, so that others are answered too.
};

}  // namespace carillon
