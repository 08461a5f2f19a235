#include "pages/JobPage.h"

#include "base/JsonWriter.h"
#include "pages/DayStrip.h"
#include "pages/ExpectationLines.h"
#include "pages/PageFrame.h"
#include "pages/ReportFigures.h"
#include "pages/RunProgress.h"
#include "record/ReasonWords.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace carillon {
namespace {

/// Days off and blackouts that are shown before a firing.
constexpr std::size_t kOffSlots = 12;

void setFilter(Fields& fields, const Texts& texts, const FilterWords& filter) {
    fields.set("outcomes", asChoices({"succeeded", "nothing_to_do", "failed", "stopped", "running"}, filter.outcome,
                                     [&texts](const auto& outcome) { return texts.say("outcome." + outcome); }));
    const auto& triggers = kEnumNames<Trigger>;
    fields.set("triggers", asChoices({triggers.begin(), triggers.end() - 1}, filter.trigger,  // all but other
                                     [&texts](const auto& trigger) { return texts.word("trigger", trigger); }));
    fields.set("since", filter.since);
    fields.set("until", filter.until);
    fields.set("longer", filter.longer);
    fields.set("text", filter.text);
    const bool isFiltered =
        !(filter.outcome + filter.trigger + filter.since + filter.until + filter.longer + filter.text).empty();
    fields.set("filtered", asFlag(isFiltered));
}

using Measure = std::function<std::optional<double>(const RunRow&, const ReportFigures&)>;

double secondsOf(std::chrono::microseconds length) {
    return std::round(static_cast<double>(length.count()) / 1000) / 1000;
}

std::optional<double> asDouble(const std::optional<std::int64_t>& number) {
    return number ? std::optional(static_cast<double>(*number)) : std::nullopt;
}

/// Three decimals, without those that say nothing. Not below 0.
std::string decimal(double value) {
    const std::int64_t thousandths = std::llround(value * 1000);
    std::string text = std::to_string(thousandths / 1000);
    std::string digits = std::to_string(1000 + thousandths % 1000).substr(1);
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    if (!digits.empty()) text.append(".").append(digits);
    return text;
}

RunChart chartOf(const Reader& reader, const std::vector<RunRow>& runs, const std::string& title,
                 const Measure& measure) {
    std::vector<double> values;
    JsonWriter json;
    json.beginArray();
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
        if (!run->finishedAt) continue;
        const auto value = measure(*run, ReportFigures(*run));
        if (!value) continue;
        values.push_back(*value);
        json.beginArray().value(run->startedAt.time_since_epoch() / std::chrono::milliseconds(1));
        json.raw(decimal(*value)).value(std::string_view(run->id)).endArray();
    }
    if (values.empty()) return {};
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    return {title,
            reader.texts.count("job.chart.alt", static_cast<std::int64_t>(values.size()),
                               {{"title", title}, {"least", decimal(*least)}, {"most", decimal(*most)}}),
            json.endArray().text()};
}

Fields firingsOf(const Reader& reader, const std::vector<PlannedSlot>& firings) {
    std::vector<Fields> items;
    for (const auto& [at, off] : firings) {
        const bool fires = off.skip == SkipReason::None;
        Fields fields;
        fields.set("at", timeElement(reader, at));
        fields.set("fires", asFlag(fires));
        fields.set("in", fires ? distanceElement(reader, at) : "");
        fields.set("off", fires ? "" : reasonInWords(off, reader.texts.language()));
        items.push_back(std::move(fields));
    }
    return asList(std::move(items));
}

Fields chartsOf(const Reader& reader, const std::vector<RunRow>& runs) {
    std::vector<Fields> items;
    for (const auto& chart : runChartsOf(reader, runs)) {
        Fields fields;
        fields.set("title", chart.title);
        fields.set("alternative", chart.alternative);
        fields.set("points", chart.points);
        items.push_back(std::move(fields));
    }
    return asList(std::move(items));
}

Fields faultsOf(const Reader& reader, const JobRef& job) {
    std::vector<Fields> items;
    for (const auto& fault : job.isFaulty() ? job.config().faults : std::vector<ConfigFault>{}) {
        const Message message = fault.message();
        Fields fields("fault", inWords(reader, message));
        fields.set("language", languageOf(reader, message));
        items.push_back(std::move(fields));
    }
    return asList(std::move(items));
}

