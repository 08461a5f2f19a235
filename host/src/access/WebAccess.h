#pragma once

#include "access/AccessControl.h"
#include "access/Sessions.h"
#include "access/SignInThrottle.h"
#include "carillon/Clock.h"
#include "config/HttpConfig.h"
#include "http/HttpRequest.h"
#include "http/HttpResponse.h"
#include "http/Turnstile.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// What a route needs of who asks.
enum class Need {
    Nobody,    ///< Answers all.
    Viewer,    ///< Somebody who may look at some jobs.
    Operator,  ///< Somebody who may act on some jobs, and no page of another site behind their back.
};

/// Who asks.
struct Caller {
    std::optional<Principal> who{};
    /// Nobody is configured, and the request comes from this machine itself: may look at everything.
    bool isLocalReader = false;
    std::string csrf{};                     ///< Of the session; empty: there is none.
    std::string session{};                  ///< Its id; empty: there is none.
    std::optional<HttpResponse> refusal{};  ///< Of a token that is wrong.

    /// Who may see some jobs only: is not told of others.
    bool isLimited() const { return who && !who->jobs.empty(); }
    bool mayLook() const { return who.has_value() || isLocalReader; }
    bool mayView(const std::string& job) const { return who ? who->mayView(job) : isLocalReader; }
    bool mayOperate(const std::string& job) const { return who && who->mayOperate(job); }
    /// Not who merely is on this machine: what concerns people is for somebody who is known.
    bool mayReadPeople(const std::string& job) const { return who && who->mayReadPeople(job); }
};

/// Says who asks, and whether they may. A bearer token (`Authorization: Bearer carillon_…`) or the cookie of a session.
/// While nobody is configured, who is on this machine may look, and nobody may act; what comes through a proxy, by one
/// of http.names, or to a host that has such names at all, is not of this machine. Any thread; borrows the clock.
class WebAccess {
public:
    static constexpr std::string_view kCookie = "carillon_session";
    /// Tries that wait for each of the two that are hashed: some seconds' worth.
    static constexpr std::size_t kHashQueue = 8;

    WebAccess(const HttpConfig& config, const std::string& hostName, const std::string& usersFile, const Clock& clock);

    Caller identify(const HttpRequest& request);

    /// 401, 403 or 429; none: go on. Of an act by a session also when the request may be another site's: it needs the
    /// session's CSRF token, in the header X-CSRF-Token or the field csrf of a form, and an Origin or Sec-Fetch-Site
    /// that says that our own page sent it.
    std::optional<HttpResponse> refuse(const Caller& caller, Need need, const HttpRequest& request);

    /// Whether they are still who they were when they were identified, and signed in if they were: for an answer that
    /// goes on for long. Does not keep their session from growing old.
    bool stillStands(const Caller& caller);

    /// 421 when the host listens on this machine alone and the request names another one: a page elsewhere that made
    /// its name mean this machine (DNS rebinding).
    std::optional<HttpResponse> refuseHost(const HttpRequest& request) const;

    /// Whether a browser may keep in mind that the name which the request names is to be reached by TLS alone: not one
    /// that every machine gives itself, by which other servers are reached as well.
    static bool takesTlsOnly(const HttpRequest& request) { return !namesLoopback(request); }

    /// Whether a page of ours sent the request. Without Origin and Sec-Fetch-Site: no.
    static bool isSameOrigin(const HttpRequest& request);

    /// The value of Set-Cookie that begins a session; with an empty id: that ends it.
    static std::string cookieOf(const HttpRequest& request, const std::string& sessionId);

    AccessControl& accounts() { return _accounts; }
    Sessions& sessions() { return _sessions; }
    SignInThrottle& throttle() { return _throttle; }
    /// Where a try with a password waits until it is hashed: two at once at most, one of which is of those whose name
    /// and address are known, so that no crowd of strangers keeps them out.
    Turnstile& hashing(const SignInThrottle::Try& one) { return one.isKnown ? _hashingKnown : _hashingStrangers; }

private:
    bool isOfThisMachine(const HttpRequest& request) const;
    bool namesThisMachine(const HttpRequest& request) const;
    static bool namesLoopback(const HttpRequest& request);
    Caller identifyToken(const HttpRequest& request, const std::string& authorization);
    HttpResponse refuseUnknown();

    const HttpConfig _config;
    const std::string _hostName;
    AccessControl _accounts;
    Sessions _sessions;
    SignInThrottle _throttle;       // of passwords
    SignInThrottle _tokenThrottle;  // apart: a program with an old token keeps nobody from signing in
    Turnstile _hashingKnown{1, kHashQueue};
    Turnstile _hashingStrangers{1, kHashQueue};
};

}  // namespace carillon
