#include "cli/Cli.h"
#include "cli/Terminal.h"
#include "control/ControlClient.h"
#include "control/ControlMessages.h"

#include <iostream>

namespace carillon {

void addReloadVerb(Cli& cli) {
    auto verb = cli.root.verb("reload", "Have the host re-read its configuration, all of it or nothing");
    verb.onRun([&cli] {
        const HostConfig host = requireHost(cli);
        auto client = ControlClient::connect(host.stateDir);
        if (!client)
            throw Poco::RuntimeException("no host runs on " + host.stateDir + "; start it with carillon serve");
        Poco::JSON::Object request;
        request.set("verb", "reload");
        const JsonValue answer = JsonValue::parse(client->ask(request));
        const auto& result = answer["reload"];
        // What a refused one would have changed is no news.
        if (result["swapped"].flag())
            for (const auto& line : textsFromJson(result["difference"])) std::cout << printable(line) << '\n';
        for (const auto& fault : result["faults"].members()) printError(faultFromJson(fault.value).sentence());
        for (const auto& warning : result["warnings"].members()) printWarning(faultFromJson(warning.value).sentence());
        if (result["swapped"].flag()) {
            if (result["difference"].members().empty()) std::cout << "nothing has changed\n";
            return;
        }
        printError("not reloaded: " + result["reason"].text());
        cli.exit(ExitCode::Usage);
    });
}

}  // namespace carillon
