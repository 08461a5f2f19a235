#include "web/HealthRoutes.h"

namespace carillon {
namespace {

HttpAnswer readiness(HostActions& actions, const Asker& asker) {
    HostState state;
    try {
        state = actions.state();
    } catch (const Poco::IllegalStateException&) {
        state.state = "draining";
    }
    if (state.state == "ready") return plainText(200, "ready\n");
    std::string text = state.state + "\n";
    // Who may see some jobs only is not told of the others.
    if (asker.mayLook() && (!asker.who || asker.who->jobs.empty()))
        for (const auto& problem : state.problems) text += problem + "\n";
    return plainText(503, text);
}

}  // namespace

void addHealthRoutes(Router& router, HostActions& actions) {
    router.add("GET", "/healthz", Need::Nobody, [](const WebCall&) { return plainText(200, "ok\n"); });
    router.add("GET", "/readyz", Need::Nobody,
               [&actions](const WebCall& call) { return readiness(actions, call.asker); });
}

}  // namespace carillon
