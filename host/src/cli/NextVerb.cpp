#include "calendar/Timetable.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/Table.h"
#include "cli/TimeWords.h"
#include "schedule/LocalTime.h"
#include "schedule/TimeText.h"
#include "schedule/ZoneDatabase.h"
#include "schedule/words/ScheduleWords.h"

#include <algorithm>
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
    std::shared_ptr<const Timetable> table{};
    std::shared_ptr<const TimeZone> shownIn{};
};

/// Days off and blackouts that are shown before a firing.
constexpr std::size_t kOffSlots = 100;

struct Firing {
    const Source* source = nullptr;
    TimePoint at{};
    std::vector<OffSlot> off{};  ///< What does not fire before it.
    bool operator>(const Firing& other) const { return at != other.at ? at > other.at : source > other.source; }
};

/// The next ones of all sources, merged by time.
std::vector<Firing> nextFirings(const std::vector<Source>& sources, TimePoint from, std::size_t limit) {
    std::priority_queue<Firing, std::vector<Firing>, std::greater<>> ahead;
    const auto push = [&ahead](const Source& source, TimePoint after) {
        auto next = source.table->ahead(after, kOffSlots);
        if (next.fires)
            ahead.push({&source, *next.fires, std::move(next.off)});
        else if (!next.off.empty())
            printWarning(cliText(source.job.empty() ? "next.none" : "next.noneof",
                                 {{"job", source.job}, {"reason", reasonWords(next.off.front().reason)}}));
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
std::string localText(TimePoint at, const TimeZone& zone) {
    const auto local = zone.toLocal(std::chrono::floor<std::chrono::seconds>(at));
    const std::chrono::weekday weekday(std::chrono::floor<std::chrono::days>(local));
    std::string text = toLocalRfc3339(at, zone);
    text.insert(text.size() - 6, " ").replace(10, 1, " ");
    return cliTexts().word("weekday", std::to_string(weekday.c_encoding())) + ' ' + text;
}

/// A line of the table: a firing, or a slot that does not fire and why.
struct Line {
    const Source* source = nullptr;
    TimePoint at{};
    Table::Cell when{};
};

/// By time: what does not fire comes before the firing that it is told with.
std::vector<Line> linesOf(const std::vector<Firing>& firings, TimePoint from) {
    std::vector<Line> lines;
    for (const auto& firing : firings) {
        for (const auto& off : firing.off)
            lines.push_back({firing.source, off.slot, {reasonWords(off.reason), Colour::Yellow}});
        lines.push_back({firing.source, firing.at, {spanWords(firing.at - from)}});
    }
    std::stable_sort(lines.begin(), lines.end(), [](const Line& one, const Line& other) { return one.at < other.at; });
    return lines;
}

void printFirings(const std::vector<Firing>& firings, TimePoint from, bool withJob) {
    Table table(withJob ? tableHeads({"job", "local", "utc", "in"}) : tableHeads({"local", "utc", "in"}));
    for (const auto& line : linesOf(firings, from)) {
        std::vector<Table::Cell> row{{localText(line.at, *line.source->shownIn)},
                                     {toShortRfc3339(line.at).replace(10, 1, " "), Colour::Dim},
                                     line.when};
        if (withJob) row.insert(row.begin(), {line.source->job});
        table.add(std::move(row));
    }
    if (!table.empty()) table.print();
}

void writeFiring(JsonWriter& json, const Firing& firing) {
    json.beginObject();
    if (!firing.source->job.empty()) json.member("job", firing.source->job);
    json.member("utc", toShortRfc3339(firing.at));
    json.member("local", toLocalRfc3339(firing.at, *firing.source->shownIn));
    if (!firing.off.empty()) {
        json.key("skipped_before").beginArray();
        for (const auto& off : firing.off) {
            json.beginObject().member("utc", toShortRfc3339(off.slot));
            json.member("local", toLocalRfc3339(off.slot, *firing.source->shownIn));
            json.member("reason", textOf(off.reason)).endObject();
        }
        json.endArray();
    }
    json.endObject();
}

/// What decides when something fires.
struct Firer {
    std::string job{};
    std::string schedule{};
    std::string zone{};
    std::shared_ptr<const OffTimes> off{};
};

Source sourceOf(const Firer& firer, const std::string& shownIn) {
    auto table = std::make_shared<const Timetable>(Schedule::parse(firer.schedule, firer.zone, firer.job), firer.off);
    return {firer.job, std::move(table), findTimeZone(shownIn.empty() ? firer.zone : shownIn)};
}

std::vector<Source> sourcesOfAllJobs(const Cli& cli, const NextOptions& options) {
    const Configuration all = readConfiguration(requireHost(cli));
    std::vector<Source> sources;
    for (const auto& job : all.match("*")) {
        const auto settings = job.settings();
        if (!job.enabled() || job.isFaulty() || settings->schedule.empty()) continue;
        sources.push_back(sourceOf({job.name(), settings->schedule, settings->timezone, settings->off}, options.zone));
    }
    for (const auto& found : {all.allFaults(), all.allWarnings()})
        for (const auto& fault : found) printWarning(hostText(fault.message()));
    if (sources.empty()) printWarning(cliText("next.noschedules"));
    return sources;
}

Source sourceWithWarnings(const Firer& firer, const std::string& shownIn) {
    auto source = sourceOf(firer, shownIn);
    for (const auto& warning : warningsOfSchedule(firer.schedule)) printWarning(hostText(warning));
    return source;
}

/// An expression in the stead of its own, with its days off and blackouts unless they are of another zone.
Source sourceTriedFor(const JobConfig& job, const NextOptions& options) {
    const std::string& zone = options.zone.empty() ? job.timezone : options.zone;
    auto off = zone == job.timezone ? job.off : nullptr;
    if (off && off->moves() && Schedule::parse(*options.expression, zone, job.name)->isInterval()) {
        printWarning(cliText("next.unmoved", {{"job", job.name}}));
        off.reset();
    } else if (!off && job.off) {
        printWarning(cliText("next.otherzone", {{"job", job.name}}));
    }
    return sourceWithWarnings({job.name, *options.expression, zone, std::move(off)}, "");
}

/// The job's own schedule, or an expression in its stead.
std::vector<Source> sourcesOfJob(const Cli& cli, const NextOptions& options) {
    const JobConfig job = requireJob(requireHost(cli), options.job);
    if (options.expression) return {sourceTriedFor(job, options)};
    if (job.schedule.empty()) {
        printWarning(cliText("next.byhand", {{"job", job.name}}));
        return {};
    }
    if (!job.enabled) printWarning(cliText("next.disabled", {{"job", job.name}}));
    return {sourceWithWarnings({job.name, job.schedule, job.timezone, job.off}, options.zone)};
}

std::vector<Source> findSources(const Cli& cli, const NextOptions& options) {
    if (!options.job.empty()) return sourcesOfJob(cli, options);
    if (!options.expression) return sourcesOfAllJobs(cli, options);
    std::vector<Source> sources{sourceWithWarnings({"", *options.expression, options.zone, nullptr}, "")};
    if (sources.front().table->schedule().usesSeed())
        printWarning(cliText("next.seed", {{"expression", *options.expression}}));
    return sources;
}

TimePoint startOf(const NextOptions& options) {
    if (options.from.empty()) return SystemClock().now();
    if (const auto from = parseRfc3339(options.from)) return *from;
    throw UsageError(cliText("next.badfrom", {{"from", options.from}}));
}

void showNext(const Cli& cli, const NextOptions& options) {
    const TimePoint from = startOf(options);
    try {
        const auto sources = findSources(cli, options);
        const auto firings = nextFirings(sources, from, options.limit);
        options.json ? printJsonList(firings, writeFiring)
                     : printFirings(firings, from, options.job.empty() && !options.expression);
    } catch (const ScheduleError& e) {
        throw UsageError(hostText(e.said()));
    }
}

}  // namespace

void addNextVerb(Cli& cli) {
    auto options = std::make_shared<NextOptions>();
    auto verb = cli.root.verb("next", "Tell when jobs fire next, or when any expression would");
    verb.option("JOB", options->job, "One job; else all enabled ones, merged by time");
    verb.count("-n,--limit", options->limit, "How many");
    verb.option("--expr", options->expression,
                "This expression instead; with JOB: for its name, zone, days off and blackouts");
    verb.option("--tz", options->zone, "The zone of --expr; without it: the zone in which local times are shown");
    verb.option("--from", options->from, "Firings after this time (RFC 3339); now by default");
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] { showNext(cli, *options); });
}

}  // namespace carillon