/// A job may be paused while a run of it goes on.
void setPause(Fields& fields, const Reader& reader, const std::optional<Pause>& pause) {
    fields.set("isPaused", asFlag(pause.has_value()));
    const Pause known = pause.value_or(Pause{});
    setText(fields, "pausedBy", known.by);
    fields.set("pausedSince", timeElement(reader, known.since));
    fields.set("hasPauseEnd", asFlag(known.until.has_value()));
    if (known.until) fields.set("pauseEnd", timeElement(reader, *known.until, TimeForm::Full));
    setText(fields, "pauseNote", known.note);
    fields.set("pauseHint", known.until ? reader.texts.say("job.pauseduntil",
                                                           {{"until", timeText(reader, *known.until, TimeForm::Full)}})
                                        : reader.texts.say("job.pausedhint"));
    fields.set("untilWords", reader.texts.say("job.until", {{"zone", reader.zone->name()}}));
}

void setState(Fields& fields, const Reader& reader, const JobSource& source) {
    const Badge badge =
        badgeOfState(reader.texts, source.state, shownState(source.state, source.day.telling(), source.isLate));
    fields.set("words", badge.words);
    fields.set("colour", badge.colour);
    setPause(fields, reader, source.state.pause);
    fields.set("isEnabled", asFlag(source.state.enabled));
    fields.set("isDisabled", asFlag(!source.state.enabled));
    fields.set("run", runPath(source.state.run));
    fields.set("isRunning", asFlag(!source.state.run.empty()));
    // As live.js puts the news together.
    fields.set("liveState",
               std::string(nameOf(source.state.phase)) + ' ' + source.state.run + ' ' + source.state.stopping);
    fields.set("isSnoozed", asFlag(source.snoozedUntil.has_value()));
    if (source.snoozedUntil) fields.set("snoozedUntil", timeElement(reader, *source.snoozedUntil));
    fields.set("faulty", asFlag(source.job.isFaulty()));
    fields.set("faults", faultsOf(reader, source.job));
}

/// Why it does not fire at the moment; empty: it does.
std::string offNow(const Reader& reader, const JobSource& source) {
    if (source.state.off.empty()) return "";
    const SlotReason reason = slotReasonOf(source.state.off);
    return reader.texts.say("job.offnow", {{"reason", reasonInWords(reason, reader.texts.language())}});
}

void setLast(Fields& fields, const Reader& reader, const JobSource& source) {
    const JobDay& day = source.day;
    DayStrips strips(reader, DayStrips::Grain::Mark);
    fields.set("axis", strips.axis());
    fields.set("strip", strips.strip(day, source.job.name()));
    fields.set("dayInWords", dayInWords(reader.texts, day));
    fields.set("hasLast", asFlag(day.last.has_value()));
    if (day.last) fields.set("lastRun", runLine(reader, *day.last));
    fields.set("hasPending", asFlag(day.pending.has_value()));
    if (day.pending) fields.set("pending", numberText(reader.texts, *day.pending));
    fields.set("hasLag", asFlag(day.pending.value_or(0) > 0 && day.lag.has_value()));
    if (day.lag) fields.set("lag", spanText(reader.texts, *day.lag));
    const bool isKnown = day.last && day.last->id == source.state.run;
    const RunProgress progress{source.state.run, isKnown ? std::optional(day.last->startedAt) : std::nullopt,
                               source.progress, usualLength(day)};
    fields.set("progress", progressBar(reader, progress));
}

}  // namespace

Fields runLine(const Reader& reader, const RunRow& run) {
    const Badge badge = badgeOfRun(reader.texts, run);
    const auto items = ReportFigures(run).items();
    Fields line;
    line.set("path", runPath(run.id));
    line.set("started", timeElement(reader, run.startedAt));
    line.set("age", distanceElement(reader, run.startedAt));
    line.set("outcome", badge.words);
    line.set("colour", badge.colour);
    // Set in any case: else the page's own of that name would be shown.
    line.set("took", run.finishedAt ? durationText(reader.texts, *run.finishedAt - run.startedAt) : "");
    line.set("items", items ? numberText(reader.texts, *items) : "");
    line.set("trigger", reader.texts.word("trigger", std::string(nameOf(run.trigger))));
    const Message message = messageOf(run);
    line.set("message", inWords(reader, message));
    line.set("messageLanguage", languageOf(reader, message));
    return line;
}

Fields runLines(const Reader& reader, const std::vector<RunRow>& runs) {
    std::vector<Fields> lines;
    for (const auto& run : runs) lines.push_back(runLine(reader, run));
    return asList(std::move(lines));
}

