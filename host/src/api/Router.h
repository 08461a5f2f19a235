#pragma once

#include "access/WebAccess.h"
#include "http/HttpRequest.h"
#include "http/HttpResponse.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// What a handler is called with.
struct WebCall {
    const HttpRequest& request;
    const Caller& caller;
    std::vector<std::pair<std::string_view, std::string>> arguments{};  ///< By name; decoded.

    /// Of `{name}` in the route's pattern.
    const std::string& argument(std::string_view name) const;
};

/// Finds who answers a request, once it is known who asks. To add a page:
///     router.add("GET", "/jobs/{job}", Need::Nobody, [](const WebCall& call) { return HttpResponse{200, "text/html;
///     charset=utf-8", …}; });
/// `{name}` stands for one part of the path. GET serves HEAD as well. A path that no pattern takes is 404, and a method
/// that none of its routes has is 405. A route that needs Need::Viewer or Need::Operator answers others by itself, with
/// 401, 403 or a refused cross-site request (see WebAccess); which jobs somebody may see or act on is for the handler
/// to ask, by call.caller; a job that is not to be seen is one that does not exist. A page that has people sign in
/// takes Need::Nobody and looks at call.caller. A handler answers at once: it holds one of the server's threads; it may
/// throw HttpRefusal. Server-sent events: an answer with `stream`. Static files: give the answer its own Cache-Control.
/// Routes are added before the server starts; answer() is for any thread.
class Router {
public:
    using Handler = std::function<HttpResponse(const WebCall& call)>;

    /// Borrows the access.
    explicit Router(WebAccess& access) : _access(access) {}

    /// The first route that takes a request serves it.
    void add(std::string method, const std::string& pattern, Need need, Handler handler);

    /// Learns of each request that is refused for want of rights (403) at a route for operators, and of each with a
    /// wrong token, with the route's pattern.
    using Refused = std::function<void(const WebCall& call, const std::string& pattern, const HttpResponse& answer)>;
    void onRefused(Refused refused) { _refused = std::move(refused); }

    HttpResponse answer(const HttpRequest& request) const;

    /// `GET /api/v1/jobs/{job}`, in the order in which they were added.
    std::vector<std::string> routes() const;

private:
    struct Route {
        std::string method{};
        std::string pattern{};
        std::vector<std::string> parts{};
        Need need = Need::Operator;
        Handler handler{};
    };

    static bool matches(const Route& route, const std::vector<std::string>& parts);
    HttpResponse call(const Route& route, const HttpRequest& request, const std::vector<std::string>& parts) const;
    HttpResponse answerOf(const Route& route, const WebCall& call) const;

    WebAccess& _access;
    std::vector<Route> _routes{};
    Refused _refused{};
};

}  // namespace carillon
