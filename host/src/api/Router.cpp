#include "api/Router.h"

#include "words/HostTexts.h"

#include "Poco/Exception.h"
#include "Poco/URI.h"

namespace carillon {
namespace {

bool isArgument(const std::string& part) {
    return part.starts_with('{');
}

std::vector<std::string> split(const std::string& path) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at != std::string::npos;) {
        const auto end = path.find('/', at + 1);
        parts.push_back(path.substr(at + 1, end == std::string::npos ? end : end - at - 1));
        at = end;
    }
    return parts;
}

std::string decodedPart(const std::string& part) {
    std::string text;
    try {
        Poco::URI::decode(part, text);
    } catch (const Poco::Exception&) {
        throw HttpRefusal(problem(400, "", sayHost("request.percent")));
    }
    return text;
}

}  // namespace

const std::string& WebCall::argument(std::string_view name) const {
    for (const auto& [key, value] : arguments)
        if (key == name) return value;
    throw Poco::LogicException("the route has no argument " + std::string(name));
}

void Router::add(std::string method, const std::string& pattern, Need need, Handler handler) {
    _routes.push_back({std::move(method), pattern, split(pattern), need, std::move(handler)});
}

HttpResponse Router::answer(const HttpRequest& request) const {
    if (auto refusal = _access.refuseHost(request)) return *refusal;
    const std::string& method = request.method == "HEAD" ? std::string("GET") : request.method;
    const auto parts = split(request.path);
    std::string allowed;
    try {
        for (const auto& route : _routes) {
            if (!matches(route, parts)) continue;
            if (route.method == method) return call(route, request, parts);
            allowed += (allowed.empty() ? "" : ", ") + route.method + (route.method == "GET" ? ", HEAD" : "");
        }
    } catch (const HttpRefusal& refusal) {
        return refusal.answer();
    }
    if (allowed.empty()) return problem(404, "", sayHost("request.nothing", {{"path", request.path}}));
    return problem(405, "", sayHost("request.method", {{"path", request.path}, {"allowed", allowed}}))
        .with("Allow", allowed);
}

std::vector<std::string> Router::routes() const {
    std::vector<std::string> names;
    for (const auto& route : _routes) names.push_back(route.method + ' ' + route.pattern);
    return names;
}

bool Router::matches(const Route& route, const std::vector<std::string>& parts) {
    if (route.parts.size() != parts.size()) return false;
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (isArgument(route.parts[i]) ? parts[i].empty() : route.parts[i] != parts[i]) return false;
    return true;
}

HttpResponse Router::call(const Route& route, const HttpRequest& request, const std::vector<std::string>& parts) const {
    const Caller caller = _access.identify(request);
    WebCall call{request, caller, {}};
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (const auto& name = route.parts[i]; isArgument(name))
            call.arguments.emplace_back(std::string_view(name).substr(1, name.size() - 2), decodedPart(parts[i]));
    HttpResponse answer = answerOf(route, call);
    const bool isAct = route.need == Need::Operator && answer.status == 403;
    if (_refused && (isAct || caller.refusal)) _refused(call, route.pattern, answer);
    return answer;
}

HttpResponse Router::answerOf(const Route& route, const WebCall& call) const {
    if (auto refusal = _access.refuse(call.caller, route.need, call.request)) return *refusal;
    try {
        return route.handler(call);
    } catch (const HttpRefusal& refusal) {
        return refusal.answer();
    }
}

}  // namespace carillon