std::vector<RunChart> runChartsOf(const Reader& reader, const std::vector<RunRow>& runs) {
    const std::pair<const char*, Measure> measures[] = {
        {"job.chart.items", [](const RunRow&, const ReportFigures& report) { return asDouble(report.items()); }},
        {"job.chart.duration",
         [](const RunRow& run, const ReportFigures&) {
             return std::optional(secondsOf(*run.finishedAt - run.startedAt));
         }},
        {"job.chart.lag", [](const RunRow&, const ReportFigures& report) { return asDouble(report.backlog()); }},
        {"job.chart.delay", [](const RunRow& run, const ReportFigures&) -> std::optional<double> {
             if (run.trigger != Trigger::Schedule) return std::nullopt;
             return secondsOf(std::max(run.startedAt - run.scheduledAt, std::chrono::microseconds(0)));
         }}};
    std::vector<RunChart> charts;
    for (const auto& [key, measure] : measures)
        if (auto chart = chartOf(reader, runs, reader.texts.say(key), measure); !chart.points.empty())
            charts.push_back(std::move(chart));
    return charts;
}

std::vector<PlannedSlot> nextFirings(const JobRef& job, TimePoint after, std::size_t count) {
    std::vector<PlannedSlot> firings;
    const auto settings = job.settings();
    if (job.isFaulty() || settings->schedule.empty()) return firings;
    const auto table = timetableOf(*settings, settings->schedule, job.name());
    for (std::size_t i = 0; i < count; ++i) {
        const Ahead ahead = table->ahead(after, kOffSlots);
        for (const auto& off : ahead.off) firings.push_back({off.slot, off.reason});
        if (!ahead.fires) break;
        firings.push_back({*ahead.fires, {}});
        after = *ahead.fires;
    }
    return firings;
}

HttpResponse JobPage::answer(const PageFrame& frame, const PageRequest& request, const JobSource& source) const {
    const Reader& reader = request.reader;
    const Texts& texts = reader.texts;
    const std::string name = source.job.name();
    Fields fields;
    setActing(fields, request.caller, name);
    setState(fields, reader, source);
    setLast(fields, reader, source);
    fields.set("job", name);
    fields.set("self", jobPath(name));
    fields.set("title", source.state.title.empty() ? name : source.state.title);
    fields.set("hasSlug", asFlag(!source.state.title.empty() && source.state.title != name));
    const auto settings = source.job.settings();
    const Texts& own = request.textsOf(settings->plugin);
    setText(fields, "unmet", unmetInWords(texts, source.unmet));
    fields.set("keepsRejects", asFlag(source.abilities.keepsRejects));
    fields.set("keepsItems", asFlag(source.abilities.keepsItems));
    setText(fields, "rejects", source.openRejects == 0 ? "" : numberText(texts, source.openRejects));
    fields.set("hasExpectations", asFlag(!settings->expectations.empty()));
    fields.set("expectations", expectationLines(texts, own, settings->expectations, source.unmet));
    fields.set("task", settings->plugin + " / " + settings->task);
    fields.set("runWords", own.word("task", settings->task + ".run", texts.say("job.run")));
    fields.set("schedule", scheduleWords(reader, source.job));
    fields.set("scheduleText", settings->schedule);
    std::vector<Fields> offWords;
    for (const auto& words : scheduleOffWords(reader, source.job)) offWords.emplace_back("words", words);
    fields.set("offWords", asList(std::move(offWords)));
    setText(fields, "offNow", offNow(reader, source));
    fields.set("hasSchedule", asFlag(!settings->schedule.empty()));
    fields.set("hasFirings", asFlag(!source.firings.empty()));
    fields.set("firings", firingsOf(reader, source.firings));
    fields.set("charts", chartsOf(reader, source.lastRuns));
    fields.set("hasCharts", asFlag(source.lastRuns.size() > 1));
    fields.set("runs", runLines(reader, source.runs));
    fields.set("hasRuns", asFlag(!source.runs.empty()));
    fields.set("noRuns", asFlag(source.runs.empty()));
    fields.set("runsCaption", texts.say("job.runs.caption", {{"job", name}}));
    setFilter(fields, texts, source.filter);
    setText(fields, "next", source.next);
    fields.set("notFirst", asFlag(!source.isFirst));
    fields.set("isCutShort", asFlag(source.lookedBackTo.has_value()));
    if (source.lookedBackTo) fields.set("lookedBackTo", timeElement(reader, *source.lookedBackTo, TimeForm::Full));
    setText(fields, "notice", source.notice);
    PageHead head{name, "", {"chart.min.js", "charts.js", "live.js"}};
    return frame.page(request, head, _template.render(fields, texts));
}

}  // namespace carillon
