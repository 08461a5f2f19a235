#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/Terminal.h"
#include "cli/TimeWords.h"
#include "config/Configuration.h"
#include "logs/JobLog.h"
#include "logs/LogLineParser.h"
#include "logs/LogTail.h"
#include "pages/LogLines.h"

#include "Poco/Exception.h"
#include "Poco/Thread.h"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>
#include <set>
#include <vector>

namespace carillon {
namespace {

constexpr std::size_t kFirstLook = 1'000;      // lines
constexpr std::size_t kMostLines = 1'000'000;  // at once
/// Each log that is followed is a file that stays open.
constexpr std::size_t kMostFollowed = 500;

struct LogsOptions {
    std::vector<std::string> jobs{};
    std::string since{};
    std::string until{};
    std::string level{};
    std::string text{};
    std::string run{};
    std::size_t lines = 50;
    bool follow = false;
    bool json = false;
};

/// One job's log: its last lines, and then those that come.
class LogReader {
public:
    LogReader(std::string job, std::string path, const LogQuery& query)
        : _job(std::move(job)), _path(std::move(path)), _query(query), _filter(query) {}

    /// Looks at ever more of them, until there are enough.
    std::vector<LogEntry> last() {
        const std::string since = _query.since == TimePoint{} ? "" : toRfc3339(_query.since);
        for (std::size_t count = kFirstLook;; count *= 8) {
            _follower = std::make_unique<LogFollower>(_path, count);
            _filter = LogFilter(_query);
            const auto lines = _follower->poll();
            auto entries = taken(lines);
            const std::string first = lines.empty() ? "" : parseLogEntry(_job, lines.front()).time;
            if (lines.size() < count || entries.size() >= _query.most || (!first.empty() && first < since))
                return mergeLogEntries(std::move(entries), _query.most);
        }
    }
    std::vector<LogEntry> next() { return taken(_follower->poll()); }

    const std::string& job() const { return _job; }

private:
    std::vector<LogEntry> taken(const std::vector<std::string>& lines) {
        std::vector<LogEntry> entries;
        for (const auto& line : lines)
            if (auto entry = parseLogEntry(_job, line); _filter.takes(entry)) entries.push_back(std::move(entry));
        return entries;
    }

