#include "pages/OverviewPage.h"

#include "config/ExpectationWords.h"
#include "pages/DayStrip.h"
#include "pages/ExpectationLines.h"
#include "scheduler/SlotDecision.h"

#include "Poco/String.h"
#include "Poco/UTF8String.h"

#include <algorithm>

namespace carillon {
namespace {

std::string joined(const std::vector<ConfigFault>& faults) {
    std::string text;
    for (const auto& fault : faults) text += (text.empty() ? "" : "\n") + fault.sentence();
    return text;
}

/// Failed jobs that the banner names one by one.
constexpr std::size_t kNamedFailures = 5;

/// Where the rows belong: controls are no text of HTML.
const std::string kRows = "\x01";
constexpr std::size_t kBytesOfARow = 4'000;

bool takes(const OverviewSource& source, const JobState& job, ShownState state) {
    if (!source.state.empty() && source.state != nameOf(state)) return false;
    if (source.text.empty()) return true;
    const std::string wanted = Poco::UTF8::toLower(source.text);
    return Poco::UTF8::toLower(job.job + '\n' + job.title).find(wanted) != std::string::npos;
}

void setLast(const Reader& reader, const JobDay& day, OverviewRow& row) {
    if (!day.last) return;
    const RunRow& run = *day.last;
    row.lastBadge = badgeOfRun(reader.texts, run);
    row.last = timeElement(reader, run.startedAt);
    row.lastAge = distanceElement(reader, run.startedAt);
    row.lastPath = runPath(run.id);
    if (run.outcome == Outcome::Failed) row.message = run.message;
    if (run.finishedAt) row.took = durationText(reader.texts, *run.finishedAt - run.startedAt);
}

OverviewRow rowOf(const Reader& reader, const JobState& job, const JobDay& day, ShownState state) {
    OverviewRow row;
    row.job = job.job;
    row.title = job.title == job.job ? "" : job.title;
    row.state = std::string(nameOf(state));
    row.badge = badgeOfState(reader.texts, job, state);
    setLast(reader, day, row);
    if (job.next != kNever && job.enabled && job.phase != JobPhase::Paused) {
        row.next = timeElement(reader, job.next);
        row.nextIn = distanceElement(reader, job.next);
    }
    row.strip = dayStrip(reader, day);
    row.trend = durationTrend(reader, day);
    if (day.pending) row.pending = numberText(reader.texts, *day.pending);
    if (day.pending.value_or(0) > 0 && day.lag) row.pendingAge = spanText(reader.texts, *day.lag);
    return row;
}

void addFailure(const Reader& reader, const JobState& job, const RunRow& run, OverviewModel& model) {
    if (++model.failed > kNamedFailures) return;
    model.alarms.push_back({reader.texts.say("alarm.failed", {{"job", job.job}}), reader.texts.say("alarm.failed.todo"),
                            run.message, runPath(run.id)});
}

/// A run in progress, or the last one that tells of it, is where to look.
Alarm alarmOfExpectation(const Texts& texts, const JobTrouble& trouble) {
    const std::string key = "alarm." + std::string(nameOf(trouble.kind));
    const std::string words = findingInWords(*trouble.expectation, texts.language());
    return {texts.say(key, {{"job", trouble.job}, {"words", words}}), texts.say(key + ".todo"), "",
            trouble.run.empty() ? jobPath(trouble.job) : runPath(trouble.run)};
}

Fields alarmFields(const Alarm& alarm) {
    Fields fields;
    fields.set("what", alarm.what);
    fields.set("todo", alarm.todo);
    setText(fields, "detail", alarm.detail);
    setText(fields, "path", alarm.path);
    return fields;
}

Fields rowFields(const OverviewRow& row) {
    Fields fields;
    fields.set("job", row.job);
    fields.set("path", jobPath(row.job));
    setText(fields, "title", row.title);
    fields.set("words", row.badge.words);
    fields.set("colour", row.badge.colour);
    setText(fields, "unmet", row.unmet);
    setText(fields, "last", row.last);
    fields.set("lastWords", row.lastBadge.words);
    fields.set("lastColour", row.lastBadge.colour);
    fields.set("lastAge", row.lastAge);
    fields.set("lastPath", row.lastPath);
    setText(fields, "next", row.next);
    fields.set("nextIn", row.nextIn);
    fields.set("strip", row.strip);
    fields.set("trend", row.trend);
    fields.set("took", row.took);
    setText(fields, "pending", row.pending);
    setText(fields, "pendingAge", row.pendingAge);
    return fields;
}

Fields legendOf(const Texts& texts) {
    std::vector<Fields> marks;
    for (std::size_t i = 0; i < kSlotMarks; ++i) {
        Fields fields;
        fields.set("picture", markPicture(static_cast<SlotMark>(i)));
        fields.set("words", texts.say(std::string("mark.") + kSlotMarkNames[i]));
        marks.push_back(std::move(fields));
    }
    return asList(std::move(marks));
}

}  // namespace

std::vector<Alarm> alarmsOfHost(const Reader& reader, const HostState& state, const Configuration& configuration,
                                const std::string& usersFault) {
    const Texts& texts = reader.texts;
    std::vector<Alarm> alarms;
    const auto add = [&](const std::string& key, Texts::Values values, const std::string& detail) {
        alarms.push_back({texts.say("alarm." + key, values), texts.say("alarm." + key + ".todo", values), detail, ""});
    };
    const auto& scheduler = state.scheduler;
    if (!scheduler.storeProblem.empty())
        add("store", {{"since", timeText(reader, scheduler.storeFailedSince, TimeForm::Short)}},
            scheduler.storeProblem);
    for (const auto& lock : scheduler.lostLocks) add("lock", {}, lock);
    if (scheduler.seenUntil - reader.now > kMisfireGrace)
        add("clock", {{"until", timeText(reader, scheduler.seenUntil, TimeForm::Short)}}, "");
    if (const auto faults = configuration.allFaults(); !faults.empty()) add("faults", {}, joined(faults));
    if (!usersFault.empty()) add("users", {}, usersFault);
    if (scheduler.enabled == 0) add("disabled", {{"file", configuration.host.file}}, "");
    return alarms;
}

std::vector<Alarm> alarmsOfJobs(const Reader& reader, const std::vector<JobTrouble>& troubles) {
    const Texts& texts = reader.texts;
    std::vector<Alarm> alarms;
    for (const auto& trouble : troubles) {
        const std::string key = "alarm." + std::string(nameOf(trouble.kind));
        const std::string todo = texts.say(key + ".todo");
        const std::string path = jobPath(trouble.job);
        if (trouble.kind == JobTrouble::Kind::Late)
            alarms.push_back(
                {texts.count(key, trouble.count,
                             {{"job", trouble.job}, {"since", timeText(reader, trouble.since, TimeForm::Short)}}),
                 todo, "", path});
        if (trouble.isOfExpectation()) alarms.push_back(alarmOfExpectation(texts, trouble));
        if (trouble.kind == JobTrouble::Kind::Rejects)
            alarms.push_back({texts.count(key, trouble.count, {{"job", trouble.job}}), todo, "", path + "/rejects"});
    }
    return alarms;
}

OverviewModel overviewOf(const Reader& reader, const OverviewSource& source) {
    OverviewModel model;
    model.alarms = source.alarms;
    model.all = source.jobs.size();
    model.filtered = !source.state.empty() || !source.text.empty();
    for (std::size_t i = 0; i < source.jobs.size(); ++i) {
        const JobState& job = source.jobs[i];
        const JobDay& day = source.days[i];
        const ShownState state = shownState(job, day.telling(), source.late.contains(job.job));
        if (state == ShownState::Failed) addFailure(reader, job, *day.telling(), model);
        model.running += state == ShownState::Running;
        model.paused += state == ShownState::Paused;
        if (!takes(source, job, state)) continue;
        model.rows.push_back(rowOf(reader, job, day, state));
        if (const auto unmet = source.unmet.find(job.job); unmet != source.unmet.end())
            model.rows.back().unmet = unmetInWords(reader.texts, unmet->second);
    }
    if (model.failed > kNamedFailures)
        model.alarms.push_back(
            {reader.texts.count("alarm.morefailed", static_cast<std::int64_t>(model.failed - kNamedFailures)),
             reader.texts.say("alarm.morefailed.todo"), "", "/?state=failed"});
    return model;
}

HttpResponse OverviewPage::answer(const PageFrame& frame, const PageRequest& request,
                                  const OverviewSource& source) const {
    const Texts& texts = request.texts();
    const OverviewModel model = overviewOf(request.reader, source);
    std::vector<Fields> alarms;
    for (const auto& alarm : model.alarms) alarms.push_back(alarmFields(alarm));
    Fields fields;
    fields.set("hasAlarms", asFlag(!alarms.empty()));
    fields.set("alarms", asList(std::move(alarms)));
    fields.set("hasRows", asFlag(!model.rows.empty()));
    fields.set("noRows", asFlag(model.rows.empty()));
    fields.set("rows", kRows);
    fields.set("jobs", texts.count("overview.jobs", static_cast<std::int64_t>(model.all)));
    fields.set("running", texts.count("overview.running", static_cast<std::int64_t>(model.running)));
    fields.set("failed", texts.count("overview.failed", static_cast<std::int64_t>(model.failed)));
    fields.set("anyFailed", asFlag(model.failed > 0));
    fields.set("paused", texts.count("overview.paused", static_cast<std::int64_t>(model.paused)));
    fields.set("text", source.text);
    const auto& states = kEnumNames<ShownState>;
    fields.set("states", asChoices({states.begin(), states.end()}, source.state,
                                   [&texts](const auto& state) { return texts.word("state", state); }));
    fields.set("filtered", asFlag(model.filtered));
    fields.set("legend", legendOf(texts));
    setText(fields, "next", source.next);
    const std::string content = _template.render(fields, texts);
    const auto at = std::min(content.find(kRows), content.size());
    const auto [before, after] = frame.split(request, {texts.say("overview.title"), "overview"});
    // The page may have megabytes, of which each copy takes longer than all the rest.
    std::string html;
    html.reserve(before.size() + content.size() + after.size() + model.rows.size() * kBytesOfARow);
    html.append(before).append(content, 0, at);
    for (const auto& row : model.rows) html += _row.render(rowFields(row), texts);
    html.append(content, std::min(at + kRows.size(), content.size())).append(after);
    return htmlAnswer(std::move(html));
}

}  // namespace carillon
