#pragma once

#include "Poco/Net/IPAddress.h"
#include "Poco/Net/NameValueCollection.h"

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

}  // namespace carillon
