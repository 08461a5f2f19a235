#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/Table.h"
#include "schedule/LocalTime.h"
#include "schedule/Schedule.h"
#include "schedule/TimeText.h"
#include "schedule/ZoneDatabase.h"
#include "schedule/words/ScheduleWords.h"

#include <memory>
#include <optional>
#include <queue>
#include <utility>

namespace carillon {
namespace {

struct NextOptions {
    std::string job{};
    std::optional<std::string> expression{};
    std::string zone{};
    std::string from{};
    std::size_t limit = 10;
    bool json = false;
};

/// What fires; without a name when only an expression was given.
struct Source {
    std::string job{};
    std::shared_ptr<const Schedule> schedule{};
    std::shared_ptr<const TimeZone> shownIn{};
};

struct Firing {
    const Source* source = nullptr;
    TimePoint at{};
    bool operator>(const Firing& other) const { return at != other.at ? at > other.at : source > other.source; }
};

/// The next ones of all sources, merged by time.
std::vector<Firing> nextFirings(const std::vector<Source>& sources, TimePoint from, std::size_t limit) {
    std::priority_queue<Firing, std::vector<Firing>, std::greater<>> ahead;
    const auto push = [&ahead](const Source& source, TimePoint after) {
        if (const auto at = source.schedule->next(after)) ahead.push({&source, *at});
    };
    for (const auto& source : sources) push(source, from);
    std::vector<Firing> firings;
    while (firings.size() < limit && !ahead.empty()) {
        firings.push_back(ahead.top());
        ahead.pop();
        push(*firings.back().source, firings.back().at);
    }
    return firings;
}

/// `Sun 2026-03-29 03:00:00 +02:00`
std::string localText(const Firing& firing) {
    constexpr const char* kWeekdays[] = {"Sun ", "Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat "};
    const auto second = std::chrono::floor<std::chrono::seconds>(firing.at);
    const auto local = firing.source->shownIn->periodAt(second).toLocal(second);
    const std::chrono::weekday weekday(std::chrono::floor<std::chrono::days>(local));
    std::string text = toLocalRfc3339(firing.at, *firing.source->shownIn);
    text.insert(text.size() - 6, " ").replace(10, 1, " ");
    return kWeekdays[weekday.c_encoding()] + text;
}

void printFirings(const std::vector<Firing>& firings, TimePoint from, bool withJob) {
    std::vector<std::string> heads{"LOCAL TIME", "UTC", "IN"};
    if (withJob) heads.insert(heads.begin(), "JOB");
    Table table(heads);
    for (const auto& firing : firings) {
        std::vector<Table::Cell> row{{localText(firing)},
                                     {toShortRfc3339(firing.at).replace(10, 1, " "), Colour::Dim},
                                     {spanText(firing.at - from)}};
        if (withJob) row.insert(row.begin(), {firing.source->job});
        table.add(std::move(row));
    }
    if (!table.empty()) table.print();
}

void writeFiring(JsonWriter& json, const Firing& firing) {
    json.beginObject();
    if (!firing.source->job.empty()) json.member("job", firing.source->job);
    json.member("utc", toShortRfc3339(firing.at));
    json.member("local", toLocalRfc3339(firing.at, *firing.source->shownIn)).endObject();
}

Source sourceOf(const std::string& job, const std::string& text, const std::string& zone, const std::string& shownIn) {
    auto schedule = Schedule::parse(text, zone, job);
    auto shown = findTimeZone(shownIn.empty() ? zone : shownIn);
    return {job, std::move(schedule), std::move(shown)};
}

std::vector<Source> sourcesOfAllJobs(const Cli& cli, const NextOptions& options) {
    const Configuration all = readConfiguration(requireHost(cli));
    std::vector<Source> sources;
    for (const auto& job : all.match("*")) {
        const auto settings = job.settings();
        if (!job.enabled() || job.isFaulty() || settings->schedule.empty()) continue;
        sources.push_back(sourceOf(job.name(), settings->schedule, settings->timezone, options.zone));
    }
    for (const auto& found : {all.allFaults(), all.allWarnings()})
        for (const auto& fault : found) printWarning(fault.sentence());
    if (sources.empty()) printWarning("no job that jobs.enabled lists has a schedule");
    return sources;
}

Source sourceWithWarnings(const std::string& job, const std::string& text, const std::string& zone,
                          const std::string& shownIn) {
    auto source = sourceOf(job, text, zone, shownIn);
    for (const auto& warning : warningsOfSchedule(text)) printWarning(warning);
    return source;
}

/// The job's own schedule, or an expression in its stead.
std::vector<Source> sourcesOfJob(const Cli& cli, const NextOptions& options) {
    const JobConfig job = requireJob(requireHost(cli), options.job);
    if (options.expression)
        return {
            sourceWithWarnings(job.name, *options.expression, options.zone.empty() ? job.timezone : options.zone, "")};
    if (job.schedule.empty()) {
        printWarning("job " + job.name + " has no schedule: it runs when asked to, by carillon run " + job.name);
        return {};
    }
    if (!job.enabled) printWarning("job " + job.name + " does not fire: jobs.enabled does not list it");
    return {sourceWithWarnings(job.name, job.schedule, job.timezone, options.zone)};
}

std::vector<Source> findSources(const Cli& cli, const NextOptions& options) {
    if (!options.job.empty()) return sourcesOfJob(cli, options);
    if (!options.expression) return sourcesOfAllJobs(cli, options);
    std::vector<Source> sources{sourceWithWarnings("", *options.expression, options.zone, "")};
    if (sources.front().schedule->usesSeed())
        printWarning("H depends on the job's name: name one, as in carillon next JOB --expr '" + *options.expression +
                     "'");
    return sources;
}

TimePoint startOf(const NextOptions& options) {
    if (options.from.empty()) return SystemClock().now();
    if (const auto from = parseRfc3339(options.from)) return *from;
    throw UsageError("--from " + options.from +
                     ": expected a time such as 2026-03-28T00:00:00Z or 2026-03-28T01:00:00+01:00");
}

void showNext(const Cli& cli, const NextOptions& options) {
    const TimePoint from = startOf(options);
    try {
        const auto sources = findSources(cli, options);
        const auto firings = nextFirings(sources, from, options.limit);
        options.json ? printJsonList(firings, writeFiring)
                     : printFirings(firings, from, options.job.empty() && !options.expression);
    } catch (const ScheduleError& e) {
        throw UsageError(e.message());
    }
}

}  // namespace

void addNextVerb(Cli& cli) {
    auto options = std::make_shared<NextOptions>();
    auto verb = cli.root.verb("next", "Tell when jobs fire next, or when any expression would");
    verb.option("JOB", options->job, "One job; else all enabled ones, merged by time");
    verb.count("-n,--limit", options->limit, "How many");
    verb.option("--expr", options->expression, "This expression instead; with JOB: for that job's name and zone");
    verb.option("--tz", options->zone, "The zone of --expr; without it: the zone in which local times are shown");
    verb.option("--from", options->from, "Firings after this time (RFC 3339); now by default");
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] { showNext(cli, *options); });
}

}  // namespace carillon