    std::string _job;
    std::string _path;
    LogQuery _query;
    LogFilter _filter;
    std::unique_ptr<LogFollower> _follower{};
};

/// A log that jobs share is read once.
class LogPaths {
public:
    void add(const std::string& job, const std::string& path) {
        if (_known.insert(path).second) _logs.emplace_back(job, path);
    }
    const std::vector<std::pair<std::string, std::string>>& all() const { return _logs; }

private:
    std::set<std::string> _known{};
    std::vector<std::pair<std::string, std::string>> _logs{};
};

void addMatching(const HostConfig& host, const std::string& pattern, LogPaths& paths) {
    const Configuration configuration = readConfiguration(host);
    const auto jobs = configuration.match(pattern);
    if (jobs.empty() && pattern != "*") throw UsageError(hostText(configuration.describeNone(pattern)));
    for (const auto& job : jobs) {
        if (job.isFaulty()) continue;
        if (const std::string path = logPathOf(job, host); !path.empty()) paths.add(job.name(), path);
    }
}

LogPaths pathsOf(const HostConfig& host, const LogsOptions& options) {
    LogPaths paths;
    if (options.jobs.empty()) addMatching(host, "*", paths);
    for (const auto& name : options.jobs) {
        if (name.find('*') != std::string::npos) {
            addMatching(host, name, paths);
            continue;
        }
        const JobConfig job = requireJob(host, name);
        const std::string path = JobLog(job, host.logsDir).path();
        if (path.empty()) throw Poco::RuntimeException(cliText("logs.nofile", {{"job", job.name}}));
        paths.add(job.name, path);
    }
    if (options.follow && paths.all().size() > kMostFollowed)
        throw UsageError(cliText("logs.most", {{"most", kMostFollowed}, {"all", paths.all().size()}}));
    return paths;
}

LogQuery queryOf(const HostConfig& host, const LogsOptions& options) {
    LogQuery query{options.level, options.text, options.lines};
    query.run = options.run;
    requireOneOf("--level", query.level, kLogLevels);
    if (!options.since.empty()) query.since = typedTime("--since", options.since, host).from;
    if (!options.until.empty()) query.until = typedTime("--until", options.until, host).until;
    if (options.follow && query.until != kNever) throw UsageError(cliText("logs.followuntil"));
    return query;
}

std::string lineOf(const LogEntry& entry) {
    return entry.time.empty() ? entry.text : entry.time + ' ' + entry.level + ' ' + entry.run + ' ' + entry.text;
}

Colour colourOf(const LogEntry& entry) {
    const auto rank = std::find(kLogLevels.begin(), kLogLevels.end(), entry.level) - kLogLevels.begin();
    return rank < 3 ? Colour::Red : rank == 3 ? Colour::Yellow : Colour::Plain;
}

/// `width`: of the names; 0: they are left out.
void print(const LogEntry& entry, std::size_t width, bool asJson) {
    const std::string line = lineOf(entry);
    if (const auto json = asJson ? parseLogLine(line, entry.job) : std::nullopt) return printJson(*json);
    std::string job = width == 0 ? "" : printable(entry.job);
    if (width > 0) job += std::string(width - std::min(width, job.size()), ' ') + " | ";
    std::cout << job << coloured(colourOf(entry), printable(line)) << '\n';
}

void show(const HostConfig& host, const LogsOptions& options) {
    const LogQuery query = queryOf(host, options);
    std::vector<LogReader> readers;
    std::size_t width = 0;
    const LogPaths paths = pathsOf(host, options);
    for (const auto& [job, path] : paths.all()) {
        readers.emplace_back(job, path, query);
        width = std::max(width, job.size());
    }
    if (readers.size() < 2) width = 0;
    std::vector<LogEntry> entries;
    for (auto& reader : readers) {
        auto last = reader.last();
        std::move(last.begin(), last.end(), std::back_inserter(entries));
        entries = mergeLogEntries(std::move(entries), query.most);
    }
    for (;;) {
        for (const auto& entry : entries) print(entry, width, options.json);
        std::cout << std::flush;
        if (!options.follow || !std::cout.good()) return;
        Poco::Thread::sleep(100);
        entries.clear();
        for (auto& reader : readers) {
            auto next = reader.next();
            std::move(next.begin(), next.end(), std::back_inserter(entries));
        }
        entries = mergeLogEntries(std::move(entries), entries.size());
    }
}

}  // namespace

void addLogsVerb(Cli& cli) {
    auto options = std::make_shared<LogsOptions>();
    auto verb = cli.root.verb("logs", "Show the logs of jobs, merged by time");
    verb.option("JOBS", options->jobs, "Jobs or patterns such as 'sync-*'; else all of them").notEmpty();
    const auto lines =
        verb.count("-n,--lines", options->lines, "How many of the last lines; with --since all, unless given");
    verb.option("--since", options->since, "From this time on: '2026-11-28 03:00', 2026-11-28, 03:00 or 2h").notEmpty();
    verb.option("--until", options->until, "Up to the end of this minute or day").notEmpty();
    verb.option("--level", options->level, "Lines of this level or worse, such as warning").notEmpty();
    verb.option("--text", options->text, "Only lines with this in them").notEmpty();
    verb.option("--run", options->run, "Only the lines of this run").notEmpty();
    verb.flag("-f,--follow", options->follow, "Go on with new lines until Ctrl-C");
    verb.flag("--json", options->json, "A JSON object a line");
    verb.onRun([&cli, options, lines] {
        if (!options->since.empty() && !lines.wasGiven()) options->lines = kMostLines;
        show(requireHost(cli), *options);
    });
}

}  // namespace carillon
