#include "cli/Cli.h"
#include "serve/Host.h"
#include "serve/HostLog.h"
#include "shared/TrustedPath.h"

#include "Poco/Path.h"
#include "Poco/Util/ServerApplication.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace carillon {
namespace {

/// Poco's frame of a service: a daemon on Unix, a service of the system on Windows.
class HostService final : public Poco::Util::ServerApplication {
public:
    explicit HostService(std::shared_ptr<const Configuration> configuration)
        : _configuration(std::move(configuration)) {}

protected:
    int main(const std::vector<std::string>&) override {
        try {
            if (config().getBool("application.runAsDaemon", false)) logHostToFile(_configuration->host.logsDir);
            return Host(_configuration).run();
        } catch (const Poco::Exception& e) {
            _refusal = e.message().empty() ? e.displayText() : e.message();
            return static_cast<int>(carillon::ExitCode::Failed);
        }
    }

public:
    /// Why it did not start; the frame itself would print an exception in its own way.
    const std::string& refusal() const { return _refusal; }

private:
    std::shared_ptr<const Configuration> _configuration;
    std::string _refusal;
};

/// Many systems give 1,024, as much as programs from long ago can bear, and let a process take more.
void raiseDescriptorLimit() {
    constexpr rlim_t kEnough = 16'384;  // what the unit of systemd gives
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur >= kEnough) return;
    files.rlim_cur = std::min(files.rlim_max, kEnough);
    ::setrlimit(RLIMIT_NOFILE, &files);
}

/// Poco writes it once the host is on its way, and a daemon has no terminal left by then.
void requireWritable(const std::string& pidFile) {
    const TrustedPath file = trustedPath(pidFile, O_WRONLY | O_CREAT, TrustRole::Target, 0640);
    if (!file.refusal().empty()) throw Poco::FileException("--pidfile " + pidFile + " " + file.refusal());
    if (!file)
        throw Poco::FileException("--pidfile " + pidFile + " cannot be written: " + file.reason() +
                                  "; give a file in a folder that exists and that this user may write to");
}

struct ServeOptions {
    bool daemon = false;
    std::string pidFile{};
};

void serve(Cli& cli, const ServeOptions& options) {
    auto configuration = std::make_shared<const Configuration>(readConfiguration(requireHost(cli)));
    if (printFaults(configuration->faults) > 0) throw UsageError();
    // A daemon has no terminal to complain on: what can be found now is said now.
    if (options.daemon) HostLock(configuration->host.stateDir, "a host that is starting");
    std::vector<std::string> words{"carillon"};
    if (options.daemon) words.emplace_back("--daemon");
    if (!options.pidFile.empty()) {
        requireWritable(options.pidFile);
        words.push_back("--pidfile=" + Poco::Path(options.pidFile).makeAbsolute().toString());
    }
#ifdef __GLIBC__
    ::mallopt(M_ARENA_MAX, 2);  // a heap for each of many threads never gives back what others could use
#endif
    raiseDescriptorLimit();
    Host::blockSignals();
    HostService service(std::move(configuration));
    const int code = service.run(words);
    if (!service.refusal().empty()) throw Poco::RuntimeException(service.refusal());
    cli.exitCode = code;
}

}  // namespace

void addServeVerb(Cli& cli) {
    auto options = std::make_shared<ServeOptions>();
    auto verb = cli.root.verb("serve", "Run the host: fires all enabled jobs by their schedules");
    verb.flag("--daemon", options->daemon,
              "Go into the background; the host's own log is carillon.host.log in logs.dir");
    verb.option("--pidfile", options->pidFile, "Write the number of the process there");
    verb.footer(
        "SIGHUP or 'carillon reload' re-reads the configuration; SIGTERM drains and ends, a second one at once.");
    verb.onRun([&cli, options] { serve(cli, *options); });
}

}  // namespace carillon
