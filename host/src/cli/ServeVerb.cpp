#include "cli/ServeVerb.h"

#include "cli/ServeFrame.h"
#include "platform/HostEvents.h"
#include "platform/ProcessLimits.h"

#include <cstdint>
#include <utility>

namespace carillon {
namespace {

/// Many systems give 1,024, as much as programs from long ago can bear, and let a process take more. This is what the
/// unit of systemd gives.
constexpr std::uint64_t kEnoughFiles = 16'384;

}  // namespace

std::shared_ptr<const Configuration> requireServable(const Cli& cli) {
    auto configuration = std::make_shared<const Configuration>(readConfiguration(requireHost(cli)));
    if (printFaults(configuration->faults) > 0) throw UsageError();
    return configuration;
}

void prepareToServe() {
    keepFewHeaps();
    raiseOpenFileLimit(kEnoughFiles);
    holdHostEvents();
}

void addServeVerb(Cli& cli) {
    auto options = std::make_shared<ServeOptions>();
    auto verb = cli.root.verb("serve", "Run the host: fires all enabled jobs by their schedules");
    addServeOptions(verb, *options);
    verb.onRun([&cli, options] {
        auto configuration = requireServable(cli);
        prepareToServe();
        cli.exitCode = serveInFrame(std::move(configuration), *options);
    });
}

}  // namespace carillon
