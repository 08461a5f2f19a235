#include "serve/RecordedActions.h"

#include "base/BoundedText.h"
#include "store/ActivityLog.h"
#include "store/StoreFile.h"
#include "words/HostTexts.h"

#include <map>
#include <utility>

namespace carillon {
namespace {

constexpr std::size_t kNamedRejects = 20;

Activity actOf(const Actor& who, Act what) {
    Activity activity;
    activity.actor = who;
    activity.what = what;
    return activity;
}

Activity refused(Activity activity, const Message& why) {
    activity.outcome = ActOutcome::Refused;
    activity.reason = why;
    return activity;
}

template <class Map>
std::string namesOf(const Map& values) {
    std::string names;
    for (const auto& [name, value] : values) names += (names.empty() ? "" : ", ") + name;
    return names;
}

Message sayRejects(const std::vector<std::int64_t>& ids) {
    std::string text;
    for (std::size_t i = 0; i < ids.size() && i < kNamedRejects; ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(ids[i]);
    if (ids.size() <= kNamedRejects) return sayHost("act.rejects", {{"n", ids.size()}, {"ids", text}});
    return sayHost("act.manyrejects", {{"n", ids.size() - kNamedRejects}, {"ids", text}});
}

/// What was asked to end, a row a run; and what of other jobs did not begin.
std::vector<Activity> activitiesOf(const StopResult& result, const Activity& act, const std::string& what) {
    std::vector<Activity> rows;
    std::map<std::string, Message> notes;
    for (const auto& job : result.skipped) notes[job] = sayHost("act.due");
    for (const auto& job : result.retries)
        notes[job] = notes[job].empty() ? sayHost("act.attempt") : sayHost("act.dueandattempt");
    for (const auto& run : result.runs) {
        Activity& row = rows.emplace_back(act);
        row.job = run.job;
        row.subject = run.run;
        if (auto note = notes.extract(run.job)) row.note = std::move(note.mapped());
    }
    for (auto& [job, note] : notes) {
        Activity& row = rows.emplace_back(act);
        row.job = job;
        row.note = std::move(note);
    }
    if (rows.empty() && result.withdrawn > 0) {
        Activity& row = rows.emplace_back(act);
        row.job = what;
        row.note = sayHost("act.withdrawn", {{"n", result.withdrawn}});
    }
    return rows;
}

}  // namespace

Activity activityOf(const Actor& who, const std::string& job, const Overrides& overrides) {
    Activity activity = actOf(who, Act::Run);
    activity.job = job;
    if (!overrides.empty()) activity.note = sayHost("act.other", {{"names", namesOf(overrides)}});
    return activity;
}

Activity activityOf(const Actor& who, const std::string& job, const ReplayRequest& replay) {
    Activity activity = actOf(who, Act::Replay);
    activity.job = job;
    activity.note = replay.ids.empty() ? sayHost("act.allrejects") : sayRejects(replay.ids);
    if (!replay.corrections.empty())
        activity.note = sayHost("act.corrected", {{"rejects", activity.note}, {"names", namesOf(replay.corrections)}});
    return activity;
}

Activity activityOf(const Actor& who, const std::string& job, const DismissRequest& dismissal) {
    Activity activity = actOf(who, Act::Dismiss);
    activity.job = job;
    activity.note = sayHost("act.dismissed", {{"rejects", sayRejects(dismissal.ids)}, {"reason", dismissal.reason}});
    return activity;
}

void RecordedActions::submit(RunRequest request) {
    // The command that asks for one slot after the other records all of it before the first one.
    if (request.trigger == Trigger::Backfill) return _host.submit(std::move(request));
    const Activity act = activityOf(request.actor, request.job, request);
    request.dismissal.by = request.replay.by = textOf(request.actor);
    request.onClaimed = [this, act, then = std::move(request.onClaimed)](const RunIdentity& run) {
        Activity done = act;
        done.subject = run.run;
        _recorder.record(std::move(done));
        if (then) then(run);
    };
    request.onBusy = [this, act, then = std::move(request.onBusy)](const Holder& holder) {
        _recorder.record(refused(act, sayHost("act.goeson", {{"run", holder.run}})));
        then(holder);
    };
    request.onRefused = [this, act, then = std::move(request.onRefused)](const std::string& why,
                                                                         const std::vector<ConfigFault>& faults) {
        _recorder.record(refused(act, why));
        then(why, faults);
    };
    _host.submit(std::move(request));
}

std::vector<std::string> RecordedActions::setPaused(const std::string& pattern, const std::optional<Pause>& pause,
                                                    const Actor& who) {
    std::optional<Pause> wanted = pause;
    if (wanted) {
        wanted->by = boundedText(textOf(who), kLongestNote);
        wanted->note = boundedText(wanted->note, kLongestNote);
    }
    const Activity act = wanted ? pauseActOf(who, *wanted) : actOf(who, Act::Resume);
    try {
        auto changed = _host.setPaused(pattern, wanted, who);
        for (auto& row : forEachJob(act, changed, pattern)) _recorder.record(std::move(row));
        return changed;
    } catch (const StoreException& e) {  // it holds all the same
        Activity unwritten = act;
        unwritten.job = pattern;
        unwritten.reason = e.message();
        _recorder.record(std::move(unwritten));
        throw;
    }
}

StopResult RecordedActions::stop(const std::string& patternOrRun, const Actor& who) {
    StopResult result = _host.stop(patternOrRun, who);
    const Activity act = actOf(who, Act::Stop);
    // A command that finds nothing here looks elsewhere, and records what comes of that.
    if (result.empty() && who.via != ActVia::CommandLine) {
        Activity nothing = refused(act, sayHost("act.nothing"));
        nothing.job = configuration()->match(patternOrRun).empty() ? "" : patternOrRun;
        _recorder.record(std::move(nothing));
    }
    for (auto& row : activitiesOf(result, act, patternOrRun)) _recorder.record(std::move(row));
    return result;
}

void RecordedActions::tellStop(const std::string& job, const Actor& who) {
    Activity act = actOf(who, Act::Stop);
    act.job = job;
    _recorder.record(std::move(act));
    _host.tellStop(job, who);
}

ReloadResult RecordedActions::reload(const Actor& who) {
    ReloadResult result = _host.reload(who);
    Activity act = actOf(who, Act::Reload);
    if (!result.swapped)
        act = refused(act, result.faults.empty() ? result.reason : Message(result.faults.front().sentence()));
    else if (result.difference.size() == 1)
        act.note = result.difference.front();
    else if (!result.difference.empty())
        act.note = sayHost("act.changes", {{"first", result.difference.front()}, {"n", result.difference.size() - 1}});
    _recorder.record(std::move(act));
    return result;
}

}  // namespace carillon
