#include "base/FilePath.h"
#include "carillon/Plugin.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/Table.h"
#include "runner/TaskQuery.h"

#include <algorithm>
#include <iostream>
#include <memory>

namespace carillon {
namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

void printPlugins(const HostConfig& host, const std::vector<PluginDescription>& plugins) {
    if (plugins.empty()) {
        std::cout << cliText("plugins.none", {{"dir", host.pluginsDir}}) << '\n';
        return;
    }
    Table table(tableHeads({"plugin", "version", "sdk", "fingerprint", "tasks"}));
    for (const auto& plugin : plugins) {
        const std::string file = textOf(pathFrom(plugin.path).filename());
        if (plugin.refusal.empty())
            table.add({{plugin.name, Colour::Green},
                       {plugin.version},
                       {std::to_string(plugin.sdkVersion)},
                       {plugin.fingerprint.substr(0, 12)},
                       {joined(plugin.tasks)}});
        else
            table.add(
                {{file, Colour::Red}, {"-"}, {"-"}, {plugin.fingerprint.substr(0, 12)}, {cliText("plugins.refused")}});
    }
    table.print();
    for (const auto& plugin : plugins)
        if (!plugin.refusal.empty()) printError(plugin.refusal);
}

}  // namespace

void addPluginsVerb(Cli& cli) {
    auto json = std::make_shared<bool>(false);
    auto verb = cli.root.verb("plugins", "List the plugins found, their tasks, and why one is refused");
    verb.flag("--json", *json, "Print JSON");
    verb.onRun([&cli, json] {
        const HostConfig host = requireHost(cli);
        const auto plugins = describePlugins(host);
        *json ? printJson(toPublicJson(plugins)) : printPlugins(host, plugins);
        const bool refused =
            std::any_of(plugins.begin(), plugins.end(), [](const auto& plugin) { return !plugin.refusal.empty(); });
        cli.exit(refused ? ExitCode::Failed : ExitCode::Ok);
    });
}

}  // namespace carillon
