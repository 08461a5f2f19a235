#include "alerts/AlertText.h"
#include "api/AlertReads.h"
#include "pages/JobWords.h"
#include "pages/OverviewPage.h"
#include "pages/PageService.h"

#include <memory>

namespace carillon {
namespace {

constexpr std::size_t kAlertsOfAPage = 50;

std::string colourOf(const AlertRow& row) {
    if (row.phase == AlertPhase::Sent) return "good";
    if (row.phase == AlertPhase::Dropped) return "calm";
    return row.attempts > 0 ? "bad" : "warn";
}

Fields alertFields(const Reader& reader, const AlertRow& row) {
    const Texts& texts = reader.texts;
    Fields fields;
    fields.set("at", timeElement(reader, row.createdAt));
    fields.set("age", distanceElement(reader, row.createdAt));
    setText(fields, "job", row.alert.job);
    fields.set("jobPath", jobPath(row.alert.job));
    const bool isPing = row.channel == AlertChannel::Ping;
    fields.set("what", isPing ? texts.say("alerts.ping") : alertHeadline(row.alert, texts.language()));
    setText(fields, "run", row.alert.run);
    fields.set("runPath", runPath(row.alert.run));
    fields.set("channel", texts.say("alerts.channel." + std::string(nameOf(row.channel))));
    fields.set("state", texts.say("alerts.state." + std::string(nameOf(row.phase))));
    fields.set("colour", colourOf(row));
    setText(fields, "attempts", row.attempts > 1 ? texts.count("alerts.attempts", row.attempts) : "");
    setText(fields, "problem", row.problem);
    const bool isAhead = !row.endedAt && row.dueAt > reader.now;
    setText(fields, "next", isAhead ? distanceElement(reader, row.dueAt) : "");
    return fields;
}

Alarm alarmOf(const Reader& reader, const JobTrouble& trouble) {
    if (trouble.kind == JobTrouble::Kind::Failed)
        return {reader.texts.say("alarm.failed", {{"job", trouble.job}}), reader.texts.say("alarm.failed.todo"),
                trouble.message, trouble.run.empty() ? jobPath(trouble.job) : runPath(trouble.run)};
    auto alarms = alarmsOfJobs(reader, {trouble});
    return alarms.empty() ? Alarm{} : std::move(alarms.front());
}

/// What needs a person now.
Fields openOnes(const Reader& reader, const Caller& caller, const std::vector<JobTrouble>& troubles) {
    std::vector<Fields> items;
    for (const auto& trouble : troubles) {
        if (!caller.mayView(trouble.job)) continue;
        const Alarm alarm = alarmOf(reader, trouble);
        Fields fields("what", alarm.what);
        fields.set("todo", alarm.todo);
        setText(fields, "detail", alarm.detail);
        fields.set("detailLanguage", alarm.detailLanguage);
        fields.set("path", alarm.path);
        const bool isKnown = trouble.since != TimePoint{};
        setText(fields, "since", isKnown ? distanceElement(reader, trouble.since) : "");
        items.push_back(std::move(fields));
    }
    return asList(std::move(items));
}

Fields snoozesOf(const Reader& reader, const Caller& caller, const std::map<std::string, TimePoint>& snoozes) {
    std::vector<Fields> items;
    for (const auto& [job, until] : snoozes) {
        if (!caller.mayView(job)) continue;
        Fields fields("job", job);
        fields.set("path", jobPath(job));
        fields.set("until", timeElement(reader, until));
        items.push_back(std::move(fields));
    }
    return asList(std::move(items));
}

template <class Enum>
Fields choicesOf(const Texts& texts, const std::string& prefix, const std::string& chosen) {
    const auto& names = kEnumNames<Enum>;
    return asChoices({names.begin(), names.end()}, chosen,
                     [&](const auto& name) { return texts.say("alerts." + prefix + '.' + name); });
}

/// `jobs`: to choose from.
void setFilter(Fields& fields, const Texts& texts, const AlertWords& words, const std::vector<std::string>& jobs) {
    fields.set("jobs", asChoices(jobs, words.job));
    fields.set("kinds", choicesOf<AlertKind>(texts, "kind", words.kind));
    fields.set("channels", choicesOf<AlertChannel>(texts, "channel", words.channel));
    fields.set("states", choicesOf<AlertPhase>(texts, "state", words.state));
    fields.set("since", words.since);
    fields.set("until", words.until);
    fields.set("filtered", asFlag(!words.empty()));
}

void setRows(Fields& fields, const PageRequest& request, const VisibleAlerts& found) {
    std::vector<Fields> rows;
    for (const auto& row : found.rows) rows.push_back(alertFields(request.reader, row));
    fields.set("hasRows", asFlag(!rows.empty()));
    fields.set("rows", asList(std::move(rows)));
    setText(fields, "next", nextPath(request, found.next));
    fields.set("notFirst", asFlag(request.request.query.has("cursor")));
}

HttpResponse showAlerts(PageService& service, const Template& page, const PageRequest& request, const WebCall& call) {
    const Texts& texts = request.texts();
    auto& context = service.context();
    const auto standings = context.standings.read();
    AlertQuery query = alertQueryOf(context, call);
    query.limit = kAlertsOfAPage;
    Fields fields;
    setFilter(fields, texts, alertWordsOf(call),
              visibleJobs(call.caller, *context.host.configuration(), "", kJobsOfAPage).names);
    setRows(fields, request, visibleAlerts(context, call.caller, query));
    auto open = openOnes(request.reader, call.caller, standings->troubles);
    fields.set("hasOpen", asFlag(open.is_non_empty_list()));
    fields.set("open", std::move(open));
    auto snoozes = snoozesOf(request.reader, call.caller, standings->snoozes);
    fields.set("hasSnoozes", asFlag(snoozes.is_non_empty_list()));
    fields.set("snoozes", std::move(snoozes));
    return service.frame().page(request, {texts.say("alerts.title"), "alerts"}, page.render(fields, texts));
}

}  // namespace

void addAlertsPage(Router& router, PageService& service) {
    const auto page = std::make_shared<const Template>("alerts.html");
    service.add(router, "GET", "/alerts", Need::Viewer, [&service, page](const auto& request, const auto& call) {
        return showAlerts(service, *page, request, call);
    });
}

}  // namespace carillon
