#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/Terminal.h"
#include "config/Configuration.h"
#include "config/ExpectationWords.h"
#include "schedule/ScheduleError.h"
#include "schedule/words/ScheduleWords.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace carillon {
namespace {

struct ExplainOptions {
    std::string expression{};
    std::string job{};
    std::string language{};
    bool json = false;
};

/// What is said.
struct Explanation {
    std::string schedule{};
    std::string words{};  ///< Empty: there is no schedule.
    std::vector<std::string> expectations{};
};

Language languageOf(const ExplainOptions& options) {
    if (options.language.empty()) return preferredLanguage();
    return options.language == "fr" ? Language::French : Language::English;
}

std::string wordsOf(const std::string& schedule, Language language) {
    try {
        return scheduleInWords(schedule, language);
    } catch (const ScheduleError& e) {
        throw UsageError(e.message());
    }
}

Explanation explainJob(const Configuration& configuration, const ExplainOptions& options) {
    const auto job = configuration.find(options.job);
    if (!job) throw UsageError(configuration.describeNone(options.job));
    if (job->isFaulty()) throw UsageError(options.job + " has faults: see carillon validate");
    const auto settings = job->settings();
    const Language language = languageOf(options);
    Explanation said{settings->schedule, settings->schedule.empty() ? "" : wordsOf(settings->schedule, language), {}};
    for (const auto& expectation : settings->expectations)
        said.expectations.push_back(expectationInWords(expectation, language));
    return said;
}

void printWords(const Explanation& said, bool ofJob, Language language) {
    const bool isFrench = language == Language::French;
    if (said.words.empty())
        std::cout << (isFrench ? "à la demande" : "by hand only") << '\n';
    else
        std::cout << said.words << '\n';
    for (const auto& expectation : said.expectations)
        std::cout << (isFrench ? "attendu : " : "expected: ") << expectation << '\n';
    if (ofJob && said.expectations.empty())
        std::cout << (isFrench ? "rien n’est attendu (job.expect)" : "nothing is expected (job.expect)") << '\n';
}

void explain(Cli& cli, const ExplainOptions& options) {
    const bool ofJob = !options.job.empty();
    if (ofJob != options.expression.empty()) throw UsageError("explain what? Give a schedule, or --job JOB");
    const Explanation said =
        ofJob ? explainJob(readConfiguration(requireHost(cli)), options)
              : Explanation{options.expression, wordsOf(options.expression, languageOf(options)), {}};
    for (const auto& warning : warningsOfSchedule(said.schedule)) printWarning(warning);
    if (!options.json) return printWords(said, ofJob, languageOf(options));
    JsonWriter json;
    json.beginObject().member("expression", said.schedule).member("words", said.words);
    if (ofJob) {
        JsonOut<JsonForm::Public> members(json);
        members("expectations", said.expectations);
    }
    printJson(json.endObject().text());
}

}  // namespace

void addExplainVerb(Cli& cli) {
    auto options = std::make_shared<ExplainOptions>();
    auto verb = cli.root.verb("explain", "Say a schedule, or what is expected of a job, in words");
    const auto schedule = verb.option("EXPR", options->expression, "A schedule, such as '30 2 * * 5L' or 'every 90s'");
    verb.option("--job", options->job, "Instead: the schedule of a job, and what is expected of it (job.expect)")
        .excludes(schedule);
    verb.option("--lang", options->language, "en or fr; else by LC_ALL, LC_MESSAGES or LANG").oneOf({"en", "fr"});
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] { explain(cli, *options); });
}

}  // namespace carillon
