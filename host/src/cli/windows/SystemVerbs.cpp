#include "cli/SystemVerbs.h"

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
        reportServiceFault("The configuration is wrong.\n\n" + printed.text() + e.message());
        return static_cast<int>(ExitCode::Usage);
    }
}

void install(const Cli& cli) {
    const auto configuration = requireServable(cli);
    if (serviceReport()) throw UsageError("the service carillon is installed already; see 'carillon service status'");
    const std::string problem = installService(configuration->host.file);
    if (!problem.empty())
        printWarning("the system will not start the service again after a crash (" + problem +
                     "); see its properties, under recovery");
    std::cout << "installed the service carillon for " << printable(configuration->host.file)
              << "; it starts with the machine\nNext: net start carillon\n";
}

void remove() {
    if (!serviceReport()) throw UsageError("the service carillon is not installed");
    removeService();
    std::cout << "removed the service carillon; configuration, history and logs are as they were\n";
}

void printStatus(Cli& cli) {
    const auto report = serviceReport();
    if (!report) {
        std::cout << "the service carillon is not installed; 'carillon service install' does that\n";
        cli.exit(ExitCode::Failed);
        return;
    }
    std::cout << "the service carillon is " << report->state;
    if (report->process != 0) std::cout << ", process " << report->process;
    if (report->process == 0 && report->exitCode == kNeverStarted)
        std::cout << ", and was not started yet";
    else if (report->process == 0 && report->exitCode != 0)
        std::cout << ", it ended with code " << report->exitCode
                  << "; see 'carillon validate', and the event log for applications, source Carillon";
    std::cout << "\nit starts " << (report->startsWithMachine ? "with the machine" : "when somebody starts it")
              << ", as " << printable(report->account) << ": " << printable(report->command) << '\n';
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
