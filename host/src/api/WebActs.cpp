#include "api/WebActs.h"

#include "base/JsonValue.h"
#include "words/HostTexts.h"

#include <optional>
#include <string_view>

namespace carillon {
namespace {

/// Which act a route of that pattern is; nothing: none that is recorded.
std::optional<Act> actOf(std::string_view pattern) {
    constexpr std::string_view kConfirmed = "/confirmed";
    if (pattern.ends_with(kConfirmed)) pattern.remove_suffix(kConfirmed.size());
    const auto act = enumOf<Act>(pattern.substr(pattern.rfind('/') + 1));
    if (!act || *act > Act::Dismiss) return std::nullopt;
    return act;
}

/// The one that the path names, if there is one that the caller may know of: what else they wrote is not kept.
std::string jobNamedIn(ApiContext& context, const WebCall& call) {
    for (const auto& [name, value] : call.arguments)
        if (name == "job" && call.caller.mayView(value) && context.host.configuration()->find(value)) return value;
    return "";
}

std::string detailOf(const HttpResponse& answer) {
    try {
        return JsonValue::parse(answer.body)["detail"].text();
    } catch (const Poco::DataFormatException&) {
        return "";
    }
}

}  // namespace

Actor actorOf(const HttpRequest& request, const Caller& caller) {
    Actor actor{ActorKind::Nobody, "", "", request.path.starts_with("/api/") ? ActVia::Api : ActVia::Page,
                request.peer.toString()};
    if (!caller.who) return actor;
    actor.kind = caller.who->kind == PrincipalKind::Person ? ActorKind::User : ActorKind::Token;
    actor.name = caller.who->name;
    return actor;
}

void recordRefusal(ApiContext& context, const WebCall& call, const std::string& pattern, const HttpResponse& answer) {
    Activity activity;
    activity.actor = actorOf(call);
    activity.outcome = ActOutcome::Refused;
    activity.reason = detailOf(answer);
    if (call.caller.refusal) {
        activity.actor.via = ActVia::Api;  // a token is no page's
        activity.what = Act::SignIn;
        activity.note = sayHost("act.token");
    } else {
        const auto act = actOf(pattern);
        if (!act || !call.caller.who) return;
        activity.what = *act;
        activity.job = jobNamedIn(context, call);
    }
    context.activity.record(std::move(activity));
}

}  // namespace carillon
