#include "pages/LedgerPage.h"

#include "api/Filters.h"
#include "pages/DayBook.h"
#include "pages/JobWords.h"
#include "pages/LedgerReads.h"
#include "pages/PageService.h"
#include "record/ReasonWords.h"
#include "schedule/LocalTime.h"

#include <memory>

namespace carillon {
namespace {

constexpr std::size_t kSlotsOfAPage = 100;

/// How the slot ended: of one that ran, how its run did.
Badge badgeOf(const Texts& texts, const SlotRow& slot, const RunRow* run) {
    if (slot.ending == SlotEnding::Ran && run != nullptr) return badgeOfRun(texts, *run);
    const bool isMissed = slot.ending == SlotEnding::Missed;
    return {texts.word("mark", std::string(nameOf(slot.ending))), isMissed                             ? "bad"
                                                                  : slot.ending == SlotEnding::Skipped ? "warn"
                                                                                                       : "calm"};
}

/// Where it is told in full.
std::string whyPath(const Reader& reader, const SlotRow& slot) {
    std::string at = toLocalRfc3339(slot.slotAt, *reader.zone).substr(0, 19);
    at[10] = ' ';
    return jobPath(slot.job) + "/why?at=" + encodeUrl(at);
}

Fields rowOf(const Reader& reader, const LedgerSource& source, const SlotRow& slot) {
    const auto run = source.runs.find(slot.run);
    const RunRow* const known = run == source.runs.end() ? nullptr : &run->second;
    const auto title = source.titles.find(slot.job);
    Fields fields = badgeFields(badgeOf(reader.texts, slot, known));
    fields.set("at", timeElement(reader, slot.slotAt));
    fields.set("age", distanceElement(reader, slot.slotAt));
    fields.set("job", slot.job);
    fields.set("title", title == source.titles.end() ? slot.job : title->second);
    fields.set("hasSlug", asFlag(title != source.titles.end() && title->second != slot.job));
    fields.set("jobPath", jobPath(slot.job));
    fields.set("trigger", reader.texts.word("trigger", std::string(nameOf(slot.trigger))));
    setText(fields, "run", slot.run);
    fields.set("runPath", runPath(slot.run));
    const bool isTold = slot.ending != SlotEnding::Ran;
    setText(fields, "reason", isTold ? reasonInWords(slot.reason, reader.texts.language()) : "");
    const Message message = isTold || known == nullptr ? Message() : messageOf(*known);
    setText(fields, "message", inWords(reader, message));
    fields.set("messageLanguage", languageOf(reader, message));
    fields.set("took", known != nullptr && known->finishedAt
                           ? durationText(reader.texts, *known->finishedAt - known->startedAt)
                           : "");
    fields.set("whyPath", whyPath(reader, slot));
    return fields;
}

void setFilter(Fields& fields, const Texts& texts, const LedgerSource& source) {
    const auto& filter = source.filter;
    fields.set("jobs", asChoices(source.jobs, source.job));
    const auto& endings = kEnumNames<SlotEnding>;
    fields.set("endings", asChoices({endings.begin(), endings.end()}, filter.outcome,
                                    [&texts](const auto& ending) { return texts.word("mark", ending); }));
    const auto& triggers = kEnumNames<Trigger>;
    fields.set("triggers", asChoices({triggers.begin(), triggers.end() - 1}, filter.trigger,  // all but other
                                     [&texts](const auto& trigger) { return texts.word("trigger", trigger); }));
    fields.set("since", filter.since);
    fields.set("until", filter.until);
    fields.set("text", filter.text);
    fields.set(
        "filtered",
        asFlag(!(source.job + filter.outcome + filter.trigger + filter.since + filter.until + filter.text).empty()));
}

HttpResponse showLedger(PageService& service, const LedgerPage& page, const PageRequest& request, const WebCall& call) {
    auto& context = service.context();
    const auto configuration = context.host.configuration();
    LedgerSource source;
    source.job = call.request.query.get("job", "");
    if (!source.job.empty() && !call.caller.mayView(source.job)) refuseJob(source.job);
    source.jobs = visibleJobs(call.caller, *configuration, "", kJobsOfAPage).names;
    source.filter = filterWordsOf(call, "end");
    const auto place = ledgerPlaceOf(call);
    source.isFirst = !place;
    SlotQuery query = slotFilterOf(context, call, source.job);
    query.limit = kSlotsOfAPage;
    auto found = visibleSlots(context, call.caller, query, place);
    source.slots = std::move(found.slots);
    source.lookedBackTo = found.lookedBackTo;
    source.next = nextPath(request, found.next ? found.next->text() : "");
    source.runs = context.stores.with([&source](RunStore& store) {
        std::map<std::string, RunRow> runs;
        for (const auto& slot : source.slots)
            if (slot.ending == SlotEnding::Ran && !slot.run.empty())
                if (auto run = store.run(slot.run)) runs.emplace(slot.run, std::move(*run));
        return runs;
    });
    for (const auto& slot : source.slots)
        if (const auto job = configuration->find(slot.job); job && !job->title().empty())
            source.titles[slot.job] = job->title();
    return page.answer(service.frame(), request, source);
}

}  // namespace

HttpResponse LedgerPage::answer(const PageFrame& frame, const PageRequest& request, const LedgerSource& source) const {
    const Texts& texts = request.texts();
    std::vector<Fields> rows;
    for (const auto& slot : source.slots) rows.push_back(rowOf(request.reader, source, slot));
    Fields fields;
    fields.set("hasRows", asFlag(!rows.empty()));
    fields.set("rows", asList(std::move(rows)));
    setFilter(fields, texts, source);
    fields.set("notFirst", asFlag(!source.isFirst));
    fields.set("self", source.job.empty() ? "/ledger" : "/ledger?job=" + encodeUrl(source.job));
    setText(fields, "next", source.next);
    fields.set("isCutShort", asFlag(source.lookedBackTo.has_value()));
    if (source.lookedBackTo)
        fields.set("lookedBackTo", timeElement(request.reader, *source.lookedBackTo, TimeForm::Full));
    return frame.page(request, {texts.say("ledger.title"), "ledger"}, _template.render(fields, texts));
}

void addLedgerPage(Router& router, PageService& service) {
    const auto page = std::make_shared<const LedgerPage>();
    service.add(router, "GET", "/ledger", Need::Viewer, [&service, page](const auto& request, const auto& call) {
        return showLedger(service, *page, request, call);
    });
}

}  // namespace carillon
