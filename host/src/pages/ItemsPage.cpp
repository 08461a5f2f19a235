#include "pages/ItemsPage.h"

#include "pages/JobWords.h"
#include "pages/RejectsPage.h"
#include "record/Words.h"
#include "schedule/ItemMoment.h"
#include "words/HostTexts.h"

#include <optional>

namespace carillon {
namespace {

const char* colourOf(ItemState state) {
    return state == ItemState::Applied ? "good" : state == ItemState::Rejected ? "warn" : "calm";
}

/// Their names as the plugin calls them; what is empty is left out.
Fields factsOf(const Reader& reader, const Texts& own, const Item::Facts& facts) {
    std::vector<Fields> lines;
    for (const auto& [name, text] : facts) {
        if (text.empty()) continue;
        Fields line;
        line.set("name", own.word("item", name));
        const auto at = momentIn(name, text);
        line.set("text", at ? "" : text);
        line.set("time", at ? timeElement(reader, *at) : "");
        lines.push_back(std::move(line));
    }
    return asList(std::move(lines));
}

void setDismissal(Fields& fields, const Reader& reader, const Item& item) {
    fields.set("hasDismissal", asFlag(item.dismissal.has_value()));
    if (!item.dismissal) return;
    fields.set("dismissedBy", reader.texts.say("items.dismissedby", {{"name", item.dismissal->by}}));
    fields.set("dismissedAt", timeElement(reader, item.dismissal->at));
    fields.set("dismissal", item.dismissal->reason);
}

Fields itemOf(const Reader& reader, const Texts& own, const Item& item) {
    const Texts& texts = reader.texts;
    Fields fields;
    fields.set("id", std::to_string(item.id));
    fields.set("item", item.what);
    fields.set("choose", texts.say("rejects.choose", {{"item", item.what}}));
    fields.set("isOpen", asFlag(item.state == ItemState::Rejected));
    fields.set("state", texts.say("items.state." + std::string(nameOf(item.state))));
    fields.set("colour", colourOf(item.state));
    fields.set("received", timeElement(reader, item.receivedAt));
    fields.set("age", distanceElement(reader, item.receivedAt));
    fields.set("about", factsOf(reader, own, item.about));
    fields.set("people", factsOf(reader, own, item.people.value_or(Item::Facts{})));
    setText(fields, "reason", item.reason.empty() ? "" : own.word("reason", item.reason));
    setText(fields, "detail", item.detail);
    setText(fields, "storedAs", item.storedAs);
    fields.set("acknowledged", item.acknowledged ? texts.say("items.acknowledged") : texts.say("items.unacknowledged"));
    fields.set("run", runPath(item.run));
    fields.set("runName", item.run);
    fields.set("hasRun", asFlag(!item.run.empty()));
    setDismissal(fields, reader, item);
    return fields;
}

void setForm(Fields& fields, const PageRequest& request, const ItemsSource& source) {
    const Texts& texts = request.texts();
    const ItemQuery& query = source.query;
    fields.set("campaign", query.campaign);
    fields.set("person", query.person);
    fields.set("token", query.token);
    fields.set("since", source.since);
    fields.set("states", asChoices({kItemStateNames.begin(), kItemStateNames.end()},
                                   query.state ? std::string(nameOf(*query.state)) : "",
                                   [&texts](const auto& state) { return texts.say("items.state." + state); }));
    fields.set("seesPeople", asFlag(request.caller.mayReadPeople(source.job)));
    const bool filtered = !query.campaign.empty() || !query.person.empty() || !query.token.empty() || query.state ||
                          !source.since.empty();
    fields.set("filtered", asFlag(filtered));
    fields.set("none", texts.say(filtered ? "items.nomatch" : "items.none"));
}

}  // namespace

DismissRequest dismissWishOf(const HttpRequest& request) {
    DismissRequest wish;
    wish.ids = replayWishOf(request).ids;
    if (wish.ids.empty()) throw HttpRefusal(problem(400, "no-reject", sayHost("request.noreject")));
    wish.reason = request.formField("reason");
    return wish;
}

HttpResponse ItemsPage::answer(const PageFrame& frame, const PageRequest& request, const ItemsSource& source) const {
    const Texts& texts = request.texts();
    const Texts& own = request.textsOf(source.plugin);
    std::vector<Fields> items;
    bool anyOpen = false;
    for (const auto& item : source.items) {
        items.push_back(itemOf(request.reader, own, item));
        anyOpen = anyOpen || item.state == ItemState::Rejected;
    }
    Fields fields;
    setActing(fields, request.caller, source.job);
    fields.set("job", source.job);
    fields.set("jobPath", jobPath(source.job));
    fields.set("heading", texts.say("items.title", {{"job", source.job}}));
    fields.set("hasItems", asFlag(!items.empty()));
    fields.set("items", asList(std::move(items)));
    fields.set("mayChoose", asFlag(anyOpen && request.caller.mayOperate(source.job)));
    setForm(fields, request, source);
    fields.set("notFirst", asFlag(source.query.before != 0));
    setText(fields, "next", source.next);
    return frame.page(request, {texts.say("items.title", {{"job", source.job}})}, _template.render(fields, texts));
}

HttpResponse ItemsPage::confirm(const PageFrame& frame, const PageRequest& request, const std::string& job,
                                const DismissRequest& wish) const {
    const Texts& texts = request.texts();
    std::vector<Fields> ids;
    for (const auto id : wish.ids) ids.emplace_back(Fields("id", std::to_string(id)));
    const std::string title = texts.say("dismiss.title", {{"job", job}});
    Fields fields;
    setActing(fields, request.caller, job);
    fields.set("heading", title);
    fields.set("jobPath", jobPath(job));
    fields.set("which", texts.count("dismiss.some", static_cast<std::int64_t>(wish.ids.size())));
    fields.set("ids", asList(std::move(ids)));
    return frame.page(request, {title, "", {}, jobPath(job) + "/rejects"}, _confirmation.render(fields, texts));
}

}  // namespace carillon
