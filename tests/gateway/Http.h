#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "Poco/Exception.h"
#include "Poco/Net/HTTPServerRequest.h"

namespace testgateway {

inline constexpr std::string_view kJsonType = "application/json; charset=utf-8";
inline constexpr std::string_view kHtmlType = "text/html; charset=utf-8";

struct Reply {
    int status = 200;
    std::string body{};
    std::string contentType{kJsonType};
    std::vector<std::pair<std::string, std::string>> headers{};
};

/// {"success":false,"error":…,"message":…}
Reply errorReply(int status, std::string_view error, std::string_view message);
Reply wrongMethod(const std::string& allowed);

/// A request that is the caller's fault: answered with this status (code()) and message.
POCO_DECLARE_EXCEPTION(, BadRequest, Poco::RuntimeException)

/// The whole body; empty when the request announces none. Throws BadRequest (413) past the limit.
std::string readBody(Poco::Net::HTTPServerRequest& request, std::size_t limit);

}  // namespace testgateway
