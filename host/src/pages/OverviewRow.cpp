#include "pages/OverviewRow.h"

namespace carillon {
namespace {

std::optional<Progress> toldOf(const OverviewJob& shown) {
    return shown.told == nullptr ? std::nullopt : std::optional(*shown.told);
}

void setLast(const Reader& reader, const OverviewJob& shown, OverviewRow& row) {
    const JobDay& day = *shown.day;
    if (!day.last) return;
    const RunRow& run = *day.last;
    row.lastBadge = badgeOfRun(reader.texts, run);
    row.last = distanceElement(reader, run.startedAt);
    row.lastPath = runPath(run.id);
    if (run.outcome == Outcome::Failed) row.message = inWords(reader, messageOf(run));
    if (run.finishedAt)
        row.took = durationText(reader.texts, *run.finishedAt - run.startedAt);
    else
        row.progress = smallProgressBar(reader, {run.id, run.startedAt, toldOf(shown), usualLength(day)});
}

/// What its buttons do.
void setActs(Fields& fields, const OverviewRow& row, bool mayAct) {
    fields.set("mayAct", asFlag(mayAct));
    fields.set("mayStop", asFlag(mayAct && row.isRunning));
    fields.set("mayRun", asFlag(mayAct && !row.isRunning && !row.isFaulty));
    fields.set("mayResume", asFlag(mayAct && row.isPaused));
    fields.set("mayPause", asFlag(mayAct && !row.isPaused && row.isEnabled && !row.isFaulty));
}

}  // namespace

OverviewRow overviewRowOf(const Reader& reader, const OverviewJob& shown, DayStrips& strips) {
    const JobState& job = *shown.job;
    const JobDay& day = *shown.day;
    OverviewRow row;
    row.job = job.job;
    row.title = job.title.empty() ? job.job : job.title;
    row.state = std::string(nameOf(shown.state));
    row.badge = badgeOfState(reader.texts, job, shown.state);
    row.isRunning = !job.run.empty();
    row.isPaused = job.pause.has_value() || job.phase == JobPhase::Paused;
    row.isEnabled = job.enabled;
    row.isFaulty = job.phase == JobPhase::Faulty;
    setLast(reader, shown, row);
    if (job.next != kNever && job.enabled && job.phase != JobPhase::Paused)
        row.next = distanceElement(reader, job.next);
    row.strip = strips.strip(day, job.job);
    row.trend = durationTrend(reader, day);
    if (day.pending) row.pending = numberText(reader.texts, *day.pending);
    if (day.pending.value_or(0) > 0 && day.lag) row.pendingAge = spanText(reader.texts, *day.lag);
    return row;
}

Fields fieldsOf(const OverviewRow& row, bool mayAct) {
    Fields fields;
    fields.set("job", row.job);
    fields.set("path", jobPath(row.job));
    fields.set("title", row.title);
    fields.set("hasSlug", asFlag(row.title != row.job));
    fields.set("words", row.badge.words);
    fields.set("colour", row.badge.colour);
    setText(fields, "unmet", row.unmet);
    setText(fields, "rejects", row.rejects);
    setText(fields, "message", row.message);
    setText(fields, "last", row.last);
    fields.set("lastWords", row.lastBadge.words);
    fields.set("lastColour", row.lastBadge.colour);
    fields.set("lastPath", row.lastPath);
    setText(fields, "next", row.next);
    fields.set("strip", row.strip);
    fields.set("trend", row.trend);
    fields.set("took", row.took);
    setText(fields, "progress", row.progress);
    setText(fields, "pending", row.pending);
    setText(fields, "pendingAge", row.pendingAge);
    setActs(fields, row, mayAct);
    return fields;
}

}  // namespace carillon
