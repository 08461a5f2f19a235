#include "pages/OverviewPage.h"

#include "access/Secrets.h"
#include "carillon/Duration.h"
#include "config/ExpectationWords.h"
#include "pages/DayStrip.h"
#include "pages/ExpectationLines.h"
#include "scheduler/SlotDecision.h"

#include "Poco/String.h"
#include "Poco/UTF8String.h"

#include <algorithm>

namespace carillon {
namespace {

/// Faults that the banner tells in full; each job's page has its own.
constexpr std::size_t kNamedFaults = 3;

Message joined(const Texts& texts, const std::vector<ConfigFault>& faults) {
    Message all;
    for (std::size_t i = 0; i < std::min(kNamedFaults, faults.size()); ++i)
        all += (all.empty() ? Message() : Message("\n")) + faults[i].message();
    if (faults.size() > kNamedFaults)
        all += '\n' + texts.count("alarm.more", static_cast<std::int64_t>(faults.size() - kNamedFaults));
    return all;
}

/// Failed jobs that the banner names one by one.
constexpr std::size_t kNamedFailures = 5;
/// Alarms that are seen at once: more of them would hide the jobs.
constexpr std::size_t kOpenAlarms = 2;

/// Where the rows belong: controls are no text of HTML.
const std::string kRows = "\x01";
/// Marks of a page that each have a link of their own; with more, each hour has one.
constexpr std::size_t kLinkedMarks = 6'000;

bool takes(const OverviewSource& source, const JobState& job, ShownState state) {
    if (!source.state.empty() && source.state != nameOf(state)) return false;
    if (source.text.empty()) return true;
    const std::string wanted = Poco::UTF8::toLower(source.text);
    return Poco::UTF8::toLower(job.job + '\n' + job.title).find(wanted) != std::string::npos;
}

void addFailure(const Reader& reader, const JobState& job, const RunRow& run, OverviewModel& model) {
    if (model.sumOf(ShownState::Failed) > kNamedFailures) return;
    const Message message = messageOf(run);
    model.alarms.push_back({reader.texts.say("alarm.failed", {{"job", job.job}}), reader.texts.say("alarm.failed.todo"),
                            inWords(reader, message), runPath(run.id), languageOf(reader, message)});
}

/// A run in progress, or the last one that tells of it, is where to look.
Alarm alarmOfExpectation(const Texts& texts, const JobTrouble& trouble) {
    const std::string key = "alarm." + std::string(nameOf(trouble.kind));
    const std::string words = findingInWords(*trouble.expectation, texts.language());
    return {texts.say(key, {{"job", trouble.job}, {"words", words}}), texts.say(key + ".todo"), "",
            trouble.run.empty() ? jobPath(trouble.job) : runPath(trouble.run)};
}

/// Of several in a row with the same thing to do, the last one says it.
Fields alarmFields(const Alarm& alarm, bool withTodo) {
    Fields fields;
    fields.set("what", alarm.what);
    fields.set("todo", withTodo ? alarm.todo : "");
    setText(fields, "detail", alarm.detail);
    fields.set("detailLanguage", alarm.detailLanguage);
    setText(fields, "path", alarm.path);
    return fields;
}

/// The first ones are open, and the others behind a line that counts them.
void setAlarms(Fields& fields, const Texts& texts, const std::vector<Alarm>& alarms) {
    const bool areFolded = alarms.size() > kOpenAlarms + 1;
    std::vector<Fields> open;
    std::vector<Fields> folded;
    for (std::size_t i = 0; i < alarms.size(); ++i) {
        const bool isFolded = areFolded && i >= kOpenAlarms;
        const bool isLast = i + 1 == alarms.size() || (areFolded && i + 1 == kOpenAlarms);
        const bool isSaidNext = !isLast && alarms[i + 1].todo == alarms[i].todo;
        (isFolded ? folded : open).push_back(alarmFields(alarms[i], !isSaidNext));
    }
    const auto more = static_cast<std::int64_t>(folded.size());
    setText(fields, "moreAlarms", more > 0 ? texts.count("alarm.more", more) : "");
    fields.set("hasAlarms", asFlag(!open.empty()));
    fields.set("alarms", asList(std::move(open)));
    fields.set("foldedAlarms", asList(std::move(folded)));
}

/// Of the page with the same filter in that order.
std::string pathOf(const OverviewSource& source, const std::string& state, const OverviewOrder& order) {
    std::string query;
    const auto add = [&query](const char* name, const std::string& value) {
        if (!value.empty()) query += (query.empty() ? "?" : "&") + std::string(name) + '=' + encodeUrl(value);
    };
    add("text", source.text);
    add("state", state);
    add("sort", order == OverviewOrder{} ? "" : order.word());
    return '/' + query;
}

/// The heads of the columns, each of which leads to the page in its order, or in the other direction.
Fields columnsOf(const Texts& texts, const OverviewSource& source, const std::string& axis) {
    std::vector<Fields> columns;
    for (std::size_t i = 0; i < kEnumNames<OverviewColumn>.size(); ++i) {
        const auto column = static_cast<OverviewColumn>(i);
        const bool isSorted = source.order.column == column;
        const OverviewOrder next{column, isSorted && !source.order.reversed};
        const std::string name(nameOf(column));
        Fields fields("name", name);
        fields.set("words", texts.say("overview." + name));
        fields.set("path", pathOf(source, source.state, next));
        fields.set("isSorted", asFlag(isSorted));
        fields.set("direction", source.order.isDescending() ? "descending" : "ascending");
        fields.set("axis", column == OverviewColumn::Day ? axis : "");
        columns.push_back(std::move(fields));
    }
    return asList(std::move(columns));
}

/// How many jobs stand how: those that any do.
Fields sumsOf(const Texts& texts, const OverviewSource& source, const OverviewModel& model) {
    std::vector<Fields> sums;
    for (std::size_t i = 0; i < model.sums.size(); ++i) {
        const auto state = static_cast<ShownState>(i);
        if (model.sumOf(state) == 0) continue;
        const std::string name(nameOf(state));
        Fields fields("words", texts.count("overview.sum." + name, static_cast<std::int64_t>(model.sumOf(state))));
        const bool isChosen = source.state == name;
        fields.set("path", pathOf(source, isChosen ? "" : name, source.order));
        fields.set("chosen", asFlag(isChosen));
        fields.set("bad",
                   asFlag(state == ShownState::Failed || state == ShownState::Late || state == ShownState::Faulty));
        sums.push_back(std::move(fields));
    }
    return asList(std::move(sums));
}

/// What the buttons of the rows send, and where they lead back to.
void setForm(Fields& fields, const PageRequest& request, const OverviewSource& source) {
    const bool mayAct =
        request.caller.who && request.caller.who->role == Role::Operator && !request.caller.csrf.empty();
    fields.set("mayAct", asFlag(mayAct));
    fields.set("csrf", request.caller.csrf);
    fields.set("key", mayAct ? randomText() : "");
    fields.set("to", pathOf(source, source.state, source.order));
    setText(fields, "notice", source.notice);
    setText(fields, "noticeJob", source.noticeJob);
    fields.set("noticePath", jobPath(source.noticeJob));
}

void setFilter(Fields& fields, const Texts& texts, const OverviewSource& source) {
    fields.set("text", source.text);
    fields.set("order", source.order == OverviewOrder{} ? "" : source.order.word());
    const auto& states = kEnumNames<ShownState>;
    fields.set("states", asChoices({states.begin(), states.end()}, source.state,
                                   [&texts](const auto& state) { return texts.word("state", state); }));
    const auto& columns = kEnumNames<OverviewColumn>;
    fields.set("orders", asChoices({columns.begin(), columns.end()}, source.order.word(),
                                   [&texts](const auto& column) { return texts.say("overview." + column); }));
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

void addRows(const Reader& reader, const OverviewSource& source, const std::vector<OverviewJob>& jobs,
             OverviewModel& model) {
    std::size_t marks = 0;
    for (const auto& job : jobs) marks += job.day->stretches.size();
    DayStrips strips(reader, marks > kLinkedMarks ? DayStrips::Grain::Hour : DayStrips::Grain::Mark);
    model.axis = strips.axis();
    for (const auto& job : jobs) {
        model.rows.push_back(overviewRowOf(reader, job, strips));
        if (const auto open = source.openRejects.find(job.job->job); open != source.openRejects.end())
            model.rows.back().rejects = reader.texts.count("overview.rejects", open->second);
        if (job.isUnmet) model.rows.back().unmet = unmetInWords(reader.texts, source.unmet.at(job.job->job));
    }
}

}  // namespace

std::vector<Alarm> alarmsOfHost(const Reader& reader, const HostState& state, const Configuration& configuration,
                                const Message& usersFault) {
    const Texts& texts = reader.texts;
    std::vector<Alarm> alarms;
    const auto add = [&](const std::string& key, Texts::Values values, const Message& detail) {
        alarms.push_back({texts.say("alarm." + key, values), texts.say("alarm." + key + ".todo", values),
                          inWords(reader, detail), "", languageOf(reader, detail)});
    };
    const auto& scheduler = state.scheduler;
    if (!scheduler.storeProblem.empty())
        add("store", {{"since", timeText(reader, scheduler.storeFailedSince, TimeForm::Short)}},
            scheduler.storeProblem);
    for (const auto& lock : scheduler.lostLocks) add("lock", {}, lock);
    if (scheduler.seenUntil - reader.now > kMisfireGrace)
        add("clock", {{"until", timeText(reader, scheduler.seenUntil, TimeForm::Short)}}, "");
    if (const auto faults = configuration.allFaults(); !faults.empty()) add("faults", {}, joined(texts, faults));
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
    std::vector<OverviewJob> shown;
    for (std::size_t i = 0; i < source.jobs.size(); ++i) {
        const JobState& job = source.jobs[i];
        const JobDay& day = source.days[i];
        const ShownState state = shownState(job, day.telling(), source.late.contains(job.job));
        ++model.sums[static_cast<std::size_t>(state)];
        if (state == ShownState::Failed) addFailure(reader, job, *day.telling(), model);
        const auto unmet = source.unmet.find(job.job);
        if (!takes(source, job, state)) continue;
        const auto told = source.progress.find(job.run);
        shown.push_back({&job, &day, state, unmet != source.unmet.end() && !unmet->second.empty(),
                         told == source.progress.end() ? nullptr : &told->second.progress});
    }
    const std::size_t failed = model.sumOf(ShownState::Failed);
    if (failed > kNamedFailures)
        model.alarms.push_back(
            {reader.texts.count("alarm.morefailed", static_cast<std::int64_t>(failed - kNamedFailures)),
             reader.texts.say("alarm.morefailed.todo"), "", "/?state=failed"});
    model.matching = shown.size();
    sortJobs(shown, source.order);
    shown.erase(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(std::min(source.first, shown.size())));
    if (shown.size() > source.most) shown.resize(source.most);
    addRows(reader, source, shown, model);
    return model;
}

/// How much there is of history, ledger and logs.
std::string keptText(const Reader& reader, const Kept& kept) {
    const Texts& texts = reader.texts;
    constexpr std::int64_t kMegabyte = 1'000'000;
    std::string text =
        texts.say("overview.kept", {{"runs", texts.count("overview.kept.runs", kept.history.count)},
                                    {"slots", texts.count("overview.kept.slots", kept.ledger.count)},
                                    {"logs", numberText(texts, (kept.logs.count + kMegabyte - 1) / kMegabyte)}});
    if (kept.history.since)
        text +=
            ' ' + texts.say("overview.kept.since", {{"since", timeText(reader, *kept.history.since, TimeForm::Full)}});
    if (const auto span = parseDuration(kept.history.keep))
        text += ' ' + texts.say("overview.kept.for", {{"span", spanText(texts, *span)}});
    return text;
}

HttpResponse OverviewPage::answer(const PageFrame& frame, const PageRequest& request,
                                  const OverviewSource& source) const {
    const Texts& texts = request.texts();
    const OverviewModel model = overviewOf(request.reader, source);
    Fields fields;
    setAlarms(fields, texts, model.alarms);
    fields.set("hasRows", asFlag(!model.rows.empty()));
    fields.set("noRows", asFlag(model.rows.empty()));
    fields.set("rows", kRows);
    fields.set("columns", columnsOf(texts, source, model.axis));
    fields.set("jobs", texts.count("overview.jobs", static_cast<std::int64_t>(model.all)));
    fields.set("sums", sumsOf(texts, source, model));
    setFilter(fields, texts, source);
    setForm(fields, request, source);
    fields.set("filtered", asFlag(model.filtered));
    fields.set("legend", legendOf(texts));
    const std::size_t after = source.first + model.rows.size();
    setText(fields, "next", after < model.matching ? nextPath(request, std::to_string(after)) : "");
    setText(fields, "kept", source.kept ? keptText(request.reader, *source.kept) : "");
    fields.set("notFirst", asFlag(source.first > 0));
    fields.set("firstPath", pathOf(source, source.state, source.order));
    return assemble(frame, request, _template.render(fields, texts), model);
}

HttpResponse OverviewPage::assemble(const PageFrame& frame, const PageRequest& request, const std::string& content,
                                    const OverviewModel& model) const {
    const Texts& texts = request.texts();
    const auto at = std::min(content.find(kRows), content.size());
    const auto [before, after] = frame.split(request, {texts.say("overview.title"), "overview", {"overview.js"}});
    const bool hasSession = !request.caller.csrf.empty();
    std::vector<std::string> rows;
    std::size_t bytes = 0;
    for (const auto& row : model.rows) {
        rows.push_back(_row.render(fieldsOf(row, hasSession && request.caller.mayOperate(row.job)), texts));
        bytes += rows.back().size();
    }
    // The page may have megabytes, of which each copy takes longer than all the rest.
    std::string html;
    html.reserve(before.size() + content.size() + after.size() + bytes);
    html.append(before).append(content, 0, at);
    for (const auto& row : rows) html += row;
    html.append(content, std::min(at + kRows.size(), content.size())).append(after);
    return htmlAnswer(std::move(html));
}

}  // namespace carillon
