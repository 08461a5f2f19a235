#include "pages/ActivityPage.h"

#include "api/ActivityReads.h"
#include "pages/JobWords.h"
#include "pages/PageService.h"
#include "store/ActivityLog.h"

#include <memory>

namespace carillon {
namespace {

constexpr std::size_t kRowsOfAPage = 50;

std::string actWords(const Texts& texts, const std::string& name) {
    return texts.say("activity.act." + name);
}

/// Who they are by the host's words, or by name, with who is behind them.
std::string whoWords(const Texts& texts, const Actor& actor) {
    if (actor.name.empty()) return texts.say("activity.actor." + std::string(nameOf(actor.kind)));
    if (actor.behind.empty()) return actor.name;
    return texts.say("activity.actor.sudo", {{"name", actor.name}, {"behind", actor.behind}});
}

std::string viaWords(const Texts& texts, const Activity& row) {
    const auto& actor = row.actor;
    std::string key(nameOf(actor.via));
    if (actor.via == ActVia::CommandLine) key = "command";
    if (actor.kind == ActorKind::Token) key = "token";
    const std::string words = actor.via == ActVia::Host ? "" : texts.say("activity.via." + key);
    return words + (words.empty() || actor.address.empty() ? "" : ", ") + actor.address;
}

/// A run has a page; a user or a token a name.
bool isRun(const Activity& row) {
    return row.what == Act::Run || row.what == Act::Stop || row.what == Act::Replay || row.what == Act::Dismiss;
}

Fields rowOf(const Reader& reader, const Activity& row) {
    Fields fields;
    fields.set("at", timeElement(reader, row.at));
    fields.set("age", distanceElement(reader, row.at));
    fields.set("who", whoWords(reader.texts, row.actor));
    fields.set("via", viaWords(reader.texts, row));
    const std::string words = actWords(reader.texts, std::string(nameOf(row.what)));
    const std::string ended = "activity." + std::string(nameOf(row.outcome));
    fields.set("act", row.outcome == ActOutcome::Done ? words : reader.texts.say(ended, {{"act", words}}));
    const bool isBad = row.isRefused() || row.outcome == ActOutcome::Failed;
    fields.set("colour", isBad ? "bad" : "calm");
    setText(fields, "times", row.times > 1 ? reader.texts.count("activity.times", row.times) : "");
    setText(fields, "job", row.job);
    fields.set("jobPath", jobPath(row.job));
    fields.set("subject", row.subject);
    fields.set("runPath", runPath(row.subject));
    fields.set("hasRun", asFlag(isRun(row) && !row.subject.empty()));
    fields.set("hasName", asFlag(!isRun(row) && !endOf(row) && !row.subject.empty()));
    const auto end = endOf(row);
    fields.set("hasEnd", asFlag(end.has_value()));
    if (end)
        fields.set("end", reader.texts.say("activity.until", {{"end", timeElement(reader, *end, TimeForm::Full)}}));
    const std::string note = inWords(reader, row.note);
    setText(fields, "note", row.what == Act::Pause ? note : "");
    setText(fields, "detail", row.what == Act::Pause ? "" : note);
    setText(fields, "reason", inWords(reader, row.reason));
    return fields;
}

HttpResponse showActivity(PageService& service, const ActivityPage& page, const PageRequest& request,
                          const WebCall& call) {
    auto& context = service.context();
    ActivitySource source;
    source.query = activityQueryOf(context, call);
    source.query.limit = kRowsOfAPage;
    source.since = call.request.query.get("since", "");
    source.jobs = visibleJobs(call.caller, *context.host.configuration(), "", kJobsOfAPage).names;
    source.seesAll = seesAllActivity(call.caller);
    auto found = visibleActivity(context, call.caller, source.query);
    source.rows = std::move(found.rows);
    source.next = nextPath(request, found.next == 0 ? "" : std::to_string(found.next));
    return page.answer(service.frame(), request, source);
}

}  // namespace

HttpResponse ActivityPage::answer(const PageFrame& frame, const PageRequest& request,
                                  const ActivitySource& source) const {
    const Texts& texts = request.texts();
    const auto& query = source.query;
    std::vector<Fields> rows;
    for (const auto& row : source.rows) rows.push_back(rowOf(request.reader, row));
    Fields fields;
    fields.set("hasRows", asFlag(!rows.empty()));
    fields.set("rows", asList(std::move(rows)));
    fields.set("scope", source.seesAll ? texts.say("activity.all") : texts.say("activity.some"));
    fields.set("jobs", asChoices(source.jobs, query.job));
    fields.set("by", query.by);
    fields.set("acts", asChoices({kEnumNames<Act>.begin(), kEnumNames<Act>.end()},
                                 query.what ? std::string(nameOf(*query.what)) : "",
                                 [&texts](const auto& act) { return actWords(texts, act); }));
    fields.set("spans", asChoices({"1h", "1d", "7d", "30d"}, source.since,
                                  [&texts](const auto& span) { return texts.say("activity.span." + span); }));
    fields.set("filtered", asFlag(!query.job.empty() || !query.by.empty() || query.what || !source.since.empty()));
    fields.set("notFirst", asFlag(query.before != 0));
    fields.set("self", "/activity");
    setText(fields, "next", source.next);
    return frame.page(request, {texts.say("activity.title"), "activity"}, _template.render(fields, texts));
}

void addActivityPage(Router& router, PageService& service) {
    const auto page = std::make_shared<const ActivityPage>();
    service.add(router, "GET", "/activity", Need::Viewer, [&service, page](const auto& request, const auto& call) {
        return showActivity(service, *page, request, call);
    });
}

}  // namespace carillon
