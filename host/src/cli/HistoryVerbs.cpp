#include "carillon/Duration.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/Table.h"
#include "cli/TimeWords.h"
#include "schedule/TimeText.h"
#include "schedule/ZoneDatabase.h"
#include "store/FilterWords.h"
#include "store/RunStore.h"

#include <iostream>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

namespace carillon {
namespace {

struct HistoryOptions {
    std::string job{};
    std::size_t limit = 20;
    FilterWords words{};
    bool all = false;
    bool json = false;
};

std::string duration(const RunRow& run) {
    if (!run.finishedAt) return "";
    return secondsText(std::chrono::duration<double>(*run.finishedAt - run.startedAt).count());
}

void printHistory(const MessageTeller& teller, const std::vector<RunRow>& runs) {
    Table table(tableHeads({"run", "job", "started", "trigger", "outcome", "took", "message"}));
    for (const auto& run : runs) {
        const bool failed = run.outcome == Outcome::Failed;
        const bool undecided = !run.outcome || run.outcome == Outcome::Stopped;
        const Colour colour = undecided ? Colour::Yellow : failed ? Colour::Red : Colour::Green;
        table.add({{run.id},
                   {run.job},
                   {dateTimeText(run.startedAt)},
                   {cliTexts().word("trigger", std::string(nameOf(run.trigger)))},
                   {outcomeWord(run.outcome), colour},
                   {duration(run)},
                   {teller.tell(messageOf(run))}});
    }
    table.print();
}

void printLedger(const std::vector<SlotRow>& slots) {
    Table table(tableHeads({"slot", "job", "trigger", "end", "run", "reason"}));
    for (const auto& slot : slots)
        table.add({{dateTimeText(slot.slotAt)},
                   {slot.job},
                   {cliTexts().word("trigger", std::string(nameOf(slot.trigger)))},
                   {cliTexts().word("ending", std::string(nameOf(slot.ending))),
                    slot.ending == SlotEnding::Ran ? Colour::Green : Colour::Yellow},
                   {slot.run},
                   {reasonWords(slot.reason)}});
    table.print();
}

template <typename Row, typename Print>
void show(const Found<Row>& found, bool asJson, Print print) {
    if (asJson)
        printJsonList(found.rows, [](JsonWriter& json, const auto& row) { writePublic(json, row); });
    else
        print(found.rows);
    if (found.lookedBackTo)
        std::cerr << cliText("history.lookedback", {{"when", dateTimeWords(*found.lookedBackTo)}}) << '\n';
}

/// How runs and slots end, as the words of the command say it.
template <typename Query>
std::vector<std::string_view> endsOf() {
    constexpr bool isOfRuns = std::is_same_v<Query, RunQuery>;
    const auto& names = kEnumNames<std::conditional_t<isOfRuns, Outcome, SlotEnding>>;
    std::vector<std::string_view> ends(names.begin(), names.end());
    if (isOfRuns) ends.emplace_back("running");
    return ends;
}

/// What apply() would refuse in English.
template <typename Query>
void requireGood(const FilterWords& words, const HostConfig& host) {
    if (!words.since.empty()) typedTime("--since", words.since, host);
    if (!words.until.empty()) typedTime("--until", words.until, host);
    requireOneOf("--trigger", words.trigger, kEnumNames<Trigger>);
    requireOneOf(std::is_same_v<Query, RunQuery> ? "--outcome" : "--end", words.outcome, endsOf<Query>());
    if (!words.longer.empty() && !parseDuration(words.longer))
        throw UsageError(cliText("history.badlonger", {{"longer", words.longer}}));
}

/// `read` takes the host, the store, the query that the words mean, and whether JSON is wanted, and shows what it
/// finds.
template <typename Query, typename Read>
Verb addVerb(Cli& cli, const char* name, const char* description, const std::shared_ptr<HistoryOptions>& options,
             Read read) {
    auto verb = cli.root.verb(name, description);
    verb.option("JOB", options->job, "One job; else all of them").notEmpty();
    verb.count("-n,--limit", options->limit, "How many, newest first");
    verb.option("--since", options->words.since, "From this time on, such as 2026-11-28, '2026-11-28 03:00' or 03:00")
        .notEmpty();
    verb.option("--until", options->words.until, "Up to the end of this minute or day").notEmpty();
    verb.option("--trigger", options->words.trigger, "Only of this one, such as schedule or cli").notEmpty();
    verb.flag("--all", options->all, "Look through all, however long it takes, not only what is newest");
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options, read] {
        const HostConfig host = requireHost(cli);
        if (!options->job.empty()) requireKnownJob(host, options->job);
        const SystemClock clock;
        Query query{options->job, options->limit};
        query.mostLookedAt = options->all ? 0 : kMostLookedAt;
        requireGood<Query>(options->words, host);
        apply(options->words, *findTimeZone(host.timezone), clock.now(), query);
        RunStore store(host.stateDir, clock);
        read(host, store, query, options->json);
    });
    return verb;
}

}  // namespace

void addHistoryVerbs(Cli& cli) {
    const auto runs = std::make_shared<HistoryOptions>();
    auto history = addVerb<RunQuery>(cli, "history", "List the runs", runs,
                                     [](const HostConfig& host, RunStore& store, const RunQuery& query, bool asJson) {
                                         show(store.search(query), asJson, [&host](const std::vector<RunRow>& found) {
                                             printHistory(MessageTeller(host), found);
                                         });
                                     });
    history.option("--outcome", runs->words.outcome, "Only: succeeded, nothing_to_do, failed, stopped or running")
        .notEmpty();
    history.option("--longer", runs->words.longer, "Only those that took as long, such as 5m").notEmpty();
    history.option("--text", runs->words.text, "Only those with this in their message").notEmpty();
    const auto slots = std::make_shared<HistoryOptions>();
    auto ledger = addVerb<SlotQuery>(cli, "ledger", "List every due time and how it ended", slots,
                                     [](const HostConfig&, RunStore& store, const SlotQuery& query, bool asJson) {
                                         show(store.search(query), asJson, printLedger);
                                     });
    ledger.option("--end", slots->words.outcome, "Only: ran, skipped, merged or missed").notEmpty();
    ledger.option("--text", slots->words.text, "Only those with this in their reason").notEmpty();
}

}  // namespace carillon
