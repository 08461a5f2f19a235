#include "api/HealthRoutes.h"

#include "http/Turnstile.h"

#include <memory>

namespace carillon {
namespace {

constexpr const char* kAlive = "/healthz";
constexpr const char* kReady = "/readyz";

HttpResponse readiness(HostActions& actions, const Caller& caller) {
    HostState state;
    try {
        state = actions.state();
    } catch (const Poco::IllegalStateException&) {
        state.phase = HostPhase::Draining;
    }
    if (state.phase == HostPhase::Ready) return plainText(200, "ready\n");
    std::string text = std::string(nameOf(state.phase)) + "\n";
    // Who may see some jobs only is not told of the others.
    if (caller.mayLook() && !caller.isLimited())
        for (const auto& problem : state.problems) text += problem.text + "\n";
    return plainText(503, text);
}

}  // namespace

void addHealthRoutes(Router& router, HostActions& actions) {
    router.add("GET", kAlive, Need::Nobody, [](const WebCall&) { return plainText(200, "ok\n"); });
    // The scheduler is asked by one at a time, however many ask.
    const auto turns = std::make_shared<Turnstile>(1);
    router.add("GET", kReady, Need::Nobody, [&actions, turns](const WebCall& call) {
        const Turnstile::Turn turn(*turns);
        return readiness(actions, call.caller);
    });
}

bool isProbe(const std::string& path) {
    return path == kAlive || path == kReady;
}

}  // namespace carillon
