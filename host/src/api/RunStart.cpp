#include "api/RunStart.h"

#include "api/WebActs.h"
#include "base/JsonWriter.h"
#include "http/HttpResponse.h"
#include "platform/ProcessFacts.h"
#include "schedule/TimeText.h"
#include "store/RunningElsewhere.h"
#include "words/HostTexts.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace carillon {
namespace {

/// A run that was asked for and has not begun. Any thread; the request keeps it alive.
class PendingRun : public std::enable_shared_from_this<PendingRun> {
public:
    /// How long to wait for a free worker, and for that and the end of the run in progress.
    static constexpr std::chrono::seconds kAtOnce{10};
    static constexpr std::chrono::seconds kQueued{60};

    /// Has the request answer here.
    void connect(RunRequest& request);

    /// Nothing: it has begun. Else why not; after the patience the request is withdrawn.
    std::optional<HttpResponse> wait(std::chrono::milliseconds patience);

    /// Once it has begun.
    const std::string& run() const { return _run; }

private:
    void settle(std::string run, std::optional<HttpResponse> refusal);

    std::shared_ptr<RunHandle> _handle{};
    std::mutex _mutex;  // of all below
    std::condition_variable _settled;
    bool _isSettled = false;
    std::string _run{};
    std::optional<HttpResponse> _refusal{};
};

HttpResponse busy(const std::string& job, const Holder& holder) {
    JsonWriter more;
    more.beginObject().member("run", holder.run).member("host", holder.host).member("since", toRfc3339(holder.since));
    const std::string members = more.endObject().text();
    return problem(
        409, "job-busy",
        sayHost("request.busy",
                {{"job", job}, {"run", holder.run}, {"host", holder.host}, {"since", dateTimeText(holder.since)}}),
        members.substr(1, members.size() - 2));
}

HttpResponse refused(const std::string& why, const std::vector<ConfigFault>& faults) {
    if (faults.empty()) return problem(503, "refused", why).with("Retry-After", "5");
    Message detail = why;
    for (const auto& fault : faults) detail += Message("\n") + fault.message();
    return problem(409, "job-faulty", detail);
}

void PendingRun::connect(RunRequest& request) {
    _handle = request.handle;
    const auto self = shared_from_this();
    request.onClaimed = [self](const RunIdentity& identity) { self->settle(identity.run, std::nullopt); };
    request.onBusy = [self, job = request.job](const Holder& holder) { self->settle("", busy(job, holder)); };
    request.onRefused = [self](const std::string& why, const std::vector<ConfigFault>& faults) {
        self->settle("", refused(why, faults));
    };
    request.onEnd = [](const RunResult&) {};
}

std::optional<HttpResponse> PendingRun::wait(std::chrono::milliseconds patience) {
    std::unique_lock lock(_mutex);
    if (_settled.wait_for(lock, patience, [this] { return _isSettled; })) return _refusal;
    // One that is claimed this moment is stopped before it begins, and the history says so.
    _handle->requestStop("nobody waits for it any more");
    return problem(503, "no-worker", sayHost("request.withdrawn")).with("Retry-After", "10");
}

void PendingRun::settle(std::string run, std::optional<HttpResponse> refusal) {
    {
        const std::lock_guard lock(_mutex);
        if (_isSettled) return;
        _isSettled = true;
        _run = std::move(run);
        _refusal = std::move(refusal);
    }
    _settled.notify_all();
}

/// Threads that wait for a run to begin: a quarter of all.
constexpr int kMostWaiting = 64;
constexpr std::size_t kLongestKey = 200;

std::string begin(ApiContext& context, RunRequest request) {
    const ApiPlace place(context.waiting, kMostWaiting);
    const auto pending = std::make_shared<PendingRun>();
    pending->connect(request);
    const auto patience = request.wait ? PendingRun::kQueued : PendingRun::kAtOnce;
    context.host.submit(std::move(request));
    if (auto refusal = pending->wait(patience)) throw HttpRefusal(*refusal);
    return pending->run();
}

/// The key, made one of this caller, job and act; empty: none was given.
std::string keyOf(const RunOnce& once, const RunRequest& request) {
    if (once.key.size() > kLongestKey) throw HttpRefusal(problem(400, "", sayHost("request.longkey")));
    if (once.key.empty()) return "";
    return once.caller + '\n' + request.job + '\n' + std::string(nameOf(request.verb)) + '\n' + once.key;
}

}  // namespace

std::string beginRun(ApiContext& context, const RunOnce& once, const RunRequest& request) {
    const std::string key = keyOf(once, request);
    const Turnstile::Break aside(context.turns);
    if (key.empty()) return begin(context, request);
    if (const auto run = context.keys.take(key, once.patience)) {
        if (!run->empty()) return *run;
        throw HttpRefusal(problem(409, "key-in-use", sayHost("request.keyinuse")));
    }
    try {
        const std::string run = begin(context, request);
        context.keys.settle(key, run);
        return run;
    } catch (...) {
        context.keys.release(key);
        throw;
    }
}

std::string jobOfRun(ApiContext& context, const WebCall& call) {
    const std::string& id = call.argument("run");
    const auto row = context.stores.with([&](RunStore& store) { return store.run(id); });
    if (!row || !call.caller.mayView(row->job))
        throw HttpRefusal(problem(404, "no-run", sayHost("request.norun", {{"run", id}})));
    return row->job;
}

std::string jobOfRunToActOn(ApiContext& context, const WebCall& call) {
    std::string job = jobOfRun(context, call);
    if (!call.caller.mayOperate(job))
        throw HttpRefusal(problem(403, "", sayHost("request.mayact", {{"who", call.caller.who->name}, {"job", job}})));
    return job;
}

StopResult stopRuns(ApiContext& context, const WebCall& call, const std::string& job, const std::string& run) {
    StopResult result = context.host.stop(run.empty() ? job : run, actorOf(call));
    if (!result.empty()) return result;
    throw HttpRefusal(problem(409, "not-running", context.stores.with([&](RunStore& store) {
        return describeUnstoppable(store, job, run, ownProcessNumber()).text;
    })));
}

}  // namespace carillon
