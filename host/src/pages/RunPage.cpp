#include "pages/RunPage.h"

#include "pages/ExpectationLines.h"
#include "pages/JobWords.h"
#include "pages/PageFrame.h"
#include "pages/ReportFigures.h"
#include "pages/RunProgress.h"
#include "schedule/LocalTime.h"

#include <algorithm>

namespace carillon {
namespace {

Fields countersOf(const Texts& texts, const Texts& own, const ReportFigures& figures) {
    std::vector<Fields> items;
    for (const Figure& figure : figures.shown()) {
        Fields fields;
        fields.set("name", own.word("counter", figure.name));
        fields.set("value", numberText(texts, figure.value));
        items.push_back(std::move(fields));
    }
    return asList(std::move(items));
}

Fields warningsOf(const Reader& reader, const ReportFigures& figures) {
    std::vector<Fields> items;
    const auto add = [&items](const std::string& text, const std::string& language) {
        Fields fields("warning", text);
        fields.set("warningLanguage", language);
        items.push_back(std::move(fields));
    };
    for (const auto& warning : figures.warnings()) add(inWords(reader, warning), languageOf(reader, warning));
    if (figures.warningsOmitted() > 0)
        add(reader.texts.count("run.omitted", figures.warningsOmitted()), std::string(reader.texts.code()));
    return asList(std::move(items));
}

void setTimes(Fields& fields, const Reader& reader, const RunRow& run) {
    fields.set("scheduled", timeElement(reader, run.scheduledAt, TimeForm::Full));
    fields.set("started", timeElement(reader, run.startedAt, TimeForm::Full));
    fields.set("age", distanceElement(reader, run.startedAt));
    fields.set("hasEnded", asFlag(run.finishedAt.has_value()));
    fields.set("isRunning", asFlag(!run.finishedAt));
    if (!run.finishedAt) return;
    fields.set("finished", timeElement(reader, *run.finishedAt, TimeForm::Full));
    fields.set("took", durationText(reader.texts, *run.finishedAt - run.startedAt));
}

}  // namespace

Fields logFields(const Reader& reader, const std::vector<LogEntry>& entries) {
    std::vector<Fields> items;
    items.reserve(entries.size());
    for (const auto& entry : entries) {
        const auto at = parseRfc3339(entry.time);
        Fields fields;
        fields.set("time", at ? timeElement(reader, *at) : "");
        fields.set("level", entry.level);
        fields.set("levelWords", reader.texts.word("level", entry.level));
        fields.set("job", entry.job);
        fields.set("jobPath", jobPath(entry.job));
        fields.set("text", entry.text);
        items.push_back(std::move(fields));
    }
    return asList(std::move(items));
}

std::string cutText(const Texts& texts) {
    return texts.say("log.cut", {{"megabytes", std::to_string(kBytesLookedAt / 1'000'000)}});
}

HttpResponse RunPage::answer(const PageFrame& frame, const PageRequest& request, const RunSource& source) const {
    const Reader& reader = request.reader;
    const Texts& texts = reader.texts;
    const RunRow& run = source.run;
    const ReportFigures figures(run);
    const Badge badge = badgeOfRun(texts, run);
    Fields fields;
    setActing(fields, request.caller, run.job);
    setTimes(fields, reader, run);
    fields.set("progress", progressBar(reader, {run.id, run.startedAt, source.progress, source.usual}));
    fields.set("run", run.id);
    fields.set("self", runPath(run.id));
    fields.set("job", run.job);
    fields.set("jobPath", jobPath(run.job));
    fields.set("jobExists", asFlag(source.jobExists));
    fields.set("words", badge.words);
    fields.set("colour", badge.colour);
    fields.set("failed", asFlag(run.outcome == Outcome::Failed));
    const Message message = messageOf(run);
    setText(fields, "message", inWords(reader, message));
    fields.set("messageLanguage", languageOf(reader, message));
    fields.set("trigger", texts.word("trigger", std::string(nameOf(run.trigger))));
    fields.set("attempt", std::to_string(run.attempt));
    fields.set("givenUp", asFlag(figures.isGivenUp()));
    fields.set("host", run.host);
    fields.set("hasCounters", asFlag(figures.hasAny()));
    fields.set("counters", countersOf(texts, request.textsOf(source.plugin), figures));
    const bool isUnmet =
        std::any_of(source.findings.begin(), source.findings.end(), [](const auto& finding) { return !finding.isMet; });
    fields.set("isUnmet", asFlag(isUnmet));
    fields.set("unmet", unmetLines(texts, request.textsOf(source.plugin), source.findings));
    fields.set("keepsRejects", asFlag(source.keepsRejects));
    fields.set("hasWarnings", asFlag(!figures.warnings().empty()));
    fields.set("warnings", warningsOf(reader, figures));
    fields.set("hasLines", asFlag(!source.log.empty()));
    fields.set("lines", logFields(reader, source.log));
    fields.set("noLog", texts.say(source.hasLogFile ? "run.nolog" : "run.filelog"));
    fields.set("isCut", asFlag(source.isLogCut));
    fields.set("cut", cutText(texts));
    setText(fields, "notice", source.notice);
    PageHead head{texts.say("run.title") + ' ' + run.id, "", {"live.js"}};
    return frame.page(request, head, _template.render(fields, texts));
}

}  // namespace carillon
