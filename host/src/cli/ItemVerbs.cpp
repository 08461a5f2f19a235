#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/ProgressBar.h"
#include "cli/Table.h"
#include "cli/TimeWords.h"
#include "logs/JobLog.h"
#include "record/Run.h"
#include "runner/TaskQuery.h"
#include "schedule/ItemMoment.h"
#include "schedule/TimeText.h"
#include "schedule/ZoneDatabase.h"

#include "carillon/Clock.h"

#include <iostream>
#include <memory>

namespace carillon {
namespace {

struct ItemsOptions {
    std::string job{};
    ItemQuery query{};
    std::string state{};
    std::string since{};
    bool verify = false;
    bool noPeople = false;
    bool json = false;

    bool isFiltered() const {
        return query.id != 0 || !query.campaign.empty() || !query.person.empty() || !query.token.empty() ||
               !state.empty() || !since.empty();
    }
};

Colour colourOf(ItemState state) {
    return state == ItemState::Applied ? Colour::Green : state == ItemState::Rejected ? Colour::Yellow : Colour::Plain;
}

/// Of a moment, in the zone of the host.
std::string factText(const std::string& name, const std::string& text) {
    const auto at = momentIn(name, text);
    return at ? dateTimeText(*at) : text;
}

/// `12, Marché de Noël`: what the facts say, without their names, which a table has no place for, and its head has the
/// zone of moments.
std::string valuesOf(const Item::Facts& facts) {
    std::string text;
    for (const auto& [name, value] : facts)
        if (!value.empty())
            text += (text.empty() ? "" : ", ") + (momentIn(name, value) ? factText(name, value).substr(0, 19) : value);
    return text;
}

/// Tells of the items of one plugin.
struct ItemTeller {
    MessageTeller teller;
    std::string plugin;

