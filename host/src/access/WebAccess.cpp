#include "access/WebAccess.h"

#include "access/Secrets.h"
#include "words/HostTexts.h"

#include "Poco/String.h"

#include <algorithm>

namespace carillon {
namespace {

constexpr std::string_view kBearer = "Bearer ";

HttpResponse unauthorized(const Message& detail) {
    return problem(401, "", detail).with("WWW-Authenticate", "Bearer realm=\"carillon\"");
}

/// The name in a header Host, without its port.
std::string nameOf(const std::string& host) {
    if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
    return host.substr(0, host.rfind(':'));
}

}  // namespace

WebAccess::WebAccess(const HttpConfig& config, const std::string& hostName, const std::string& usersFile,
                     const Clock& clock)
    : _config(config),
      _hostName(hostName),
      _accounts(usersFile, clock),
      _sessions(_accounts, clock),
      _throttle(clock),
      _tokenThrottle(clock) {}

Caller WebAccess::identify(const HttpRequest& request) {
    Caller caller;
    if (_accounts.isEmpty()) {
        caller.isLocalReader = isOfThisMachine(request);
        return caller;
    }
    if (const std::string& authorization = request.header("Authorization"); !authorization.empty())
        return identifyToken(request, authorization);
    const std::string id = request.cookie(std::string(kCookie));
    if (id.empty()) return caller;
    if (const auto session = _sessions.find(id)) {
        caller.who = session->principal;
        caller.csrf = session->csrf;
        caller.session = id;
    }
    return caller;
}

// A right token is not throttled: behind a proxy, or on one machine, a wrong one of somebody else would lock it out,
// and nobody guesses 256 bits.
Caller WebAccess::identifyToken(const HttpRequest& request, const std::string& authorization) {
    Caller caller;
    if (Poco::icompare(authorization.substr(0, kBearer.size()), std::string(kBearer)) == 0)
        caller.who = _accounts.authenticateToken(Poco::trim(authorization.substr(kBearer.size())));
    if (caller.who) return caller;
    const auto wait = _tokenThrottle.begin("", throttledAddress(request.peer)).wait;
    if (wait.count() > 0)
        caller.refusal = problem(429, "", sayHost("request.wrongtokens"))
                             .with("Retry-After", std::to_string(wait.count() / 1000 + 1));
    else
        caller.refusal = unauthorized(sayHost("request.wrongtoken"));
    return caller;
}

std::optional<HttpResponse> WebAccess::refuse(const Caller& caller, Need need, const HttpRequest& request) {
    if (need == Need::Nobody) return std::nullopt;
    if (caller.refusal) return caller.refusal;
    if (!caller.who && !(caller.isLocalReader && need == Need::Viewer)) return refuseUnknown();
    if (need == Need::Viewer) return std::nullopt;
    if (caller.who->role != Role::Operator)
        return problem(403, "", sayHost("request.maylook", {{"who", caller.who->name}}));
    if (caller.csrf.empty()) return std::nullopt;
    if (!isSameOrigin(request)) return problem(403, "cross-site", sayHost("request.crosssite"));
    const std::string& header = request.header("X-CSRF-Token");
    if (!sameSecret(header.empty() ? request.formField("csrf") : header, caller.csrf))
        return problem(403, "cross-site", sayHost("request.nocsrf"));
    return std::nullopt;
}

HttpResponse WebAccess::refuseUnknown() {
    if (_accounts.isEmpty()) return problem(403, "no-users", sayHost("request.nousers"));
    if (!_accounts.fault().empty()) return problem(503, "users-faulty", sayHost("request.faultyusers"));
    return unauthorized(sayHost("request.signin"));
}

bool WebAccess::stillStands(const Caller& caller) {
    if (caller.isLocalReader) return _accounts.isEmpty();
    if (!caller.session.empty()) return _sessions.isOpen(caller.session);
    return caller.who && _accounts.standingOf(*caller.who) == AccessControl::Standing::Current;
}

// A proxy in front of the host sends what it is asked by everybody from this machine's own address, and a name of its
// own is given to a host that others reach.
bool WebAccess::isOfThisMachine(const HttpRequest& request) const {
    return request.peer.isLoopback() && !request.isForwarded && _config.names.empty() && namesThisMachine(request);
}

bool WebAccess::namesThisMachine(const HttpRequest& request) const {
    return namesLoopback(request) || Poco::icompare(nameOf(request.header("Host")), _hostName) == 0;
}

bool WebAccess::namesLoopback(const HttpRequest& request) {
    const std::string& given = request.header("Host");
    if (given.empty()) return true;  // HTTP/1.0: no browser
    const std::string name = nameOf(given);
    Poco::Net::IPAddress address;
    return Poco::icompare(name, "localhost") == 0 ||
           (Poco::Net::IPAddress::tryParse(name, address) && address.isLoopback());
}

std::optional<HttpResponse> WebAccess::refuseHost(const HttpRequest& request) const {
    if (!_config.isLoopback() || namesThisMachine(request)) return std::nullopt;
    const std::string name = Poco::toLower(nameOf(request.header("Host")));
    const auto isName = [&name](const std::string& known) { return Poco::icompare(known, name) == 0; };
    if (std::any_of(_config.names.begin(), _config.names.end(), isName)) return std::nullopt;
    return problem(421, "", sayHost("request.wronghost", {{"name", name}}));
}

bool WebAccess::isSameOrigin(const HttpRequest& request) {
    const std::string& site = request.header("Sec-Fetch-Site");
    if (!site.empty() && site != "same-origin") return false;
    const std::string& origin = request.header("Origin");
    if (origin.empty()) return !site.empty();
    const auto host = origin.find("://");
    if (host == std::string::npos || Poco::icompare(origin.substr(host + 3), request.header("Host")) != 0) return false;
    // Without TLS here it may be that of a proxy in front; with it, a page without is another's, who is on the way.
    return !request.secure || Poco::icompare(origin.substr(0, host), "https") == 0;
}

std::string WebAccess::cookieOf(const HttpRequest& request, const std::string& sessionId) {
    return std::string(kCookie) + "=" + sessionId + "; Path=/; HttpOnly; SameSite=Strict" +
           (request.secure ? "; Secure" : "") + (sessionId.empty() ? "; Max-Age=0" : "");
}

}  // namespace carillon
