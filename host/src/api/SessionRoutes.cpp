#include "api/SessionRoutes.h"

#include "base/JsonValue.h"
#include "base/JsonWriter.h"

namespace carillon {
namespace {

constexpr const char* kPath = "/api/v1/session";

HttpResponse sessionAnswer(const Principal& who, const std::string& csrf) {
    JsonWriter json;
    json.beginObject().member("name", who.name).member("kind", kindName(who.kind)).member("role", roleName(who.role));
    if (!csrf.empty()) json.member("csrf", csrf);
    HttpResponse answer;
    answer.body = json.endObject().takeLine();
    return answer;
}

HttpResponse signIn(ApiContext& context, WebAccess& access, const HttpRequest& request) {
    Credentials given;
    try {
        const auto json = JsonValue::parse(request.body);
        given = {json["user"].text(), json["password"].text()};
    } catch (const Poco::DataFormatException&) {
        return problem(400, "", "expected {\"user\":\"…\",\"password\":\"…\"}");
    }
    const SignedIn signedIn = signIn(context, access, request, given);
    return sessionAnswer(signedIn.who, signedIn.session.csrf)
        .with("Set-Cookie", WebAccess::cookieOf(request, signedIn.session.id));
}

HttpResponse signOut(WebAccess& access, const HttpRequest& request) {
    access.sessions().close(request.cookie(std::string(WebAccess::kCookie)));
    HttpResponse answer;
    answer.status = 204;
    return answer.with("Set-Cookie", WebAccess::cookieOf(request, ""));
}

/// Costs some tenths of a second of a processor: few do it at once, and for nobody who has gone meanwhile.
std::optional<Principal> hash(ApiContext& context, WebAccess& access, const HttpRequest& request,
                              const Credentials& given, const SignInThrottle::Try& one) {
    const Turnstile::Break aside(context.turns);
    const Turnstile::Turn turn(access.hashing(one));
    if (turn.has() && !request.hasGone()) return access.accounts().authenticate(given.user, given.password);
    access.throttle().withdrawn(one);
    throw HttpRefusal(
        problem(503, "sign-in-crowded", "too many sign in at this moment; wait a little").with("Retry-After", "5"));
}

}  // namespace

SignedIn signIn(ApiContext& context, WebAccess& access, const HttpRequest& request, const Credentials& given) {
    // Else another site could sign somebody in as somebody else.
    if (!WebAccess::isSameOrigin(request))
        throw HttpRefusal(problem(403, "cross-site", "the request does not come from a page of this host"));
    const auto one = access.throttle().begin(given.user, throttledAddress(request.peer));
    if (one.wait.count() > 0)
        throw HttpRefusal(problem(429, "sign-in-throttled", "too many wrong passwords; wait a little")
                              .with("Retry-After", std::to_string(one.wait.count() / 1000 + 1)));
    auto who = hash(context, access, request, given, one);
    if (!who)
        throw HttpRefusal(
            problem(401, "wrong-password", "no such user, or another password").with("WWW-Authenticate", "Session"));
    access.throttle().succeeded(one);
    // Whoever planted or saw the old one has nothing of the new one.
    access.sessions().close(request.cookie(std::string(WebAccess::kCookie)));
    auto session = access.sessions().open(*who);
    return {std::move(*who), std::move(session)};
}

void addSessionRoutes(Router& router, ApiContext& context, WebAccess& access) {
    router.add("POST", kPath, Need::Nobody,
               [&context, &access](const WebCall& call) { return signIn(context, access, call.request); });
    router.add("GET", kPath, Need::Viewer, [](const WebCall& call) {
        if (call.caller.who) return sessionAnswer(*call.caller.who, call.caller.csrf);
        return sessionAnswer({"local", PrincipalKind::Program, Role::Viewer, {}, {}}, "");
    });
    // The cookie is SameSite=Strict: another site cannot send it.
    router.add("DELETE", kPath, Need::Nobody, [&access](const WebCall& call) { return signOut(access, call.request); });
}

}  // namespace carillon
