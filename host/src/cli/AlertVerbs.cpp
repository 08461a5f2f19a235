#include "alerts/AlertPolicy.h"
#include "alerts/AlertStore.h"
#include "alerts/AlertText.h"
#include "alerts/MailAccounts.h"
#include "alerts/MailSender.h"
#include "alerts/WebSender.h"
#include "carillon/Duration.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/OwnActs.h"
#include "cli/Table.h"
#include "cli/TimeWords.h"
#include "schedule/TimeText.h"
#include "schedule/ZoneDatabase.h"
#include "store/ActivityLog.h"

#include "Poco/UUIDGenerator.h"

#include <functional>
#include <iostream>
#include <memory>
#include <set>

namespace carillon {
namespace {

struct ListOptions {
    AlertWords words{};
    std::size_t limit = 20;
    bool json = false;
};

struct SnoozeOptions {
    std::string jobs{};
    std::string span{};
    bool end = false;
};

Colour colourOf(const AlertRow& row) {
    if (row.phase == AlertPhase::Sent) return Colour::Green;
    return row.phase == AlertPhase::Dropped ? Colour::Dim : row.attempts > 0 ? Colour::Red : Colour::Yellow;
}

std::string kindWords(const AlertRow& row) {
    if (row.channel != AlertChannel::Ping) return cliTexts().word("alertkind", std::string(nameOf(row.alert.kind)));
    return cliText(row.alert.kind == AlertKind::Failed ? "alerts.runfailed" : "alerts.runended");
}

std::string stateOf(const AlertRow& row) {
    const std::string state = cliTexts().word("alertphase", std::string(nameOf(row.phase)));
    return row.attempts > 1 ? cliText("alerts.attempts", {{"n", row.attempts}, {"state", state}}) : state;
}

std::string nextOf(const AlertRow& row) {
    if (row.endedAt) return row.problem;
    const TimePoint now = SystemClock().now();
    const std::string when = row.dueAt > now ? cliText("alerts.next", {{"when", whenWords(row.dueAt, now)}}) : "";
    return row.problem.empty() ? when : row.problem + (when.empty() ? "" : "; " + when);
}

void printTable(const std::vector<AlertRow>& rows) {
    Table table(tableHeads({"decided", "job", "alert", "channel", "state", "note"}));
    for (const auto& row : rows)
        table.add({{whenCell(row.createdAt, SystemClock().now())},
                   {row.alert.job},
                   {kindWords(row)},
                   {cliTexts().word("alertchannel", std::string(nameOf(row.channel)))},
                   {stateOf(row), colourOf(row)},
                   {nextOf(row)}});
    table.print();
}

AlertQuery queryOf(const HostConfig& host, const ListOptions& options, TimePoint now) {
    const auto& words = options.words;
    if (!words.since.empty()) typedTime("--since", words.since, host);
    if (!words.until.empty()) typedTime("--until", words.until, host);
    requireOneOf("--kind", words.kind, kEnumNames<AlertKind>);
    requireOneOf("--channel", words.channel, kEnumNames<AlertChannel>);
    requireOneOf("--state", words.state, kEnumNames<AlertPhase>);
    AlertQuery query;
    query.limit = options.limit;
    apply(words, *findTimeZone(host.timezone), now, query);
    return query;
}

void list(const HostConfig& host, const ListOptions& options) {
    const SystemClock clock;
    AlertStore store(host.stateDir, clock);
    const auto rows = store.alerts(queryOf(host, options, clock.now()));
    if (options.json) return printJsonList(rows, writeAlert);
    if (rows.empty())
        std::cout << cliText(options.words.empty() ? "alerts.none" : "alerts.nomatch") << '\n';
    else
        printTable(rows);
    for (const auto& [job, until] : store.snoozes())
        std::cerr << cliText("status.snoozed", {{"job", job}, {"when", whenWords(until, clock.now())}}) << '\n';
}

/// Everywhere that an alert of some job may go.
struct Targets {
    std::set<std::vector<std::string>> mail{};
    std::set<std::string> pings{};
};

Targets targetsOf(const AlertPolicy& policy) {
    Targets targets;
    if (!policy.settings().rules.mailTo.empty()) targets.mail.insert(policy.settings().rules.mailTo);
    for (const auto& file : policy.configuration().files) {
        for (std::size_t i = 0; i < file->size(); ++i) {
            if (!file->enabled(i)) continue;
            const std::string job = file->jobName(i);
            if (const auto recipients = policy.rulesOf(job).mailTo; !recipients.empty())
                targets.mail.insert(recipients);
            if (const auto url = policy.targetOf(job, AlertChannel::Ping)) targets.pings.insert(*url);
        }
    }
    return targets;
}

/// A line what became of it.
void tellTried(bool sent, const std::string& target, const std::string& answer) {
    const std::string result = cliText(sent ? "alerts.sent" : "alerts.failed");
    constexpr std::size_t kWidest = 6;
    const std::string space(kWidest - std::min(kWidest, columnsOf(result)), ' ');
    std::cout << cliText("alerts.tried", {{"result", coloured(sent ? Colour::Green : Colour::Red, result) + space},
                                          {"target", target},
                                          {"answer", printable(answer)}})
              << std::endl;
}

/// False: it did not get there.
bool tryChannel(const std::string& name, std::chrono::milliseconds limit,
                const std::function<std::string(RemoteCall&)>& send) {
    try {
        RemoteCall call(limit);
        tellTried(true, name, send(call));
        return true;
    } catch (const Undelivered& e) {
        tellTried(false, name, e.message());
        return false;
    }
}

std::string listOf(const std::vector<std::string>& addresses) {
    std::string text;
    for (const auto& address : addresses) text += (text.empty() ? "" : ", ") + address;
    return text;
}

/// Each channel, as it is configured now; nothing is stored.
void test(Cli& cli) {
    const auto current =
        std::make_shared<const AlertPolicy>(std::make_shared<const Configuration>(readConfiguration(requireHost(cli))));
    const AlertPolicy& policy = *current;
    const AlertSettings& alerts = policy.settings();
    const HostConfig& host = policy.configuration().host;
    const Targets targets = targetsOf(policy);
    const std::string id = Poco::UUIDGenerator::defaultGenerator().createRandom().toString();
    const AlertMessage message = wordTest(id, host.hostName, alerts.language);
    if (targets.mail.empty() && targets.pings.empty() && alerts.webhook.url.empty())
        throw UsageError(cliText("alerts.nochannel", {{"file", host.file}}));
    MailAccounts accounts;
    bool sent = true;
    for (const auto& recipients : targets.mail)
        sent &= tryChannel(
            cliText("alerts.mailto", {{"addresses", listOf(recipients)}}), alerts.mail.timeout,
            [&](RemoteCall& call) { return sendMail(accounts.settings(current), recipients, message, call); });
    if (!alerts.webhook.url.empty())
        sent &= tryChannel(cliText("alertchannel.webhook"), alerts.webhook.timeout,
                           [&](RemoteCall& call) { return sendWebhook(alerts.webhook, message, call); });
    for (const auto& url : targets.pings)
        sent &= tryChannel(cliText("alertchannel.ping"), alerts.pingTimeout, [&](RemoteCall& call) {
            return sendPing(alerts, url, PingEvent::Success, message.text, call);
        });
    cli.exit(sent ? ExitCode::Ok : ExitCode::Failed);
}

void snooze(const HostConfig& host, const SnoozeOptions& options) {
    const auto span = options.end ? std::optional(std::chrono::milliseconds(0)) : parseDuration(options.span);
    if (!span || (!options.end && *span == std::chrono::milliseconds(0)))
        throw UsageError(options.span.empty() ? cliText("alerts.howlong")
                                              : cliText("alerts.badspan", {{"span", options.span}}));
    const Configuration configuration = readConfiguration(host);
    std::vector<std::string> jobs;
    for (const auto& job : configuration.match(options.jobs)) jobs.push_back(job.name());
    if (jobs.empty()) throw UsageError(hostText(configuration.describeNone(options.jobs)));
    const SystemClock clock;
    const TimePoint until = clock.now() + *span;
    AlertStore(host.stateDir, clock).snooze(jobs, until);
    for (const auto& job : jobs)
        std::cout << cliText(options.end ? "alerts.unsnoozed" : "status.snoozed",
                             {{"job", job}, {"when", whenWords(until, clock.now())}})
                  << '\n';
    const Activity act =
        options.end ? ownAct(Act::Snooze, "", "", "no more") : ownAct(Act::Snooze, "", toRfc3339(until));
    recordOwn(host, forEachJob(act, jobs, options.jobs));
}

}  // namespace

void addAlertVerbs(Cli& cli) {
    auto listing = std::make_shared<ListOptions>();
    auto alerts = cli.root.verb("alerts", "List the alerts, waiting and sent; test the channels; snooze a job");
    alerts.option("--job", listing->words.job, "Only of this job");
    alerts.option("--kind", listing->words.kind, "Only of this kind: failed, recovered, missed, rejects, backlog ...");
    alerts.option("--channel", listing->words.channel, "Only by: mail, webhook or ping");
    alerts.option("--state", listing->words.state, "Only: waiting, sending, sent or dropped");
    alerts.option("--since", listing->words.since, "From this time on, such as 2026-11-28, '2026-11-28 03:00' or 2d");
    alerts.option("--until", listing->words.until, "Up to the end of this minute or day");
    alerts.count("-n,--limit", listing->limit, "How many, newest first");
    alerts.flag("--json", listing->json, "Print JSON");
    auto tests = alerts.verb("test", "Send a test through each channel, and tell what became of it");
    tests.onRun([&cli] { test(cli); });
    auto options = std::make_shared<SnoozeOptions>();
    auto snoozes = alerts.verb("snooze", "Send no alert of jobs for a while");
    snoozes.option("JOBS", options->jobs, "A job or a pattern such as 'sync-*'").required();
    const auto span = snoozes.option("DURATION", options->span, "For how long, such as 2h");
    snoozes.flag("--end", options->end, "From now on alerts are sent again").excludes(span);
    snoozes.onRun([&cli, options] { snooze(requireHost(cli), *options); });
    alerts.onRun([&cli, listing, alerts] {
        if (!alerts.hasVerb()) list(requireHost(cli), *listing);
    });
}

}  // namespace carillon
