#include "calendar/CalendarWords.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/Terminal.h"
#include "config/ExpectationWords.h"
#include "schedule/ScheduleError.h"
#include "schedule/words/ScheduleWords.h"
#include "words/MessageWords.h"

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace carillon {
namespace {

constexpr std::size_t kDaysAhead = 5;

struct ExplainOptions {
    std::string expression{};
    std::string job{};
    std::string language{};
    bool json = false;
};

/// What is explained: an expression alone, or the schedule of a job with what restricts it and what is expected of it.
struct Explained {
    std::string expression{};
    std::string zone{};
    std::shared_ptr<const OffTimes> off{};
    std::vector<Expectation> expectations{};
};

/// In the language of the reader.
struct Explanation {
    std::string words{};              ///< Empty: there is no schedule.
    std::vector<std::string> off{};   ///< What days off and blackouts do to it.
    std::vector<std::string> days{};  ///< The next days off.
    std::vector<std::string> expectations{};
};

Language languageOf(const ExplainOptions& options) {
    if (options.language.empty()) return preferredLanguage();
    return options.language == "fr" ? Language::French : Language::English;
}

Explained findExplained(const Cli& cli, const ExplainOptions& options) {
    if (options.job.empty() == options.expression.empty()) throw UsageError(cliText("explain.nothing"));
    if (options.job.empty()) return {options.expression};
    const JobConfig job = requireJob(requireHost(cli), options.job);
    return {job.schedule, job.timezone, job.off, job.expectations};
}

Explanation explanationOf(const Explained& explained, Language language) {
    Explanation explanation;
    if (!explained.expression.empty()) explanation.words = scheduleInWords(explained.expression, language);
    if (!explanation.words.empty() && !explained.zone.empty()) explanation.words += " (" + explained.zone + ')';
    for (const auto& expectation : explained.expectations)
        explanation.expectations.push_back(expectationInWords(expectation, language));
    if (!explained.off) return explanation;
    explanation.off = offInWords(*explained.off, language);
    for (const auto& date : daysOffAfter(*explained.off, SystemClock().now(), kDaysAhead))
        explanation.days.push_back(dayOffInWords(date, explained.off->zone(), language));
    return explanation;
}

void print(const Explanation& explanation, Language language) {
    const Texts& texts = cliTexts(language);
    std::cout << (explanation.words.empty() ? texts.say("explain.byhand") : explanation.words) << '\n';
    for (const auto& phrase : explanation.off) std::cout << printable(phrase) << '\n';
    if (!explanation.days.empty()) std::cout << texts.say("explain.daysoff") << '\n';
    for (const auto& day : explanation.days) std::cout << "  " << printable(day) << '\n';
    for (const auto& expectation : explanation.expectations)
        std::cout << texts.say("explain.expected", {{"what", expectation}}) << '\n';
}

void print(const Explanation& explanation, const Explained& explained, bool ofJob) {
    JsonWriter json;
    json.beginObject().member("expression", explained.expression).member("words", explanation.words);
    JsonOut<JsonForm::Public> members(json);
    if (explained.off) {
        members("off", explanation.off);
        members("days_off", explanation.days);
    }
    if (ofJob) members("expectations", explanation.expectations);
    printJson(json.endObject().text());
}

void explain(const Cli& cli, const ExplainOptions& options) {
    const Language language = languageOf(options);
    const Explained explained = findExplained(cli, options);
    Explanation explanation;
    try {
        explanation = explanationOf(explained, language);
    } catch (const ScheduleError& e) {
        throw UsageError(hostText(e.said()));
    }
    for (const auto& warning : warningsOfSchedule(explained.expression))
        printWarning(inWords(warning, language, PluginTexts()));
    options.json ? print(explanation, explained, !options.job.empty()) : print(explanation, language);
}

}  // namespace

void addExplainVerb(Cli& cli) {
    auto options = std::make_shared<ExplainOptions>();
    auto verb = cli.root.verb("explain", "Say a schedule, or what is asked of a job, in words");
    verb.option("EXPR", options->expression, "A schedule, such as '30 2 * * 5L' or 'every 90s'");
    verb.option("--job", options->job,
                "This job's instead, with its days off, its blackouts and what is expected of it");
    verb.option("--lang", options->language, "en or fr; else by LC_ALL, LC_MESSAGES or LANG").oneOf({"en", "fr"});
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] { explain(cli, *options); });
}

}  // namespace carillon
