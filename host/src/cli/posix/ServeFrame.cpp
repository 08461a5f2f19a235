#include "cli/ServeFrame.h"

#include "carillon/Failure.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "platform/FileRights.h"
#include "serve/Host.h"
#include "serve/HostLog.h"
#include "words/FileWords.h"
#include "words/HostTexts.h"
#include "words/WordedException.h"

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
            _refusal = sayException(e);
            return static_cast<int>(carillon::ExitCode::Failed);
        }
    }

public:
    /// Why it did not start; the frame itself would print an exception in its own way.
    const Message& refusal() const { return _refusal; }

private:
    std::shared_ptr<const Configuration> _configuration;
    Message _refusal;
};

/// Poco writes it once the host is on its way, and a daemon has no terminal left by then.
void requireWritable(const std::string& pidFile) {
    const TrustedPath file = trustedPath(pidFile, Opening::Write);
    if (!file.refusal().empty())
        throw Failure(sayHost("serve.pidfilerefused", {{"file", pidFile}, {"why", file.refusal()}}));
    if (!file) throw Failure(sayHost("serve.pidfile", {{"file", pidFile}, {"why", sayReason(file)}}));
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
    if (!service.refusal().empty()) throw Failure(service.refusal());
    return code;
}

}  // namespace carillon
