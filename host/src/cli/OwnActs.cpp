#include "cli/OwnActs.h"

#include "base/FilePath.h"
#include "cli/CliTexts.h"
#include "cli/Terminal.h"
#include "platform/User.h"
#include "store/ActivityLog.h"

#include <filesystem>

namespace carillon {

namespace {

/// Who gave the command, or a signal to end it, does not wait for this.
constexpr std::chrono::milliseconds kPatience{500};

}  // namespace

Actor actorOfCommand() {
    const std::string name = userOfThisProcess().name();
    const std::string behind = callingUser().name();
    return {ActorKind::SystemUser, name, behind == name ? "" : behind, ActVia::CommandLine, ""};
}

Activity ownAct(Act what, const std::string& job, const std::string& subject, const Message& note) {
    Activity activity;
    activity.actor = actorOfCommand();
    activity.what = what;
    activity.job = job;
    activity.subject = subject;
    activity.note = note;
    return activity;
}

Activity refusedOwnAct(Act what, const std::string& job, const Message& why) {
    Activity activity = ownAct(what, job);
    activity.outcome = ActOutcome::Refused;
    activity.reason = why;
    return activity;
}

void recordOwn(const HostConfig& host, std::vector<Activity> activities) {
    std::error_code error;
    if (activities.empty() || !std::filesystem::is_directory(pathFrom(host.stateDir), error)) return;
    becomeOwnerOf(host.stateDir);
    const SystemClock clock;
    for (auto& activity : activities) activity.at = activity.lastAt = clock.now();
    try {
        ActivityLog(host.stateDir, clock, {host.activityKeep}, kPatience).write(activities);
    } catch (const StoreException& e) {
        printWarning(cliText("activity.unrecorded", {{"why", e.message()}}));
    }
}

}  // namespace carillon
