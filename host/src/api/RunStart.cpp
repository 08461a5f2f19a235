#include "api/RunStart.h"

#include "api/PendingRun.h"

namespace carillon {
namespace {

/// Threads that wait for a run to begin: a quarter of all.
constexpr int kMostWaiting = 64;
constexpr std::size_t kLongestKey = 200;

std::string begin(ApiContext& context, RunRequest ask) {
    const ApiPlace place(context.waiting, kMostWaiting);
    const auto pending = std::make_shared<PendingRun>();
    pending->connect(ask);
    const auto patience = ask.wait ? PendingRun::kQueued : PendingRun::kAtOnce;
    context.host.ask(std::move(ask));
    if (auto refusal = pending->wait(patience)) throw HttpRefusal(*refusal);
    return pending->run();
}

/// The key, made one of this caller, job and act; empty: none was given.
std::string keyOf(const RunOnce& once, const RunRequest& ask) {
    if (once.key.size() > kLongestKey)
        throw HttpRefusal(problem(400, "", "Idempotency-Key is longer than 200 characters"));
    if (once.key.empty()) return "";
    const bool isReplay = ask.verb == WorkerRequest::Verb::Replay;
    return once.caller + '\n' + ask.job + (isReplay ? "\nreplay\n" : "\nrun\n") + once.key;
}

}  // namespace

std::string beginRun(ApiContext& context, const RunOnce& once, const RunRequest& ask) {
    const std::string key = keyOf(once, ask);
    const Turnstile::Break aside(context.turns);
    if (key.empty()) return begin(context, ask);
    if (const auto run = context.keys.take(key, once.patience)) {
        if (!run->empty()) return *run;
        throw HttpRefusal(problem(409, "key-in-use", "another request with this Idempotency-Key is being answered"));
    }
    try {
        const std::string run = begin(context, ask);
        context.keys.settle(key, run);
        return run;
    } catch (...) {
        context.keys.release(key);
        throw;
    }
}

}  // namespace carillon
