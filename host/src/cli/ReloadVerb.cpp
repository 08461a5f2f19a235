#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/SystemVerbs.h"
#include "cli/Terminal.h"
#include "control/ControlClient.h"

#include <iostream>

namespace carillon {

void addReloadVerb(Cli& cli) {
    auto verb = cli.root.verb("reload", "Have the host re-read its configuration, all of it or nothing");
    verb.onRun([&cli] {
        const HostConfig host = requireHost(cli);
        auto client = ControlClient::connect(host.stateDir);
        if (!client)
            throw Poco::RuntimeException(
                cliText("reload.nohost", {{"dir", host.stateDir}, {"how", cliTexts().say(kStartsHost)}}));
        const auto result = client->ask<ReloadResult>({HostVerb::Reload});
        // What a refused one would have changed is no news.
        if (result.swapped)
            for (const auto& line : result.difference) std::cout << printable(line) << '\n';
        const MessageTeller teller(host);
        printFaults(result.faults, teller);
        for (const auto& warning : result.warnings) printWarning(teller.tell(warning.message()));
        if (result.swapped) {
            if (result.difference.empty()) std::cout << cliText("reload.nothing") << '\n';
            return;
        }
        printError(cliText("reload.refused", {{"reason", teller.tell(result.reason)}}));
        cli.exit(ExitCode::Usage);
    });
}

}  // namespace carillon
