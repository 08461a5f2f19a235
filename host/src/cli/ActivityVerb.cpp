#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/Table.h"
#include "cli/TimeWords.h"
#include "schedule/TimeText.h"
#include "store/ActivityLog.h"

#include <iostream>
#include <memory>

namespace carillon {
namespace {

struct ActivityOptions {
    ActivityQuery query{};
    std::string job{};
    std::string since{};
    std::string until{};
    std::string what{};
    bool json = false;
};

/// Without the zone, which is the same in all rows but for summer and winter.
std::string timeText(TimePoint at) {
    return dateTimeText(at).substr(0, 19);
}

std::string viaText(const Actor& actor) {
    if (actor.via == ActVia::Host || actor.via == ActVia::CommandLine) return "";
    const std::string way = cliText(actor.kind == ActorKind::Token ? "activity.way.token"
                                    : actor.via == ActVia::Page    ? "activity.way.page"
                                                                   : "activity.way.api");
    return cliText(actor.address.empty() ? "activity.by" : "activity.byfrom",
                   {{"way", way}, {"address", actor.address}});
}

std::string whoText(const Actor& actor) {
    if (actor.kind == ActorKind::Host) return cliText("activity.who.host");
    if (actor.name.empty()) return cliText("activity.who.nobody");
    if (actor.behind.empty()) return actor.name;
    return cliText("activity.who.sudo", {{"name", actor.name}, {"behind", actor.behind}});
}

/// All that is known beside who, what and which job.
std::string detailOf(const Activity& row) {
    std::string text;
    const auto add = [&text](const std::string& part) {
        if (!part.empty()) text += (text.empty() ? "" : "; ") + part;
    };
    const std::string reason = told(row.reason);
    if (row.outcome != ActOutcome::Done)
        add(cliTexts().word("actoutcome", std::string(nameOf(row.outcome))) +
            (reason.empty() ? "" : cliText("terminal.colon") + ' ' + reason));
    const auto end = endOf(row);
    const std::string subject = end ? cliText("activity.until", {{"end", dateTimeWords(*end)}}) : row.subject;
    // Of these the items and the reason tell more than the run.
    const bool isOfItems = row.what == Act::Replay || row.what == Act::Dismiss;
    const std::string note = told(row.note);
    if (isOfItems) add(note);
    if (isOfItems)
        add(subject.empty() ? "" : cliText("activity.run", {{"run", subject}}));
    else
        add(subject + (subject.empty() || note.empty() ? "" : cliText("terminal.colon") + ' ') + note);
    if (row.outcome == ActOutcome::Done) add(reason);
    if (row.times > 1) add(cliText("activity.times", {{"n", row.times}}));
    add(viaText(row.actor));
    return text;
}

void printTable(const std::vector<Activity>& rows) {
    Table table(tableHeads({"when", "who", "what", "job", "detail"}));
    for (const auto& row : rows) {
        const bool isBad = row.isRefused() || row.outcome == ActOutcome::Failed;
        table.add({{timeText(row.at)},
                   {whoText(row.actor)},
                   {cliTexts().word("act", std::string(nameOf(row.what))), isBad ? Colour::Red : Colour::Plain},
                   {row.job},
                   {detailOf(row), isBad ? Colour::Red : Colour::Plain}});
    }
    table.print();
}

ActivityQuery queryOf(const HostConfig& host, const ActivityOptions& options) {
    ActivityQuery query = options.query;
    if (!options.what.empty()) {
        query.what = enumOf<Act>(options.what);
        requireOneOf("--what", options.what, kEnumNames<Act>);
    }
    if (!options.job.empty()) query.job = options.job;
    if (!options.since.empty()) query.since = typedTime("--since", options.since, host).from;
    if (!options.until.empty()) query.until = typedTime("--until", options.until, host).until;
    return query;
}

}  // namespace

void addActivityVerb(Cli& cli) {
    auto options = std::make_shared<ActivityOptions>();
    options->query.limit = 20;
    auto verb = cli.root.verb("activity", "List who did what: ran, paused, stopped, signed in, changed users ...");
    const auto job = verb.option("JOB", options->job, "Only what was done with this job").notEmpty();
    verb.option("--job", options->query.job, "The same").excludes(job).notEmpty();
    verb.option("--by", options->query.by, "Only by this person, token or user of the system, by host or by nobody")
        .notEmpty();
    verb.option("--since", options->since, "Only since then: '2026-12-24 18:00', 2026-12-24, 18:00 or 2d").notEmpty();
    verb.option("--until", options->until, "Only up to the end of this minute or day").notEmpty();
    verb.option("--what", options->what, "Only this: run, stop, pause, resume, replay, sign-in ...").notEmpty();
    verb.count("-n,--limit", options->query.limit, "How many, newest first");
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] {
        const HostConfig host = requireHost(cli);
        const SystemClock clock;
        const auto rows = ActivityLog(host.stateDir, clock, {host.activityKeep}).read(queryOf(host, *options));
        if (options->json) return printJson(toPublicJson(rows));
        if (rows.empty()) std::cerr << cliText("activity.none") << '\n';
        if (!rows.empty()) printTable(rows);
    });
}

}  // namespace carillon
