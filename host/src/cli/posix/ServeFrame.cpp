#include "cli/ServeFrame.h"

#include "cli/Cli.h"
#include "platform/FileRights.h"
#include "serve/Host.h"
#include "serve/HostLog.h"

#include "Poco/Path.h"
#include "Poco/Util/ServerApplication.h"

#include <utility>

namespace carillon {
namespace {

/// Poco's frame of a daemon.
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

/// Poco writes it once the host is on its way, and a daemon has no terminal left by then.
void requireWritable(const std::string& pidFile) {
    const TrustedPath file = trustedPath(pidFile, Opening::Write);
    if (!file.refusal().empty()) throw Poco::FileException("--pidfile " + pidFile + " " + file.refusal());
    if (!file)
        throw Poco::FileException("--pidfile " + pidFile + " cannot be written: " + file.reason() +
                                  "; give a file in a folder that exists and that this user may write to");
}

}  // namespace

void addServeOptions(Verb& verb, ServeOptions& options) {
    verb.flag("--daemon", options.daemon,
              "Go into the background; the host's own log is carillon.host.log in logs.dir");
    verb.option("--pidfile", options.pidFile, "Write the number of the process there");
    verb.footer(
        "SIGHUP or 'carillon reload' re-reads the configuration; SIGTERM drains and ends, a second one at once.");
}

int serveInFrame(std::shared_ptr<const Configuration> configuration, const ServeOptions& options) {
    // A daemon has no terminal to complain on: what can be found now is said now.
    if (options.daemon) HostLock(configuration->host.stateDir, "a host that is starting");
    std::vector<std::string> words{"carillon"};
    if (options.daemon) words.emplace_back("--daemon");
    if (!options.pidFile.empty()) {
        requireWritable(options.pidFile);
        words.push_back("--pidfile=" + Poco::Path(options.pidFile).makeAbsolute().toString());
    }
    HostService service(std::move(configuration));
    const int code = service.run(words);
    if (!service.refusal().empty()) throw Poco::RuntimeException(service.refusal());
    return code;
}

}  // namespace carillon
