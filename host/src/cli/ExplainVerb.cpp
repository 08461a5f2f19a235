#include "calendar/CalendarWords.h"
#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/Terminal.h"
#include "schedule/ScheduleError.h"
#include "schedule/words/ScheduleWords.h"

#include <iostream>
#include <memory>

namespace carillon {
namespace {

constexpr std::size_t kDaysAhead = 5;

struct ExplainOptions {
    std::string expression{};
    std::string job{};
    std::string language{};
    bool json = false;
};

/// What is explained: an expression alone, or the schedule of a job with what restricts it.
struct Explained {
    std::string expression{};
    std::string zone{};
    std::shared_ptr<const OffTimes> off{};
};

/// In the language of the reader.
struct Explanation {
    std::string words{};
    std::vector<std::string> off{};   ///< What days off and blackouts do to it.
    std::vector<std::string> days{};  ///< The next days off.
};

Explained findExplained(const Cli& cli, const ExplainOptions& options) {
    if (options.job.empty() == options.expression.empty())
        throw UsageError("expected a schedule, such as carillon explain '30 2 * * 5L', or the job of one: --job JOB");
    if (options.job.empty()) return {options.expression, "", nullptr};
    const JobConfig job = requireJob(requireHost(cli), options.job);
    if (job.schedule.empty())
        throw UsageError("job " + job.name + " has no schedule: it runs when asked to, by carillon run " + job.name);
    return {job.schedule, job.timezone, job.off};
}

Explanation explanationOf(const Explained& explained, Language language) {
    Explanation explanation;
    explanation.words = scheduleInWords(explained.expression, language);
    if (!explained.zone.empty()) explanation.words += " (" + explained.zone + ')';
    if (!explained.off) return explanation;
    explanation.off = offInWords(*explained.off, language);
    explanation.days = daysOffAhead(*explained.off, SystemClock().now(), kDaysAhead, language);
    return explanation;
}

void print(const Explanation& explanation, Language language) {
    std::cout << explanation.words << '\n';
    for (const auto& phrase : explanation.off) std::cout << printable(phrase) << '\n';
    if (explanation.days.empty()) return;
    std::cout << (language == Language::French ? "prochains jours non travaillés\u00a0:\n" : "the next days off:\n");
    for (const auto& day : explanation.days) std::cout << "  " << printable(day) << '\n';
}

void print(const Explanation& explanation, const Explained& explained) {
    JsonWriter json;
    json.beginObject().member("expression", explained.expression).member("words", explanation.words);
    if (explained.off) {
        const std::pair<const char*, const std::vector<std::string>&> lists[] = {{"off", explanation.off},
                                                                                 {"days_off", explanation.days}};
        for (const auto& [name, texts] : lists) {
            json.key(name).beginArray();
            for (const auto& text : texts) json.value(std::string_view(text));
            json.endArray();
        }
    }
    json.endObject();
    printJson(json.text());
}

void explain(const Cli& cli, const ExplainOptions& options) {
    const Language language = options.language.empty()   ? preferredLanguage()
                              : options.language == "fr" ? Language::French
                                                         : Language::English;
    const Explained explained = findExplained(cli, options);
    Explanation explanation;
    try {
        explanation = explanationOf(explained, language);
    } catch (const ScheduleError& e) {
        throw UsageError(e.message());
    }
    for (const auto& warning : warningsOfSchedule(explained.expression)) printWarning(warning);
    options.json ? print(explanation, explained) : print(explanation, language);
}

}  // namespace

void addExplainVerb(Cli& cli) {
    auto options = std::make_shared<ExplainOptions>();
    auto verb = cli.root.verb("explain", "Say a schedule in words");
    verb.option("EXPR", options->expression, "A schedule, such as '30 2 * * 5L' or 'every 90s'");
    verb.option("--job", options->job, "The schedule of this job, with its days off and blackouts");
    verb.option("--lang", options->language, "en or fr; else by LC_ALL, LC_MESSAGES or LANG").oneOf({"en", "fr"});
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] { explain(cli, *options); });
}

}  // namespace carillon
