#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/Table.h"
#include "schedule/TimeText.h"
#include "schedule/TypedTime.h"
#include "schedule/ZoneDatabase.h"
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

std::string namesOfActs() {
    std::string names;
    for (const auto name : kEnumNames<Act>) names.append(names.empty() ? "" : ", ").append(name);
    return names;
}

/// Without the zone, which is the same in all rows but for summer and winter.
std::string timeText(TimePoint at) {
    return dateTimeText(at).substr(0, 19);
}

std::string viaText(const Actor& actor) {
    if (actor.via == ActVia::Host || actor.via == ActVia::CommandLine) return "";
    const std::string way = actor.kind == ActorKind::Token ? "token" : actor.via == ActVia::Page ? "page" : "API";
    return actor.address.empty() ? "by " + way : "by " + way + " from " + actor.address;
}

/// All that is known beside who, what and which job.
std::string detailOf(const Activity& row) {
    std::string text;
    const auto add = [&text](const std::string& part) {
        if (!part.empty()) text += (text.empty() ? "" : "; ") + part;
    };
    if (row.outcome != ActOutcome::Done)
        add(std::string(nameOf(row.outcome)) + (row.reason.empty() ? "" : ": " + told(row.reason)));
    const auto end = endOf(row);
    const std::string subject = end ? "until " + dateTimeText(*end) : row.subject;
    // A terminal cuts the end: of these the items and the reason tell more than the run.
    const bool isOfItems = row.what == Act::Replay || row.what == Act::Dismiss;
    const std::string note = told(row.note);
    if (isOfItems) add(note);
    if (isOfItems)
        add(subject.empty() ? "" : "run " + subject);
    else
        add(subject + (subject.empty() || note.empty() ? "" : ": ") + note);
    if (row.outcome == ActOutcome::Done) add(told(row.reason));
    if (row.times > 1) add(std::to_string(row.times) + " times");
    add(viaText(row.actor));
    return text;
}

void printTable(const std::vector<Activity>& rows) {
    Table table({"WHEN", "WHO", "WHAT", "JOB", "DETAIL"});
    for (const auto& row : rows) {
        const bool isBad = row.isRefused() || row.outcome == ActOutcome::Failed;
        table.add({{timeText(row.at)},
                   {textOf(row.actor)},
                   {std::string(nameOf(row.what)), isBad ? Colour::Red : Colour::Plain},
                   {row.job},
                   {detailOf(row), isBad ? Colour::Red : Colour::Plain}});
    }
    table.print();
}

TypedTime timeOf(const char* option, const std::string& text, const HostConfig& host) {
    try {
        return parseTypedTime(text, *findTimeZone(host.timezone), SystemClock().now(), Toward::Past);
    } catch (const Poco::SyntaxException& e) {
        throw UsageError(std::string(option) + ": " + e.message());
    }
}

ActivityQuery queryOf(const HostConfig& host, const ActivityOptions& options) {
    ActivityQuery query = options.query;
    if (!options.what.empty()) {
        query.what = enumOf<Act>(options.what);
        if (!query.what) throw UsageError("--what " + options.what + ", expected one of " + namesOfActs());
    }
    if (!options.job.empty()) query.job = options.job;
    if (!options.since.empty()) query.since = timeOf("--since", options.since, host).from;
    if (!options.until.empty()) query.until = timeOf("--until", options.until, host).until;
    return query;
}

}  // namespace

void addActivityVerb(Cli& cli) {
    auto options = std::make_shared<ActivityOptions>();
    options->query.limit = 20;
    auto verb = cli.root.verb("activity", "List who did what: ran, paused, stopped, signed in, changed users ...");
    const auto job = verb.option("JOB", options->job, "Only what was done with this job");
    verb.option("--job", options->query.job, "The same").excludes(job);
    verb.option("--by", options->query.by, "Only by this person, token or user of the system, by host or by nobody");
    verb.option("--since", options->since, "Only since then: '2026-12-24 18:00', 2026-12-24, 18:00 or 2d");
    verb.option("--until", options->until, "Only up to the end of this minute or day");
    verb.option("--what", options->what, "Only this: run, stop, pause, resume, replay, sign-in ...");
    verb.count("-n,--limit", options->query.limit, "How many, newest first");
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] {
        const HostConfig host = requireHost(cli);
        const SystemClock clock;
        const auto rows = ActivityLog(host.stateDir, clock, {host.activityKeep}).read(queryOf(host, *options));
        if (options->json) return printJson(toPublicJson(rows));
        if (rows.empty()) std::cerr << "nothing was recorded that matches\n";
        if (!rows.empty()) printTable(rows);
    });
}

}  // namespace carillon