    std::string call(const char* kind, const std::string& name) const { return teller.call(plugin, kind, name, name); }
};

/// All that is known beside what stands in columns of its own.
std::string lifeOf(const ItemTeller& words, const Item& item) {
    std::string text;
    const auto add = [&text](const std::string& part) {
        if (!part.empty()) text += (text.empty() ? "" : "; ") + part;
    };
    const std::string detail = words.teller.tell(item.detail);
    const std::string reason = item.reason.empty() ? "" : words.call("reason", item.reason);
    add(reason + (reason.empty() || detail.empty() ? "" : cliText("terminal.colon") + ' ') + detail);
    if (item.dismissal)
        add(cliText("items.dismissed", {{"by", item.dismissal->by},
                                        {"when", dateTimeWords(item.dismissal->at)},
                                        {"reason", item.dismissal->reason}}));
    add(item.storedAs.empty() ? "" : cliText("items.storedas", {{"where", item.storedAs}}));
    add(cliText(item.acknowledged ? "items.acknowledged" : "items.unacknowledged"));
    add(item.run.empty() ? "" : cliText("items.run", {{"run", item.run}}));
    return text;
}

/// One alone, with all that is known of it, a line each: a table would cut it at the edge of the terminal.
void printWhole(const ItemTeller& words, const Item& item) {
    const auto line = [](const std::string& name, const std::string& text) {
        constexpr std::size_t kWidth = 20;
        const std::size_t columns = columnsOf(name);
        if (!text.empty())
            std::cout << name << std::string(columns < kWidth ? kWidth - columns : 1, ' ') << printable(text) << '\n';
    };
    const auto own = [&line](const char* name, const std::string& text) {
        line(cliTexts().word("items.line", name), text);
    };
    own("id", std::to_string(item.id));
    own("item", item.what);
    own("received", dateTimeText(item.receivedAt));
    own("state", cliTexts().word("items.state", std::string(nameOf(item.state))));
    own("reason", item.reason.empty() ? "" : words.call("reason", item.reason));
    own("detail", words.teller.tell(item.detail));
    for (const auto& [name, text] : item.about) line(words.call("item", name), factText(name, text));
    for (const auto& [name, text] : item.people.value_or(Item::Facts{}))
        line(words.call("item", name), factText(name, text));
    own("stored_as", item.storedAs);
    own("acknowledged", cliText(item.acknowledged ? "jobs.yes" : "jobs.no"));
    own("run", item.run);
    if (!item.dismissal) return;
    own("dismissed_by", item.dismissal->by);
    own("dismissed_at", dateTimeText(item.dismissal->at));
    own("dismissal", item.dismissal->reason);
}

/// `zone`: of all times, to be named in the head.
void printItems(const ItemTeller& words, const std::vector<Item>& items, const ItemsOptions& options,
                const std::string& zone) {
    if (items.empty()) {
        std::cout << cliText(options.isFiltered() ? "items.nomatch" : "items.none") << '\n';
        return;
    }
    if (options.query.id != 0) return printWhole(words, items.front());
    const bool hasPeople = options.query.people;
    auto heads = tableHeads({"id", "received", "state", "item", "about", "people", "life"});
    heads[1] += " (" + zone + ")";
    if (!hasPeople) heads.erase(heads.end() - 2);
    Table table(heads);
    for (const auto& item : items) {
        std::vector<Table::Cell> row{
            {std::to_string(item.id)},
            {dateTimeText(item.receivedAt).substr(0, 19)},
            {cliTexts().word("items.state", std::string(nameOf(item.state))), colourOf(item.state)},
            {item.what},
            {valuesOf(item.about)}};
        if (hasPeople) row.push_back({valuesOf(item.people.value_or(Item::Facts{}))});
        row.push_back({lifeOf(words, item)});
        table.add(std::move(row));
    }
    table.print();
    if (items.size() == options.query.limit) std::cerr << cliText("items.older", {{"id", items.back().id}}) << '\n';
}

/// The words of the command that are more than texts.
void readWords(const HostConfig& host, ItemsOptions& options) {
    ItemQuery& query = options.query;
    query.people = !options.noPeople;
    if (options.noPeople && !query.person.empty()) throw UsageError(cliText("items.nopeople"));
    if (!options.state.empty()) query.state = enumOf<ItemState>(options.state);
    if (!options.since.empty()) query.since = typedTime("--since", options.since, host).from;
}

void list(const HostConfig& host, const JobConfig& job, const ItemsOptions& options) {
    std::vector<Item> items;
    std::vector<ConfigFault> faults;
    WorkerListener listener;
    listener.onMessage = Hearing([&items](const Item& item) { items.push_back(item); },
                                 [&faults](const ConfigFault& fault) { faults.push_back(fault); });
    const Message error = askItems(host, job, WorkerRequest::Verb::Items, options.query, listener).error;
    if (printFaults(faults) > 0) throw UsageError();
    const ItemTeller words{MessageTeller(host), job.plugin};
    if (!error.empty()) throw Poco::RuntimeException(words.teller.tell(error));
    options.json ? printJson(toPublicJson(items))
                 : printItems(words, items, options, findTimeZone(host.timezone)->name());
}

void printGone(const ItemTeller& words, const std::vector<Item>& gone) {
    Table table(tableHeads({"id", "item", "was", "state", "why"}));
    for (const auto& item : gone)
        table.add({{std::to_string(item.id)},
                   {item.what},
                   {item.storedAs},
                   {words.call("counter", item.reason), item.reason == "lost" ? Colour::Red : Colour::Plain},
                   {words.teller.tell(item.detail)}});
    if (!table.empty()) table.print();
}

void printVerified(const ItemTeller& words, const std::string& job, const RunReport& report,
                   const std::vector<Item>& gone, bool json) {
    if (!json) {
        printGone(words, gone);
        std::cout << job << cliText("terminal.colon") << ' ' << printable(words.teller.tell(report.message)) << '\n';
        return;
    }
    JsonWriter out;
    out.beginObject().member("job", job).key("gone");
    writeJson<JsonForm::Public>(out, gone);
    JsonOut<JsonForm::Public> members(out);
    writeFields(members, report);
    out.endObject();
    printJson(out.text());
}

ExitCode verify(const HostConfig& host, const JobConfig& job, bool json) {
    JobLog log(job, host.logsDir);
    ProgressBar bar;
    const ItemTeller words{MessageTeller(host), job.plugin};
    std::vector<Item> gone;
    std::vector<ConfigFault> faults;
    WorkerListener listener;
    listener.onMessage =
        Hearing([&gone](const Item& item) { gone.push_back(item); },
                [&log](const LogMessage& line) { log.write("verify", line); },
                [&](const Progress& how) { bar.show(how.done, how.total, words.teller.tell(how.what)); },
                [&faults](const ConfigFault& fault) { faults.push_back(fault); });
    const WorkerEnd end = askItems(host, job, WorkerRequest::Verb::Verify, {}, listener);
    bar.clear();
    if (printFaults(faults) > 0) throw UsageError();
    if (!end.report) throw Poco::RuntimeException(words.teller.tell(end.error));
    printVerified(words, job.name, *end.report, gone, json);
    return end.report->outcome == Outcome::Failed ? ExitCode::Failed : ExitCode::Ok;
}

}  // namespace

void addItemVerbs(Cli& cli) {
    auto options = std::make_shared<ItemsOptions>();
    options->query.limit = 20;
    auto verb = cli.root.verb("items", "Tell what became of what a job was given: stored where, by which run, and why");
    verb.option("JOB", options->job, "The job").required();
    verb.option("--campaign", options->query.campaign, "Only of the campaign with this number").notEmpty();
    verb.option("--person", options->query.person, "Only of people with this in their name").notEmpty();
    verb.option("--token", options->query.token, "Only with a token that begins so, such as 5feceb66").notEmpty();
    verb.option("--state", options->state, "Only those that stand so").oneOf({"applied", "rejected", "dismissed"});
    verb.option("--since", options->since, "Only received since then: '2026-12-24 18:00', 2026-12-24, 18:00 or 2d")
        .notEmpty();
    verb.option("--id", options->query.id, "Only this one");
    verb.option("--before", options->query.before, "Only what follows the item with this id in the list");
    verb.count("-n,--limit", options->query.limit, "How many, newest first");
    verb.flag("--no-people", options->noPeople, "Without names, answers and comments");
    verb.flag("--verify", options->verify, "Compare all that was applied with what is there now; 1 if any is lost");
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] {
        const HostConfig host = requireHost(cli);
        const JobConfig job = requireJob(host, options->job);
        if (options->verify && options->isFiltered()) throw UsageError(cliText("items.verifyall"));
        if (options->verify) return cli.exit(verify(host, job, options->json));
        readWords(host, *options);
        list(host, job, *options);
    });
}

}  // namespace carillon
