#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/Terminal.h"
#include "schedule/ScheduleError.h"
#include "schedule/words/ScheduleWords.h"

#include <iostream>
#include <memory>

namespace carillon {
namespace {

struct ExplainOptions {
    std::string expression{};
    std::string language{};
    bool json = false;
};

void explain(const ExplainOptions& options) {
    const Language language = options.language.empty()   ? preferredLanguage()
                              : options.language == "fr" ? Language::French
                                                         : Language::English;
    std::string words;
    try {
        words = scheduleInWords(options.expression, language);
    } catch (const ScheduleError& e) {
        throw UsageError(e.message());
    }
    for (const auto& warning : warningsOfSchedule(options.expression)) printWarning(warning);
    if (!options.json) {
        std::cout << words << '\n';
        return;
    }
    JsonWriter json;
    json.beginObject().member("expression", options.expression).member("words", words).endObject();
    printJson(json.text());
}

}  // namespace

void addExplainVerb(Cli& cli) {
    auto options = std::make_shared<ExplainOptions>();
    auto verb = cli.root.verb("explain", "Say a schedule in words");
    verb.option("EXPR", options->expression, "A schedule, such as '30 2 * * 5L' or 'every 90s'").required();
    verb.option("--lang", options->language, "en or fr; else by LC_ALL, LC_MESSAGES or LANG").oneOf({"en", "fr"});
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([options] { explain(*options); });
}

}  // namespace carillon
