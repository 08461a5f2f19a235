#include "web/SessionRoutes.h"

#include "runner/JsonValue.h"
#include "runner/JsonWriter.h"

namespace carillon {
namespace {

constexpr const char* kPath = "/api/v1/session";

HttpAnswer sessionAnswer(const Principal& who, const std::string& csrf) {
    JsonWriter json;
    json.beginObject().member("name", who.name).member("kind", kindName(who.kind)).member("role", roleName(who.role));
    if (!csrf.empty()) json.member("csrf", csrf);
    HttpAnswer answer;
    answer.body = json.endObject().takeLine();
    return answer;
}

HttpAnswer signIn(WebAccess& access, const HttpRequest& request) {
    std::string user;
    std::string password;
    try {
        const auto json = JsonValue::parse(request.body);
        user = json["user"].text();
        password = json["password"].text();
    } catch (const Poco::DataFormatException&) {
        return problem(400, "", "expected {\"user\":\"…\",\"password\":\"…\"}");
    }
    const SignedIn signedIn = signIn(access, request, user, password);
    return sessionAnswer(signedIn.who, signedIn.session.csrf).with("Set-Cookie", access.cookieOf(signedIn.session.id));
}

HttpAnswer signOut(WebAccess& access, const HttpRequest& request) {
    access.sessions().close(request.cookie(std::string(WebAccess::kCookie)));
    HttpAnswer answer;
    answer.status = 204;
    return answer.with("Set-Cookie", access.cookieOf(""));
}

}  // namespace

SignedIn signIn(WebAccess& access, const HttpRequest& request, const std::string& user, const std::string& password) {
    // Else another site could sign somebody in as somebody else.
    if (!WebAccess::isSameOrigin(request))
        throw HttpRefusal(problem(403, "cross-site", "the request does not come from a page of this host"));
    const std::string address = request.peer.toString();
    if (const auto wait = access.throttle().begin(user, address); wait.count() > 0)
        throw HttpRefusal(problem(429, "sign-in-throttled", "too many wrong passwords; wait a little")
                              .with("Retry-After", std::to_string(wait.count() / 1000 + 1)));
    auto who = access.accounts().authenticate(user, password);
    if (!who)
        throw HttpRefusal(
            problem(401, "wrong-password", "no such user, or another password").with("WWW-Authenticate", "Session"));
    access.throttle().succeeded(user, address);
    auto session = access.sessions().open(*who);
    return {std::move(*who), std::move(session)};
}

void addSessionRoutes(Router& router, WebAccess& access) {
    router.add("POST", kPath, Need::Nobody, [&access](const WebCall& call) { return signIn(access, call.request); });
    router.add("GET", kPath, Need::Viewer, [](const WebCall& call) {
        if (call.asker.who) return sessionAnswer(*call.asker.who, call.asker.csrf);
        return sessionAnswer({"local", PrincipalKind::Program, Role::Viewer, {}, {}}, "");
    });
    // The cookie is SameSite=Strict: another site cannot send it.
    router.add("DELETE", kPath, Need::Nobody, [&access](const WebCall& call) { return signOut(access, call.request); });
}

}  // namespace carillon
