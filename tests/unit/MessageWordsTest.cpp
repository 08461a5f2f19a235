#include "words/MessageWords.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "alerts/Alert.h"
#include "alerts/AlertText.h"
#include "carillon/RunContext.h"
#include "cli/CliTexts.h"
#include "cli/CommandLine.h"
#include "cli/TimeWords.h"
#include "cli/TroubleWords.h"
#include "cli/Verb.h"
#include "platform/TrustSentence.h"
#include "record/Activity.h"
#include "record/ReasonWords.h"
#include "record/Run.h"
#include "record/TaskMessage.h"
#include "record/Words.h"
#include "schedule/TimeText.h"
#include "schedule/ZoneDatabase.h"
#include "shared/MessageForm.h"
#include "support/Environment.h"
#include "support/HostFolder.h"
#include "words/FileWords.h"
#include "words/HostTexts.h"

using namespace carillon;
namespace fs = std::filesystem;

namespace {

const fs::path kHost = fs::path(CARILLON_PAGES_DIR).parent_path();

const std::set<std::string> kSameInBoth{"run.because",       "head.message",         "subject",   "head.utc",
                                        "head.plugin",       "head.version",         "head.sdk",  "check.name.plugin",
                                        "alertchannel.ping", "alertchannel.webhook", "fault.odd", "act.version"};

/// All sources and headers below a folder, and those of the SDK.
std::string sourcesOf(const fs::path& folder) {
    std::ostringstream text;
    for (const auto& file : fs::recursive_directory_iterator(folder))
        if (file.path().extension() == ".cpp" || file.path().extension() == ".h")
            text << std::ifstream(file.path()).rdbuf();
    return text.str();
}

std::set<std::string> placesOf(const std::string& text) {
    std::set<std::string> found;
    const std::regex place(R"(\{#?(\w+)\})");
    for (auto it = std::sregex_iterator(text.begin(), text.end(), place); it != std::sregex_iterator(); ++it)
        found.insert((*it)[1]);
    return found;
}

/// What stands in the parentheses of a pattern, each time.
std::set<std::string> partsOf(const std::string& text, const std::string& pattern) {
    std::set<std::string> found;
    const std::regex regex(pattern);
    for (auto it = std::sregex_iterator(text.begin(), text.end(), regex); it != std::sregex_iterator(); ++it)
        found.insert((*it)[1]);
    return found;
}

std::string withoutForm(const std::string& key) {
    for (const std::string_view end : {".one", ".many"})
        if (key.ends_with(end)) return key.substr(0, key.size() - end.size());
    return key;
}

}  // namespace

class MessageWordsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MessageWordsTest);
    CPPUNIT_TEST(hostTellsAllAndOnlyWhatItHasTextsFor);
    CPPUNIT_TEST(cataloguesAreTranslatedWithTheSamePlaces);
    CPPUNIT_TEST(everyAlertIsWordedAndEveryTextOfAlertsIsUsed);
    CPPUNIT_TEST(eachFaultIsASentenceInBothLanguages);
    CPPUNIT_TEST(whatIsSaidBelowTheTextsIsTheirs);
    CPPUNIT_TEST(textsOfTheCommandLineAreUsed);
    CPPUNIT_TEST(theCommandLineHasATextForAllThatItSays);
    CPPUNIT_TEST(wordsOfRecordsHaveTexts);
    CPPUNIT_TEST(theHelpIsInFrenchToo);
    CPPUNIT_TEST(sentencesOfTheCommandLineAreInTheLanguageOfTheCaller);
    CPPUNIT_TEST(reasonsOfSlotsAreToldInFrench);
    CPPUNIT_TEST(messagesAreFilledAndJoined);
    CPPUNIT_TEST(numbersAreWrittenAsTheLanguageDoes);
    CPPUNIT_TEST(aMessageWithoutATextIsQuotedInEnglish);
    CPPUNIT_TEST(stopsOfTheSdkAreTold);
    CPPUNIT_TEST(endsWithoutAReportAreTold);
    CPPUNIT_TEST(messagesTravelWholeAndAreShownAsText);
    CPPUNIT_TEST_SUITE_END();

