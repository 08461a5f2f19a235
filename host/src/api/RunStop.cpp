#include "api/RunStop.h"

#include "store/RunningElsewhere.h"

#include <unistd.h>

namespace carillon {

std::string jobOfRun(ApiContext& context, const WebCall& call) {
    const std::string& id = call.argument("run");
    const auto row = context.stores.with([&](RunStore& store) { return store.run(id); });
    if (!row || !call.caller.mayView(row->job)) throw HttpRefusal(problem(404, "no-run", "there is no run " + id));
    return row->job;
}

std::string jobOfRunToActOn(ApiContext& context, const WebCall& call) {
    std::string job = jobOfRun(context, call);
    if (!call.caller.mayOperate(job))
        throw HttpRefusal(problem(403, "", call.caller.who->name + " may not act on job " + job));
    return job;
}

StopResult stopRuns(ApiContext& context, const WebCall& call, const std::string& job, const std::string& run) {
    StopResult result = context.host.stop(run.empty() ? job : run, call.caller.who->name);
    if (!result.empty()) return result;
    throw HttpRefusal(problem(409, "not-running", context.stores.with([&](RunStore& store) {
        return describeUnstoppable(store, job, run, ::getpid());
    })));
}

}  // namespace carillon
