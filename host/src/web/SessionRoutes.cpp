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
    // Else another site could sign somebody in as somebody else.
    if (!WebAccess::isSameOrigin(request))
        return problem(403, "cross-site", "the request does not come from a page of this host");
    std::string user;
    std::string password;
    try {
        const auto json = JsonValue::parse(request.body);
        user = json["user"].text();
        password = json["password"].text();
    } catch (const Poco::DataFormatException&) {
        return problem(400, "", "expected {\"user\":\"…\",\"password\":\"…\"}");
    }
    const std::string address = request.peer.toString();
    if (const auto wait = access.throttle().begin(user, address); wait.count() > 0)
        return problem(429, "", "too many wrong passwords; wait a little")
            .with("Retry-After", std::to_string(wait.count() / 1000 + 1));
    const auto who = access.accounts().authenticate(user, password);
    if (!who) return problem(401, "", "no such user, or another password").with("WWW-Authenticate", "Session");
    access.throttle().succeeded(user, address);
    const auto made = access.sessions().open(*who);
    return sessionAnswer(*who, made.csrf).with("Set-Cookie", access.cookieOf(made.id));
}

HttpAnswer signOut(WebAccess& access, const HttpRequest& request) {
    access.sessions().close(request.cookie(std::string(WebAccess::kCookie)));
    HttpAnswer answer;
    answer.status = 204;
    return answer.with("Set-Cookie", access.cookieOf(""));
}

}  // namespace

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
