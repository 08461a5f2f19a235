#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/Table.h"
#include "schedule/TimeText.h"
#include "store/RunStore.h"

#include <memory>

namespace carillon {
namespace {

struct HistoryOptions {
    std::string job{};
    std::size_t limit = 20;
    bool json = false;
};

std::string duration(const RunRow& run) {
    if (!run.finishedAt) return "";
    char text[32];
    std::snprintf(text, sizeof text, "%.2f s", std::chrono::duration<double>(*run.finishedAt - run.startedAt).count());
    return text;
}

void printHistory(const std::vector<RunRow>& runs) {
    Table table({"RUN", "JOB", "STARTED", "TRIGGER", "OUTCOME", "TOOK", "MESSAGE"});
    for (const auto& run : runs) {
        const bool failed = run.outcome == Outcome::Failed;
        const bool undecided = !run.outcome || run.outcome == Outcome::Stopped;
        const Colour colour = undecided ? Colour::Yellow : failed ? Colour::Red : Colour::Green;
        table.add({{run.id},
                   {run.job},
                   {dateTimeText(run.startedAt)},
                   {std::string(nameOf(run.trigger))},
                   {run.outcome ? std::string(outcomeName(*run.outcome)) : "running", colour},
                   {duration(run)},
                   {run.message}});
    }
    table.print();
}

void printLedger(const std::vector<SlotRow>& slots) {
    Table table({"SLOT", "JOB", "TRIGGER", "END", "RUN", "REASON"});
    for (const auto& slot : slots)
        table.add({{dateTimeText(slot.slotAt)},
                   {slot.job},
                   {std::string(nameOf(slot.trigger))},
                   {std::string(nameOf(slot.ending)), slot.ending == SlotEnding::Ran ? Colour::Green : Colour::Yellow},
                   {slot.run},
                   {textOf(slot.reason)}});
    table.print();
}

template <typename Rows, typename Print>
void show(const Rows& rows, bool asJson, Print print) {
    if (!asJson) return print(rows);
    printJsonList(rows, [](JsonWriter& json, const auto& row) { writePublic(json, row); });
}

/// `read` takes the store, the job or none, and the limit, and shows what it finds.
template <typename Read>
void addVerb(Cli& cli, const char* name, const char* description, Read read) {
    auto options = std::make_shared<HistoryOptions>();
    auto verb = cli.root.verb(name, description);
    verb.option("JOB", options->job, "One job; else all of them");
    verb.count("-n,--limit", options->limit, "How many, newest first");
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options, read] {
        const HostConfig host = requireHost(cli);
        if (!options->job.empty()) requireKnownJob(host, options->job);
        const SystemClock clock;
        RunStore store(host.stateDir, clock);
        const auto job = options->job.empty() ? std::nullopt : std::optional(options->job);
        read(store, job, *options);
    });
}

}  // namespace

void addHistoryVerbs(Cli& cli) {
    using Job = std::optional<std::string>;
    addVerb(cli, "history", "List the runs", [](RunStore& store, const Job& job, const HistoryOptions& options) {
        show(store.history(job, options.limit), options.json, printHistory);
    });
    addVerb(cli, "ledger", "List every due time and how it ended",
            [](RunStore& store, const Job& job, const HistoryOptions& options) {
                show(store.ledger(job, options.limit), options.json, printLedger);
            });
}

}  // namespace carillon
