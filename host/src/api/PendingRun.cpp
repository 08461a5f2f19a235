#include "api/PendingRun.h"

#include "base/JsonWriter.h"
#include "schedule/TimeText.h"

#include <utility>

namespace carillon {
namespace {

HttpResponse busy(const std::string& job, const Holder& holder) {
    JsonWriter more;
    more.beginObject().member("run", holder.run).member("host", holder.host).member("since", toRfc3339(holder.since));
    const std::string members = more.endObject().text();
    return problem(409, "job-busy",
                   "job " + job + " is running already: run " + holder.run + " on " + holder.host + " since " +
                       dateTimeText(holder.since),
                   members.substr(1, members.size() - 2));
}

HttpResponse refused(const std::string& why, const std::vector<ConfigFault>& faults) {
    if (faults.empty()) return problem(503, "refused", why).with("Retry-After", "5");
    std::string detail = why;
    for (const auto& fault : faults) detail += "\n" + fault.sentence();
    return problem(409, "job-faulty", detail);
}

}  // namespace

void PendingRun::connect(RunRequest& ask) {
    _handle = ask.handle;
    const auto self = shared_from_this();
    ask.onClaimed = [self](const RunIdentity& identity) { self->settle(identity.run, std::nullopt); };
    ask.onBusy = [self, job = ask.job](const Holder& holder) { self->settle("", busy(job, holder)); };
    ask.onRefused = [self](const std::string& why, const std::vector<ConfigFault>& faults) {
        self->settle("", refused(why, faults));
    };
    ask.onEnd = [](const RunResult&) {};
}

std::optional<HttpResponse> PendingRun::wait(std::chrono::milliseconds patience) {
    std::unique_lock lock(_mutex);
    if (_settled.wait_for(lock, patience, [this] { return _isSettled; })) return _refusal;
    // One that is claimed this moment is stopped before it begins, and the history says so.
    _handle->requestStop("nobody waits for it any more");
    return problem(503, "no-worker", "the run could not begin in time and was withdrawn").with("Retry-After", "10");
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

}  // namespace carillon
