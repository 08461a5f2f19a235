#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/Terminal.h"
#include "config/Configuration.h"
#include "pages/PageTexts.h"
#include "pages/StoryWords.h"
#include "schedule/TimeText.h"
#include "schedule/ZoneDatabase.h"
#include "store/RunStore.h"
#include "store/StoryJson.h"

#include "Poco/Exception.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace carillon {
namespace {

struct WhyOptions {
    std::string job{};
    std::vector<std::string> time{};  ///< Its words: nobody has to quote them.
    std::string language{};
    bool json = false;
};

TypedTime askedOf(const WhyOptions& options, const TimeZone& zone, RunStore& store) {
    std::string time;
    for (const auto& word : options.time) time += (time.empty() ? "" : " ") + word;
    try {
        return store.askedTime(options.job, time, zone);
    } catch (const Poco::SyntaxException&) {
        throw UsageError(cliText("usage.notime", {{"text", time}}));
    }
}

void printGroup(const Reader& reader, const std::string& job, const SlotGroup& group) {
    const auto& texts = reader.texts;
    std::cout << printable(job) << ", " << timeText(reader, group.first, TimeForm::Full);
    if (group.count > 1)
        std::cout << " – " << timeText(reader, group.last, TimeForm::Full) << ", "
                  << texts.count("why.slots", group.count);
    std::cout << " (" << reader.zone->name() << ')' << texts.say("why.colon") << ' ' << group.words.ending.words
              << '\n';
    for (const auto& sentence : group.words.sentences) {
        std::cout << "  "
                  << printable(sentence.isQuoted ? texts.say("why.quoted", {{"text", sentence.text}}) : sentence.text);
        if (!sentence.run.empty()) std::cout << " [" << sentence.run << ']';
        std::cout << '\n';
    }
}

/// What has no success may be run after all.
bool hasRemedy(const DueStory& story) {
    return std::any_of(story.slots.begin(), story.slots.end(), [](const SlotStory& slot) {
        const bool failed = !slot.attempts.empty() && slot.attempts.back().outcome == Outcome::Failed;
        return failed || (slot.attempts.empty() && slot.slot.ending == SlotEnding::Missed);
    });
}

void print(const Reader& reader, const std::string& job, const DueStory& story, const TypedTime& asked,
           const StoryOfJob& ofJob) {
    for (const auto& sentence : summaryOf(reader, story, asked, ofJob)) std::cout << printable(sentence) << '\n';
    for (const auto& group : groupsOf(reader, story)) printGroup(reader, job, group);
    for (const auto& sentence : neighboursOf(reader, story, ofJob)) std::cout << printable(sentence) << '\n';
    if (!hasRemedy(story)) return;
    const auto quoted = [](TimePoint at) { return '\'' + dateTimeText(at).substr(0, 19) + '\''; };
    std::cout << reader.texts.say("why.remedy") << "\n  carillon backfill " << job << " --from "
              << quoted(story.slots.front().slot.slotAt) << " --to " << quoted(story.slots.back().slot.slotAt) << '\n';
}

void tell(const Cli& cli, const WhyOptions& options) {
    const HostConfig host = requireHost(cli);
    const SystemClock clock;
    RunStore store(host.stateDir, clock);
    const Language language = options.language.empty()   ? preferredLanguage()
                              : options.language == "fr" ? Language::French
                                                         : Language::English;
    const Reader reader{pageTexts(language), findTimeZone(host.timezone), clock.now(),
                        std::make_shared<const PluginTexts>(host.pluginsDir, [](const auto&, const auto&) {})};
    const TypedTime asked = askedOf(options, *reader.zone, store);
    const DueStory story = store.dueStory(options.job, asked.from, asked.until);
    // One that was taken out of the configuration has its ledger still.
    if (story.due == 0 && !story.before && !story.after) requireKnownJob(host, options.job);
    const Configuration configuration = readConfiguration(host);
    if (!options.json)
        return print(reader, options.job, story, asked, jobOfStory(configuration.find(options.job), asked));
    JsonWriter json;
    writePublic(json, story, asked);
    printJson(json.text());
}

}  // namespace

void addWhyVerb(Cli& cli) {
    auto options = std::make_shared<WhyOptions>();
    auto verb = cli.root.verb("why", "Tell what was due of a job at some time, what became of it, and why");
    verb.option("JOB", options->job, "JOB or JOB@instance").required();
    verb.option("TIME", options->time,
                "Such as 2026-11-28 03:00, 2026-11-28, yesterday, saturday or 03:00; else what was due last");
    verb.option("--lang", options->language, "en or fr; else by LC_ALL, LC_MESSAGES or LANG").oneOf({"en", "fr"});
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] { tell(cli, *options); });
}

}  // namespace carillon
