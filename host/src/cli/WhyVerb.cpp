#include "cli/Cli.h"
#include "cli/JsonOutput.h"
#include "cli/Terminal.h"
#include "pages/StoryWords.h"
#include "schedule/ZoneDatabase.h"
#include "store/RunStore.h"
#include "store/StoryJson.h"

#include "Poco/Exception.h"

#include <iostream>
#include <memory>

namespace carillon {
namespace {

struct WhyOptions {
    std::string job{};
    std::string time{};
    std::string language{};
    bool json = false;
};

TypedTime askedOf(const WhyOptions& options, const TimeZone& zone, RunStore& store) {
    try {
        return store.askedTime(options.job, options.time, zone);
    } catch (const Poco::SyntaxException& e) {
        throw UsageError(e.message());
    }
}

void print(const Reader& reader, const std::string& job, const DueStory& story, const TypedTime& asked) {
    const auto& texts = reader.texts;
    for (const auto& sentence : summaryOf(reader, story, asked)) std::cout << printable(sentence) << '\n';
    for (const auto& slot : story.slots) {
        const SlotWords words = wordsOf(reader, slot);
        std::cout << printable(job) << ", " << timeText(reader, slot.slot.slotAt, TimeForm::Full) << " ("
                  << reader.zone->name() << ')' << texts.say("why.colon") << ' ' << words.ending.words << '\n';
        for (const auto& sentence : words.sentences) {
            std::cout << "  "
                      << printable(sentence.isQuoted ? texts.say("why.quoted", {{"text", sentence.text}})
                                                     : sentence.text);
            if (!sentence.run.empty()) std::cout << " [" << sentence.run << ']';
            std::cout << '\n';
        }
    }
    for (const auto& sentence : neighboursOf(reader, story)) std::cout << printable(sentence) << '\n';
}

void tell(const Cli& cli, const WhyOptions& options) {
    const HostConfig host = requireHost(cli);
    const SystemClock clock;
    RunStore store(host.stateDir, clock);
    const Language language = options.language.empty()   ? preferredLanguage()
                              : options.language == "fr" ? Language::French
                                                         : Language::English;
    const Reader reader{Texts::of(language), findTimeZone(host.timezone), clock.now()};
    const TypedTime asked = askedOf(options, *reader.zone, store);
    const DueStory story = store.dueStory(options.job, asked.from, asked.until);
    // One that was taken out of the configuration has its ledger still.
    if (story.due == 0 && !story.before && !story.after) requireKnownJob(host, options.job);
    if (!options.json) return print(reader, options.job, story, asked);
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
                "Such as '2026-11-28 03:00', 2026-11-28, yesterday or 03:00; else what was due last");
    verb.option("--lang", options->language, "en or fr; else by LC_ALL, LC_MESSAGES or LANG").oneOf({"en", "fr"});
    verb.flag("--json", options->json, "Print JSON");
    verb.onRun([&cli, options] { tell(cli, *options); });
}

}  // namespace carillon
