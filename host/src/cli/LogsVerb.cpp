#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/Terminal.h"
#include "logs/JobLog.h"
#include "logs/LineFormatter.h"
#include "logs/LogTail.h"

#include "Poco/Thread.h"

#include <iostream>
#include <limits>
#include <memory>
#include <vector>

namespace carillon {
namespace {

constexpr std::size_t kWholeLog = std::numeric_limits<std::size_t>::max();

struct LogsOptions {
    std::string job{};
    std::string run{};
    std::size_t lines = 50;
    bool follow = false;
    bool json = false;
};

Colour colourOfLine(const std::string& line) {
    const auto has = [&line](const char* level) { return line.find(level) != std::string::npos; };
    if (has("Z error ") || has("Z fatal ") || has("Z critical ")) return Colour::Red;
    return has("Z warning ") ? Colour::Yellow : Colour::Plain;
}

/// The run is the third word of a line; in a JSON line it is a value like any other.
bool isOfRun(const std::string& line, const std::string& run) {
    return line.find(' ' + run + ' ') != std::string::npos || line.find('"' + run + '"') != std::string::npos;
}

void keepRun(std::vector<std::string>& lines, const std::string& run) {
    if (!run.empty()) std::erase_if(lines, [&run](const std::string& line) { return !isOfRun(line, run); });
}

void printLine(const std::string& line, const LogsOptions& options) {
    const auto json = options.json ? parseLogLine(line) : std::nullopt;
    if (json)
        printJson(*json);
    else
        std::cout << coloured(colourOfLine(line), printable(line)) << '\n';
}

}  // namespace

void addLogsVerb(Cli& cli) {
    auto options = std::make_shared<LogsOptions>();
    auto verb = cli.root.verb("logs", "Show the log of a job");
    verb.option("JOB", options->job, "The job").required();
    verb.count("-n,--lines", options->lines, "How many of the last lines");
    verb.option("--run", options->run, "Only the lines of this run");
    verb.flag("-f,--follow", options->follow, "Go on with new lines until Ctrl-C");
    verb.flag("--json", options->json, "A JSON object a line");
    verb.onRun([&cli, options] {
        const HostConfig host = requireHost(cli);
        const JobConfig job = requireJob(host, options->job);
        const std::string path = JobLog(job, host.logsDir).path();
        if (path.empty())
            throw Poco::RuntimeException("the log of " + job.name + " goes to no file: see its keys logging.*");
        // The last lines of one run may be anywhere in the log.
        LogFollower follower(path, options->run.empty() ? options->lines : kWholeLog);
        auto lines = follower.poll();
        keepRun(lines, options->run);
        if (lines.size() > options->lines)
            lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(options->lines));
        for (;;) {
            for (const auto& line : lines) printLine(line, *options);
            std::cout << std::flush;
            if (!options->follow || !std::cout.good()) return;
            Poco::Thread::sleep(100);
            lines = follower.poll();
            keepRun(lines, options->run);
        }
    });
}

}  // namespace carillon