public:
    void hostTellsAllAndOnlyWhatItHasTextsFor() {
        const std::string sources = sourcesOf(kHost) + sourcesOf(kHost.parent_path() / "include");
        std::set<std::string> said;
        // A code may stand behind a condition; none stands behind a comma.
        const std::regex call(R"re((?:sayHost\(|throwStopped\("host\.)([^,;{}]*))re");
        const std::regex code(R"re("?([a-z]\w*\.[a-z]\w*)")re");
        for (auto it = std::sregex_iterator(sources.begin(), sources.end(), call); it != std::sregex_iterator(); ++it) {
            const std::string argument = (*it)[1];
            for (auto in = std::sregex_iterator(argument.begin(), argument.end(), code); in != std::sregex_iterator();
                 ++in)
                said.insert((*in)[1]);
        }
        // Those of tables, and of what is below the texts, by the sections that nothing else has.
        for (const auto& one :
             partsOf(sources, R"re("(?:host\.)?((?:odd|write|cron|rhythm|month|system|zone|ics|trust)\.[a-z0-9]+)")re"))
            said.insert(one);
        const auto isNamed = [&sources](const std::string& one) {
            return sources.find('"' + one + '"') != std::string::npos ||
                   sources.find("\"host." + one + '"') != std::string::npos;
        };

        std::set<std::string> known;
        for (const auto& [key, text] : hostTexts(Language::English).all()) known.insert(withoutForm(key));

        CPPUNIT_ASSERT(said.size() > 20);
        for (const auto& one : said) CPPUNIT_ASSERT_MESSAGE("no text: " + one, known.contains(one));
        for (const auto& one : known) CPPUNIT_ASSERT_MESSAGE("not used: " + one, said.contains(one) || isNamed(one));
    }

    void cataloguesAreTranslatedWithTheSamePlaces() {
        const Texts cliEnglish(Language::English, textOf(kHost / "cli/texts/en.properties"));
        const Texts cliFrench(Language::French, textOf(kHost / "cli/texts/fr.properties"));
        const std::pair<const Texts*, const Texts*> catalogues[] = {
            {&hostTexts(Language::English), &hostTexts(Language::French)},
            {&alertTexts(Language::English), &alertTexts(Language::French)},
            {&cliEnglish, &cliFrench}};
        for (const auto& [english, french] : catalogues) {
            CPPUNIT_ASSERT(!english->all().empty());
            CPPUNIT_ASSERT_EQUAL(english->all().size(), french->all().size());
            for (const auto& [key, text] : english->all()) {
                CPPUNIT_ASSERT_MESSAGE(key, french->find(key) != nullptr);
                CPPUNIT_ASSERT_MESSAGE(key, placesOf(text) == placesOf(french->say(key)));
                const bool isSame = text == french->say(key) && !kSameInBoth.contains(key);
                CPPUNIT_ASSERT_MESSAGE(key + " is not translated", !isSame);
            }
        }
    }

    void everyAlertIsWordedAndEveryTextOfAlertsIsUsed() {
        for (const auto language : {Language::English, Language::French}) {
            const PluginTexts plugins;
            const auto zone = findTimeZone("UTC");
            std::string all = wordTest("id", "HOST", language).subject + wordTest("id", "HOST", language).text;
            for (const auto& alert : allAlerts()) {
                const auto told = wordAlerts("id", {alert}, {language, *zone, plugins, "https://page"});
                all += told.subject + '\n' + told.text + '\n' +
                       wordAlerts("id", {alert, alert}, {language, *zone, plugins, ""}).subject;
                CPPUNIT_ASSERT_MESSAGE(told.text, told.text.size() > 60);
            }
            // No place was left empty, and no key stood for a text.
            CPPUNIT_ASSERT_MESSAGE(all, all.find_first_of("{}") == std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(all, !std::regex_search(all, std::regex(R"(\b(headline|why|help|success)\.[a-z])")));
            for (const auto& [key, text] : alertTexts(language).all())
                CPPUNIT_ASSERT_MESSAGE("not used: " + key, std::regex_search(all, patternOf(text)));
        }
    }

    /// Each code with values in all of its places: nothing is left open, and French has its own signs and spaces.
    void eachFaultIsASentenceInBothLanguages() {
        for (const auto& [key, text] : hostTexts(Language::English).all()) {
            Message::Values values;
            auto places = placesOf(text);
            if (key != withoutForm(key)) places.insert("n");  // which may choose without being told
            for (const auto& place : places) {
                const char* number = key.ends_with(".one") ? "1" : "2";
                values.emplace_back(place, place == "n" ? number : "VALUE");
            }
            const Message message = sayHost(withoutForm(key), values);
            const std::string french = inWords(message, Language::French, PluginTexts());

            for (const auto& words : {message.text, french}) {
                CPPUNIT_ASSERT_MESSAGE(key, !words.empty());
                CPPUNIT_ASSERT_MESSAGE(key + ": " + words, placesOf(words).empty());
            }
            CPPUNIT_ASSERT_MESSAGE(key, languageOf(message, Language::French, PluginTexts()) == Language::French);
            for (const auto* wrong : {" ;", " ?", " !", " : ", "\u00ab ", " \u00bb", "l'", "d'", "n'"})
                CPPUNIT_ASSERT_MESSAGE(french, french.find(wrong) == std::string::npos);
        }
    }

    void whatIsSaidBelowTheTextsIsTheirs() {
        const auto requireSame = [](const Message& said) {
            CPPUNIT_ASSERT_EQUAL(said.text, inWords(said, Language::English, PluginTexts()));
            CPPUNIT_ASSERT(languageOf(said, Language::French, PluginTexts()) == Language::French);
        };
        for (const auto relation :
             {TrustRelation::Itself, TrustRelation::Link, TrustRelation::Way, TrustRelation::Target})
            for (const Message& alternative : {Message(), Message("do another thing")})
                requireSame(refusalOf({"is odd", alternative, "mend"}, relation, "/a/path", "mend '/a/path'"));
        const HostFolder folder;
        const auto file = folder.write("file", "");
        for (const auto& [mode, role] :
             {std::pair{0646, TrustRole::Target}, {0664, TrustRole::Target}, {0644, TrustRole::Secret}}) {
            ::chmod(file.c_str(), static_cast<mode_t>(mode));
            if (const TrustedPath path = trustedPath(file.string(), Opening::Look, role); !path)
                requireSame(path.refusal());
        }
        if (::lchown(file.c_str(), 12'345, static_cast<gid_t>(-1)) == 0)
            requireSame(trustedPath(file.string()).refusal());
        for (const auto error :
             {std::errc::no_such_file_or_directory, std::errc::permission_denied, std::errc::no_space_on_device,
              std::errc::read_only_file_system, std::errc::address_in_use, std::errc::connection_refused})
            CPPUNIT_ASSERT_EQUAL(std::make_error_code(error).message(), sayError(std::make_error_code(error)).text);
    }

    void textsOfTheCommandLineAreUsed() {
        const std::string sources = sourcesOf(kHost / "cli");
        const Texts texts(Language::English, textOf(kHost / "cli/texts/en.properties"));
        for (const auto& [key, text] : texts.all()) {
            const std::string code = withoutForm(key);
            if (key.starts_with("head.")) continue;  // below
            const bool isUsed = sources.find('"' + code + '"') != std::string::npos ||
                                sources.find('"' + code.substr(0, code.rfind('.')) + '"') != std::string::npos;
            CPPUNIT_ASSERT_MESSAGE("not used: " + key, isUsed);
        }
    }

    void theCommandLineHasATextForAllThatItSays() {
        const std::string sources = sourcesOf(kHost / "cli");
        const Texts texts(Language::English, textOf(kHost / "cli/texts/en.properties"));
        std::set<std::string> known;
        for (const auto& [key, text] : texts.all()) known.insert(withoutForm(key));

        // A key may stand behind a condition; none stands behind a comma.
        std::size_t said = 0;
        for (const auto& argument : partsOf(sources, R"re((?:cliText|[^.\w]say|texts\.say)\(([^,;{}]*))re"))
            for (const auto& key : partsOf(argument, R"re("([a-z]\w*\.[a-z][\w.]*\w)")re")) {
                const bool isOfPages = key.starts_with("why.");
                CPPUNIT_ASSERT_MESSAGE("no text: " + key, isOfPages || known.contains(key));
                ++said;
            }
        CPPUNIT_ASSERT(said > 150);

        std::set<std::string> heads;
        for (const auto& list : partsOf(sources, R"re(tableHeads\(\{([^}]*)\})re"))
            for (const auto& head : partsOf(list, R"re("(\w+)")re")) heads.insert("head." + head);
        for (const auto& head : heads) CPPUNIT_ASSERT_MESSAGE("no text: " + head, known.contains(head));
        for (const auto& key : known)
            CPPUNIT_ASSERT_MESSAGE("not used: " + key, !key.starts_with("head.") || heads.contains(key));
    }

    void theHelpIsInFrenchToo() {
        const auto english = commandHelp();
        const Texts& french = frenchHelp();
        CPPUNIT_ASSERT(english.size() > 150);

        std::set<std::string> used{"group"};
        std::map<std::string, std::string> meaning;
        for (const auto& [key, text] : english) {
            const std::string known = CommandWords::keyIn(french, key);
            CPPUNIT_ASSERT_MESSAGE("no French: " + key, !known.empty());
            CPPUNIT_ASSERT_MESSAGE(key + " is not translated", french.say(known) != text);
            // A text for one option of several verbs has to mean the same in all of them.
            const std::string& before = meaning.try_emplace(known, text).first->second;
            CPPUNIT_ASSERT_MESSAGE(key + " means something of its own: " + text, before == text);
            for (const auto& number : partsOf(text, R"re(\b(\d{3,})\b)re"))
                CPPUNIT_ASSERT_MESSAGE(key + " lacks " + number, french.say(known).find(number) != std::string::npos);
            used.insert(known);
        }
        for (const auto& [key, text] : french.all())
            CPPUNIT_ASSERT_MESSAGE("not used: " + key, key.starts_with("label ") || used.contains(key));
    }

    void wordsOfRecordsHaveTexts() {
        const Texts texts(Language::English, textOf(kHost / "cli/texts/en.properties"));
        const auto assertNamed = [&texts](const std::string& kind, const auto& names) {
            for (const std::string_view name : names)
                CPPUNIT_ASSERT_EQUAL(std::string(name), texts.say(kind + '.' + std::string(name)));
        };
        assertNamed("phase", kEnumNames<JobPhase>);
        assertNamed("hostphase", kEnumNames<HostPhase>);
        assertNamed("outcome", kEnumNames<Outcome>);
        assertNamed("trigger", kEnumNames<Trigger>);
        assertNamed("ending", kEnumNames<SlotEnding>);
        assertNamed("act", kEnumNames<Act>);
        assertNamed("actoutcome", kEnumNames<ActOutcome>);
        assertNamed("alertkind", kEnumNames<AlertKind>);
        assertNamed("alertchannel", kEnumNames<AlertChannel>);
        assertNamed("alertphase", kEnumNames<AlertPhase>);
        assertNamed("items.state", kEnumNames<ItemState>);
    }

    void sentencesOfTheCommandLineAreInTheLanguageOfTheCaller() {
        const TimePoint now(std::chrono::hours(24 * 365));
        const SlotReason paused{SkipReason::Paused, "anna: travaux"};
        {
            Environment environment;
            environment.set("LC_ALL", "C.UTF-8");
            for (int skip = 0; skip <= static_cast<int>(SkipReason::Other); ++skip)
                for (const auto* detail : {"", "a {n} b"}) {
                    const SlotReason reason{static_cast<SkipReason>(skip), detail};
                    CPPUNIT_ASSERT_EQUAL(carillon::textOf(reason), reasonWords(reason));
                }
            CPPUNIT_ASSERT_EQUAL(whenText(now, now), whenWords(now, now));
            CPPUNIT_ASSERT_EQUAL(whenText(now, now), whenCell(now, now));
            const auto later = now + std::chrono::hours(100);
            CPPUNIT_ASSERT_EQUAL(whenText(now, later), whenCell(now, later));
            CPPUNIT_ASSERT_EQUAL(dateTimeText(now), dateTimeWords(now));
        }
        Environment environment;
        environment.set("LC_ALL", "fr_FR.UTF-8");
        CPPUNIT_ASSERT_EQUAL(std::string("mise en pause par anna\u00a0: travaux"), reasonWords(paused));
        CPPUNIT_ASSERT_EQUAL(std::string("3 j 4 h"), spanWords(std::chrono::hours(76)));
        CPPUNIT_ASSERT_EQUAL(std::string("ÉCHÉANCE"), tableHeads({"slot"}).front());
        const JobTrouble late{JobTrouble::Kind::Late, "a", now - std::chrono::hours(2), 3};
        CPPUNIT_ASSERT_EQUAL(std::string("la tâche a n’a pas réussi depuis 2 h\u00a0: 3 échéances sont passées sans "
                                         "exécution\u00a0; voir carillon ledger a"),
                             troubleWords(late, "", now));
    }

    void reasonsOfSlotsAreToldInFrench() {
        const std::pair<const char*, const char*> reasons[] = {
            {"moved to 2026-12-28 03:00 (Noël)", "reportée au 28/12/2026 à 03:00 (Noël)"},
            {"moved to 2026-12-28 03:00 (weekend)", "reportée au 28/12/2026 à 03:00 (fin de semaine)"},
            {"moved to nowhere (x)", "reportée au nowhere (x)"},
            {"day off: weekend", "jour non travaillé\u00a0: fin de semaine"},
            {"day off: Noël", "jour non travaillé\u00a0: Noël"},
            {"blackout (12:00-14:00)", "plage d’exclusion (12:00-14:00)"},
            {"stopped by the host", "arrêtée par l’hôte"},
            {"paused by carillon (sudo: anna): à 14 h: travaux",
             "mise en pause par carillon (sudo: anna)\u00a0: à 14 h: travaux"},
            {"paused by anna", "mise en pause par anna"},
            {"paused", "en pause"},
            {"late, and job.misfire is skip (the store failed)",
             "en retard, et job.misfire vaut skip (la base de l’hôte était en panne)"},
            {"what a later version says", "what a later version says"},
            {"", ""}};
        for (const auto& [stored, french] : reasons) {
            const SlotReason reason = slotReasonOf(stored);
            CPPUNIT_ASSERT_EQUAL(std::string(french), reasonInWords(reason, Language::French));
            CPPUNIT_ASSERT_EQUAL(std::string(stored), reasonInWords(reason, Language::English));
            CPPUNIT_ASSERT_EQUAL(std::string(stored), saySlotReason(reason).text);
        }
    }

    void messagesAreFilledAndJoined() {
        const std::string file = "done.one = {n} item of {whole}\ndone.many = {#n} items of {whole}\nhelp = a {b} c\n";
        const Texts texts(Language::French, file);
        const Message part = say("done", {{"n", 12'345}, {"whole", say("help", {{"b", "{n}"}})}});

        CPPUNIT_ASSERT_EQUAL(std::string("12\u202f345 items of a {n} c"), inWords(part, texts));
        CPPUNIT_ASSERT_EQUAL(std::string("0 item of x"), inWords(say("done", {{"n", 0}, {"whole", "x"}}), texts));
        const Message both = part + "; " + say("help", {{"b", 1}}) + " end";
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, both.values.size());
        CPPUNIT_ASSERT_EQUAL(std::string("12\u202f345 items of a {n} c; a 1 c end"), inWords(both, texts));
        CPPUNIT_ASSERT_EQUAL(std::string(), (Message("plain") + " text").code);
        CPPUNIT_ASSERT_EQUAL(std::string("plain text"), (Message("plain") + " text").text);
    }

    void numbersAreWrittenAsTheLanguageDoes() {
        CPPUNIT_ASSERT_EQUAL(std::string("1\u202f234,50"), numberInWords("1234.50", true));
        CPPUNIT_ASSERT_EQUAL(std::string("1,234.50"), numberInWords("1234.50", false));
        CPPUNIT_ASSERT_EQUAL(std::string("\u22127"), numberInWords("-7", true));
        for (const auto* text : {"", "-", "1.", "1.2.3", "x1", "12 "})
            CPPUNIT_ASSERT_EQUAL(std::string(text), numberInWords(text, true));
    }

    void aMessageWithoutATextIsQuotedInEnglish() {
        Message message = say("Pears.picked", {{"n", 3}});
        message.text = "3 pears picked";
        const Message known = sayHost("run.noreport");

        CPPUNIT_ASSERT_EQUAL(message.text, inWords(message, Language::French, PluginTexts()));
        CPPUNIT_ASSERT(languageOf(message, Language::French, PluginTexts()) == Language::English);
        CPPUNIT_ASSERT(languageOf(known, Language::French, PluginTexts()) == Language::French);
        CPPUNIT_ASSERT(languageOf(known + ": " + message, Language::French, PluginTexts()) == Language::English);
        CPPUNIT_ASSERT_EQUAL(std::string("the plugin ended without a report"), known.text);
    }

    void stopsOfTheSdkAreTold() {
        struct Stopped : StopToken {
            bool isAsked() const override { return true; }
            std::chrono::milliseconds remaining() const override { return std::chrono::hours(1); }
        };
        try {
            Stopped().throwIfRequested();
            CPPUNIT_FAIL("not stopped");
        } catch (const RunStopped& e) {
            CPPUNIT_ASSERT_EQUAL(e.message(), inWords(e.said(), Language::English, PluginTexts()));
            CPPUNIT_ASSERT_EQUAL(std::string("l’arrêt de l’exécution a été demandé"),
                                 inWords(e.said(), Language::French, PluginTexts()));
        }
    }

    void endsWithoutAReportAreTold() {
        RunRow run;
        for (const auto* key : {"run.gone", "run.leaseover"}) {
            run.message = sayHost(key).text;  // as it was stored
            CPPUNIT_ASSERT_EQUAL("host." + std::string(key), messageOf(run).code);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("ended without a report: its process is gone"), sayHost("run.gone").text);
        run.message = "something else";
        CPPUNIT_ASSERT(messageOf(run).code.empty());
    }

    void messagesTravelWholeAndAreShownAsText() {
        const RunReport report = RunReport::failed(sayHost("run.stoppedby", {{"by", "alice"}})).warn("look");
        const auto line = JsonValue::parse(lineOf(report));
        const auto arrived = std::get<RunReport>(taskMessageOf("report", line["report"]));

        CPPUNIT_ASSERT_EQUAL(report.message, arrived.message);
        const std::string shown = toPublicJson(report);
        CPPUNIT_ASSERT_MESSAGE(shown, shown.find(R"("message":"stopped by alice","message_code":"host.run.stoppedby",)"
                                                 R"("message_values":{"by":"alice"})") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(shown, shown.find("warnings_said") == std::string::npos);
    }

private:
    /// Of each kind, one event and several, over and not, and for each reason.
    static std::vector<Alert> allAlerts() {
        std::vector<Alert> alerts;
        Alert alert;
        alert.job = "JOB";
        alert.host = "HOST";
        alert.run = "RUN";
        alert.message = "MESSAGE";
        for (const std::int64_t count : {1, 3}) {
            alert.count = count;
            for (const auto kind : kAlertKinds) {
                alert.kind = kind;
                alert.lastSuccess = count > 1 ? std::optional(TimePoint{}) : std::nullopt;
                alert.expectation.reset();
                if (const auto expected = enumOf<ExpectationKind>(carillon::nameOf(kind))) {
                    alert.expectation.emplace();
                    alert.expectation->kind = *expected;
                    alert.expectation->counter = "items";
                    alert.expectation->isRunning = count > 1;
                }
                alerts.push_back(alert);
            }
            alert.kind = AlertKind::Recovered;
            alerts.push_back(alert);
            alert.expectation.reset();
            alert.kind = AlertKind::Missed;
            for (const auto why :
                 {kLateWaits, kLateFaulty, kLateChanged, kLateUnseen, kLateBegun, kLateOverlap, kLateQueue}) {
                alerts.push_back(alert);
                alerts.back().message = why;
            }
        }
        alert.kind = AlertKind::Host;
        alert.count = 0;
        alerts.push_back(alert);
        return alerts;
    }

    /// What the text says, whatever is in its places.
    static std::regex patternOf(const std::string& text) {
        const std::string quoted = std::regex_replace(text, std::regex(R"([.^$|()\[\]*+?\\])"), R"(\$&)");
        return std::regex(std::regex_replace(quoted, std::regex(R"(\{#?\w+\})"), "[^\n]+"));
    }

    static std::string textOf(const fs::path& path) {
        std::ostringstream text;
        text << std::ifstream(path).rdbuf();
        return text.str();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MessageWordsTest);
