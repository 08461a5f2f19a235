#include "pages/RejectsPage.h"

#include "carillon/Duration.h"
#include "pages/JobWords.h"
#include "pages/PageFrame.h"
#include "words/HostTexts.h"

#include <charconv>
#include <set>

namespace carillon {
namespace {

Fields rejectsOf(const Reader& reader, const Texts& own, const std::vector<Reject>& rejects) {
    std::vector<Fields> items;
    for (const auto& reject : rejects) {
        Fields fields;
        fields.set("id", std::to_string(reject.id));
        fields.set("item", reject.what);
        fields.set("choose", reader.texts.say("rejects.choose", {{"item", reject.what}}));
        fields.set("reason", own.word("reason", reject.reason));
        fields.set("detail", inWords(reader, reject.detail));
        fields.set("detailLanguage", languageOf(reader, reject.detail));
        fields.set("received", timeElement(reader, reject.receivedAt));
        fields.set("age", distanceElement(reader, reject.receivedAt));
        fields.set("run", runPath(reject.run));
        fields.set("runName", reject.run);
        fields.set("hasRun", asFlag(!reject.run.empty()));
        items.push_back(std::move(fields));
    }
    return asList(std::move(items));
}

/// Those on the page, and the one that is chosen: the task alone knows them all.
Fields reasonsOf(const Texts& own, const RejectsSource& source) {
    std::set<std::string> reasons;
    for (const auto& reject : source.rejects) reasons.insert(reject.reason);
    if (!source.reason.empty()) reasons.insert(source.reason);
    return asChoices({reasons.begin(), reasons.end()}, source.reason,
                     [&own](const auto& reason) { return own.word("reason", reason); });
}

std::int64_t idOf(const std::string& text) {
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size())
        throw HttpRefusal(problem(400, "", sayHost("request.rejectid", {{"given", text}})));
    return id;
}

}  // namespace

TimePoint receivedBefore(const std::string& older, TimePoint now) {
    if (older.empty()) return {};
    const auto age = parseDuration(older);
    if (!age) throw HttpRefusal(problem(400, "", sayHost("request.older", {{"given", older}})));
    return now - *age;
}

ReplayWish replayWishOf(const HttpRequest& request) {
    ReplayWish wish;
    for (const auto& [name, value] : request.form()) {
        if (name == "all" && !value.empty()) wish.all = true;
        if (name == "id") wish.ids.push_back(idOf(value));
    }
    if (wish.all) wish.ids.clear();
    // No id would mean all of them.
    if (!wish.all && wish.ids.empty()) throw HttpRefusal(problem(400, "no-reject", sayHost("request.noreject")));
    return wish;
}

HttpResponse RejectsPage::answer(const PageFrame& frame, const PageRequest& request,
                                 const RejectsSource& source) const {
    const Texts& texts = request.texts();
    const Texts& own = request.textsOf(source.plugin);
    const bool filtered = !source.reason.empty() || !source.older.empty();
    Fields fields;
    setActing(fields, request.caller, source.job);
    fields.set("job", source.job);
    fields.set("jobPath", jobPath(source.job));
    fields.set("heading", texts.say("rejects.title", {{"job", source.job}}));
    fields.set("keepsItems", asFlag(source.keepsItems));
    fields.set("hasRejects", asFlag(!source.rejects.empty()));
    fields.set("rejects", rejectsOf(request.reader, own, source.rejects));
    fields.set("none", texts.say(filtered ? "rejects.nomatch" : "rejects.none"));
    fields.set("reasons", reasonsOf(own, source));
    fields.set("ages", asChoices({"1h", "6h", "1d", "7d", "30d"}, source.older,
                                 [&texts](const auto& age) { return spanText(texts, *parseDuration(age)); }));
    fields.set("filtered", asFlag(filtered));
    fields.set("notFirst", asFlag(!source.isFirst));
    setText(fields, "next", source.next);
    PageHead head{texts.say("rejects.title", {{"job", source.job}})};
    return frame.page(request, head, _template.render(fields, texts));
}

HttpResponse RejectsPage::confirm(const PageFrame& frame, const PageRequest& request, const std::string& job,
                                  const ReplayWish& wish) const {
    const Texts& texts = request.texts();
    std::vector<Fields> ids;
    for (const auto id : wish.ids) ids.emplace_back(Fields("id", std::to_string(id)));
    Fields fields;
    setActing(fields, request.caller, job);
    fields.set("heading", texts.say("replay.title", {{"job", job}}));
    fields.set("jobPath", jobPath(job));
    fields.set("which", wish.all ? texts.say("replay.all")
                                 : texts.count("replay.some", static_cast<std::int64_t>(wish.ids.size())));
    fields.set("ids", asList(std::move(ids)));
    fields.set("all", asFlag(wish.all));
    PageHead head{texts.say("replay.title", {{"job", job}}), "", {}, jobPath(job) + "/rejects"};
    return frame.page(request, head, _confirmation.render(fields, texts));
}

}  // namespace carillon
