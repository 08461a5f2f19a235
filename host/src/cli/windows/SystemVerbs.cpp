#include "cli/SystemVerbs.h"

#include "cli/CliTexts.h"
#include "cli/ServeVerb.h"
#include "cli/Terminal.h"
#include "platform/Service.h"
#include "serve/Host.h"
#include "serve/HostLog.h"

#include <iostream>
#include <sstream>

namespace carillon {
namespace {

/// Of the system, as the exit code of a service.
constexpr int kNeverStarted = 1077;

/// What is printed for people, while nobody can read it.
class Unread {
public:
    Unread() : _before(std::cerr.rdbuf(_text.rdbuf())) {}
    Unread(const Unread&) = delete;
    Unread& operator=(const Unread&) = delete;
    ~Unread() { std::cerr.rdbuf(_before); }

    std::string text() const { return _text.str(); }

private:
    std::ostringstream _text{};
    std::streambuf* _before;
};

int serveAsService(const Cli& cli) {
    const Unread printed;
    try {
        prepareToServe();
        auto configuration = requireServable(cli);
        logHostToFile(configuration->host.logsDir);
        return Host(std::move(configuration)).run();
    } catch (const UsageError& e) {
        reportServiceFault(cliText("service.badconfiguration") + "\n\n" + printed.text() + e.message());
        return static_cast<int>(ExitCode::Usage);
    }
}

void install(const Cli& cli) {
    const auto configuration = requireServable(cli);
    if (serviceReport()) throw UsageError(cliText("service.twice"));
    const std::string problem = installService(configuration->host.file);
    if (!problem.empty()) printWarning(cliText("service.norecovery", {{"problem", problem}}));
    std::cout << cliText("service.installed", {{"file", printable(configuration->host.file)}}) << '\n'
              << cliText("service.next") << '\n';
}

void remove() {
    if (!serviceReport()) throw UsageError(cliText("service.notinstalled"));
    removeService();
    std::cout << cliText("service.removed") << '\n';
}

void printStatus(Cli& cli) {
    const auto report = serviceReport();
    if (!report) {
        std::cout << cliText("service.none") << '\n';
        cli.exit(ExitCode::Failed);
        return;
    }
    const std::string state = cliTexts().word("service.state", report->state);
    const char* how = report->process != 0                ? "service.runs"
                      : report->exitCode == kNeverStarted ? "service.unstarted"
                      : report->exitCode != 0             ? "service.ended"
                                                          : "service.is";
    std::cout << cliText(how, {{"state", state}, {"process", report->process}, {"code", report->exitCode}}) << '\n'
              << cliText(report->startsWithMachine ? "service.starts" : "service.startsbyhand",
                         {{"account", printable(report->account)}, {"command", printable(report->command)}})
              << '\n';
    if (report->process == 0) cli.exit(ExitCode::Failed);
}

}  // namespace

const char* const kStartsHost = "start.service";

void addSystemVerbs(Cli& cli) {
    auto verb = cli.root.verb("service", "The host as a service of Windows: install, remove, status");
    verb.requireVerb();
    verb.verb("install", "Have the host start with the machine; for an administrator").onRun([&cli] { install(cli); });
    verb.verb("remove", "End the service and remove it; for an administrator").onRun(remove);
    verb.verb("status", "Whether it is installed, and runs").onRun([&cli] { printStatus(cli); });
    verb.verb("run", "What the system itself starts").onRun([&cli] {
        cli.exitCode = runAsService([&cli] { return serveAsService(cli); });
    });
}

}  // namespace carillon
