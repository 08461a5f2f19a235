#include "http/HttpRequest.h"

#include "Poco/Exception.h"
#include "Poco/StringTokenizer.h"
#include "Poco/URI.h"

#include <algorithm>

namespace carillon {

std::string HttpRequest::cookie(const std::string& name) const {
    const Poco::StringTokenizer cookies(header("Cookie"), ";", Poco::StringTokenizer::TOK_TRIM);
    for (const auto& cookie : cookies)
        if (cookie.size() > name.size() && cookie.starts_with(name) && cookie[name.size()] == '=')
            return cookie.substr(name.size() + 1);
    return "";
}

Poco::Net::NameValueCollection HttpRequest::form() const {
    if (!header("Content-Type").starts_with("application/x-www-form-urlencoded")) return {};
    return parseQuery(body);
}

namespace {

/// A form's blanks come as plus signs, which Poco decodes after a question mark only.
std::string decoded(std::string text) {
    std::replace(text.begin(), text.end(), '+', ' ');
    std::string plain;
    Poco::URI::decode(text, plain);
    return plain;
}

}  // namespace

Poco::Net::NameValueCollection parseQuery(const std::string& text) {
    Poco::Net::NameValueCollection values;
    const Poco::StringTokenizer pairs(text, "&", Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    for (const auto& pair : pairs) {
        const auto equals = pair.find('=');
        try {
            values.add(decoded(pair.substr(0, equals)),
                       equals == std::string::npos ? "" : decoded(pair.substr(equals + 1)));
        } catch (const Poco::Exception&) {  // a % without its digits
        }
    }
    return values;
}

}  // namespace carillon
