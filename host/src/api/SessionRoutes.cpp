#include "api/SessionRoutes.h"

#include "api/WebActs.h"
#include "base/JsonValue.h"
#include "base/JsonWriter.h"
#include "words/HostTexts.h"

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
        return problem(400, "", sayHost("request.expected", {{"form", R"({"user":"…","password":"…"})"}}));
    }
    const SignedIn signedIn = signIn(context, access, request, given);
    return sessionAnswer(signedIn.who, signedIn.session.csrf)
        .with("Set-Cookie", WebAccess::cookieOf(request, signedIn.session.id));
}

HttpResponse answerSignOut(ApiContext& context, WebAccess& access, const HttpRequest& request) {
    signOut(context, access, request);
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
    throw HttpRefusal(problem(503, "sign-in-crowded", sayHost("request.crowded")).with("Retry-After", "5"));
}

/// What is no name of anybody's here may be a password that was typed in the wrong place: it is not kept.
void record(ApiContext& context, WebAccess& access, const HttpRequest& request, const Credentials& given,
            const std::string& whyNot) {
    Activity activity;
    activity.actor = actorOf(request, {});
    activity.what = Act::SignIn;
    if (whyNot.empty()) {
        activity.actor.kind = ActorKind::User;
        activity.actor.name = given.user;
    } else {
        activity.outcome = ActOutcome::Refused;
        activity.reason = whyNot;
        if (access.accounts().hasPerson(given.user)) activity.subject = given.user;
    }
    context.activity.record(std::move(activity));
}

}  // namespace

SignedIn signIn(ApiContext& context, WebAccess& access, const HttpRequest& request, const Credentials& given) {
    // Else another site could sign somebody in as somebody else.
    if (!WebAccess::isSameOrigin(request)) throw HttpRefusal(problem(403, "cross-site", sayHost("request.crosssite")));
    const auto one = access.throttle().begin(given.user, throttledAddress(request.peer));
    if (one.wait.count() > 0) {
        record(context, access, request, given, "too many wrong passwords");
        throw HttpRefusal(problem(429, "sign-in-throttled", sayHost("request.throttled"))
                              .with("Retry-After", std::to_string(one.wait.count() / 1000 + 1)));
    }
    auto who = hash(context, access, request, given, one);
    if (!who) {
        record(context, access, request, given, "wrong user or password");
        throw HttpRefusal(
            problem(401, "wrong-password", sayHost("request.password")).with("WWW-Authenticate", "Session"));
    }
    access.throttle().succeeded(one);
    record(context, access, request, given, "");
    // Whoever planted or saw the old one has nothing of the new one.
    access.sessions().close(request.cookie(std::string(WebAccess::kCookie)));
    auto session = access.sessions().open(*who);
    return {std::move(*who), std::move(session)};
}

void signOut(ApiContext& context, WebAccess& access, const HttpRequest& request) {
    const std::string id = request.cookie(std::string(WebAccess::kCookie));
    if (const auto session = access.sessions().find(id)) {
        Activity activity;
        activity.actor = actorOf(request, Caller{session->principal});
        activity.what = Act::SignOut;
        context.activity.record(std::move(activity));
    }
    access.sessions().close(id);
}

void addSessionRoutes(Router& router, ApiContext& context, WebAccess& access) {
    router.add("POST", kPath, Need::Nobody,
               [&context, &access](const WebCall& call) { return signIn(context, access, call.request); });
    router.add("GET", kPath, Need::Viewer, [](const WebCall& call) {
        if (call.caller.who) return sessionAnswer(*call.caller.who, call.caller.csrf);
        return sessionAnswer({"local", PrincipalKind::Program, Role::Viewer, {}, {}}, "");
    });
    // The cookie is SameSite=Strict: another site cannot send it.
    router.add("DELETE", kPath, Need::Nobody,
               [&context, &access](const WebCall& call) { return answerSignOut(context, access, call.request); });
}

}  // namespace carillon
