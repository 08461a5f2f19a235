#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "Decision.h"
#include "MailCheck.h"
#include "MailComposer.h"
#include "Outbox.h"
#include "PageFixture.h"
#include "PasserelleCheck.h"
#include "Poco/TemporaryFile.h"
#include "Texts.h"
#include "carillon/testing/FakeRunContext.h"
#include "pages/CheckPage.h"
#include "pages/RejectsPage.h"
#include "pages/RunPage.h"

using namespace carillon;
namespace fs = std::filesystem;

namespace {

const fs::path kSources = CARILLON_PASSERELLE_DIR;
const std::set<std::string> kAlike = {"check.configuration", "detail.message", "detail.mode", "detail.version"};

std::string textOfFile(const fs::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// What stands in the parentheses of a pattern, in all sources or in one.
std::set<std::string> namesInSources(const std::string& pattern, const std::string& only = "") {
    std::set<std::string> found;
    for (const auto& file : fs::directory_iterator(kSources)) {
        if ((file.path().extension() != ".cpp" && file.path().extension() != ".h") ||
            (!only.empty() && file.path().filename() != only))
            continue;
        const std::string text = textOfFile(file.path());
        const std::regex regex(pattern);
        for (auto it = std::sregex_iterator(text.begin(), text.end(), regex); it != std::sregex_iterator(); ++it)
            found.insert((*it)[1]);
    }
    return found;
}

}  // namespace

/// What the pages call the things of Passerelle.
class PasserelleTextsTest : public PageFixture {
    CPPUNIT_TEST_SUITE(PasserelleTextsTest);
    CPPUNIT_TEST(allAndOnlyWhatThePluginSaysHasATextInBothLanguages);
    CPPUNIT_TEST(textsAreTranslated);
    CPPUNIT_TEST(placesAreTheSameInBothLanguages);
    CPPUNIT_TEST(messagesAreToldInEitherLanguage);
    CPPUNIT_TEST(sentencesOfTheInboxAreRecognised);
    CPPUNIT_TEST(countersAreShownInTheirWords);
    CPPUNIT_TEST(checksAreShownInTheirWords);
    CPPUNIT_TEST(reasonsAreShownInTheirWords);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _folder = Poco::TemporaryFile::tempName();
        fs::create_directory(_folder);
        for (const auto* language : {"en", "fr"}) {
            const fs::path to = fs::path(_folder) / (std::string("Passerelle.") + language + ".properties");
            fs::copy_file(kSources / "texts" / (std::string(language) + ".properties"), to);
            fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
        }
        fs::permissions(_folder, fs::perms::owner_all);
        _texts = std::make_shared<const PluginTexts>(
            _folder, [](const auto& path, const auto& why) { CPPUNIT_FAIL(path + ' ' + why); });
    }
    void tearDown() override { fs::remove_all(_folder); }

    void allAndOnlyWhatThePluginSaysHasATextInBothLanguages() {
        std::set<std::string> said;
        for (const auto& task : namesInSources(R"re(CARILLON_TASK\((\w+)\))re")) said.insert("task." + task + ".run");
        for (const auto& name : counters()) said.insert("counter." + name);
        for (const auto& name : checks()) said.insert("check." + name);
        for (const auto& name : details()) said.insert("detail." + name);
        for (const auto& name : reasons()) said.insert("reason." + name);
        for (const auto& name : facts()) said.insert("item." + name);
        CPPUNIT_ASSERT(said.size() > 40);
        const auto codes = messageCodes();
        CPPUNIT_ASSERT(codes.size() > 150);
        for (const auto& code : codes) {
            const bool isCounted = keysOf(Language::English).contains(code + ".many");
            said.insert(isCounted ? code + ".one" : code);
            if (isCounted) said.insert(code + ".many");
        }

        for (const auto language : kLanguages) CPPUNIT_ASSERT_EQUAL(lines(said), lines(keysOf(language)));
    }

    void textsAreTranslated() {
        for (const auto& key : keysOf(Language::English)) {
            const bool isAlike = own(Language::English).say(key) == own(Language::French).say(key);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(key, kAlike.contains(key), isAlike);
            for (const auto language : kLanguages) CPPUNIT_ASSERT_MESSAGE(key, !own(language).say(key).empty());
        }
    }

    void placesAreTheSameInBothLanguages() {
        for (const auto& key : keysOf(Language::English))
            CPPUNIT_ASSERT_EQUAL_MESSAGE(key, lines(placesIn(own(Language::English).say(key))),
                                         lines(placesIn(own(Language::French).say(key))));
    }

    void messagesAreToldInEitherLanguage() {
        for (const auto& code : messageCodes()) {
            Message::Values values;
            for (const auto& key : {code, code + ".many"})
                for (const auto& place : placesIn(own(Language::English).say(key)))
                    values.emplace_back(place, place == "n" ? Message(2) : Message("<" + place + ">"));
            Message message = passerelle::say(code, values);
            message.code.insert(0, "Passerelle.");

            const std::string english = inWords(message, Language::English, *_texts);
            const std::string french = inWords(message, Language::French, *_texts);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(code, message.text, english);
            CPPUNIT_ASSERT_MESSAGE(french, french.find('{') == std::string::npos && !french.empty());
            CPPUNIT_ASSERT_MESSAGE(code, languageOf(message, Language::French, *_texts) == Language::French);
            for (const auto& [name, value] : values)
                CPPUNIT_ASSERT_MESSAGE(french, french.find(value.text) != std::string::npos);
        }
    }

    void sentencesOfTheInboxAreRecognised() {
        using passerelle::recognise;
        const Message expired = passerelle::say(
            "reject.expired", {{"answered", "2026-11-22 11:32:23"}, {"expired", "2026-11-01 00:00:00"}});

        CPPUNIT_ASSERT_EQUAL(expired, recognise(expired.text, {passerelle::kRejectCodes}));
        CPPUNIT_ASSERT_EQUAL(std::string("reject.unknown"),
                             recognise("Agora has no such token", {passerelle::kRejectCodes}).code);
        for (const auto* other : {"", "Agora has no such token…", "answered on 2026-11-22", "no sentence of ours"}) {
            CPPUNIT_ASSERT_EQUAL(std::string(), recognise(other, {passerelle::kRejectCodes}).code);
            CPPUNIT_ASSERT_EQUAL(std::string(other), recognise(other, {passerelle::kRejectCodes}).text);
        }
    }

    void countersAreShownInTheirWords() {
        RunSource source;
        source.run.id = "r";
        source.run.outcome = Outcome::Succeeded;
        source.run.finishedAt = source.run.startedAt;
        source.plugin = "Passerelle";
        std::string report;
        int value = 0;
        for (const auto& name : counters())
            report += (report.empty() ? "{\"counters\":{\"" : ",\"") + name + "\":" + std::to_string(++value);
        source.run.report = report + "}}";

        for (const auto language : kLanguages) {
            const std::string html = RunPage().answer(_frame, request(language), source).body;

            for (const auto& name : counters()) assertShown(html, own(language).say("counter." + name));
        }
    }

    void checksAreShownInTheirWords() {
        for (const auto language : kLanguages)
            for (const auto& name : checks()) {
                Check check{name, CheckState::Passed, "", {{"fetched", "1"}, {"validations", "2"}}, ""};
                for (const auto& detail : details()) check.details.emplace_back(detail, "x");

                const std::string html = CheckPage().item(reader(language), own(language), check);

                assertShown(html, own(language).say("check." + name));
                assertShown(html, own(language).say("counter.fetched"));
                assertShown(html, "validations");
                for (const auto& detail : details()) assertShown(html, own(language).say("detail." + detail));
            }
    }

    void reasonsAreShownInTheirWords() {
        RejectsSource source;
        source.plugin = "Passerelle";
        for (const auto& reason : reasons()) source.rejects.push_back({1, {}, "item", reason, "", ""});

        for (const auto language : kLanguages) {
            const std::string html = RejectsPage().answer(_frame, request(language), source).body;

            for (const auto& reason : reasons()) assertShown(html, own(language).say("reason." + reason));
        }
    }

private:
    static constexpr Language kLanguages[] = {Language::English, Language::French};

    const Texts& own(Language language) const { return _texts->of("Passerelle", language); }
    PageRequest request(Language language) const { return {_request, _caller, reader(language), _texts}; }

    std::set<std::string> keysOf(Language language) const {
        std::set<std::string> keys;
        for (const auto& [key, text] : own(language).all()) keys.insert(key);
        return keys;
    }
    /// Of all messages: what stands first in a call of say(), and the words of which codes are made.
    static std::set<std::string> messageCodes() {
        auto codes = namesInSources(R"re(\bsay\([^,;{}]*?"([a-z][\w]*(?:\.[\w]+)?)")re");
        codes.merge(namesInSources(R"re(\bsay\([^,;{}]*? : "([a-z][\w]*(?:\.[\w]+)?)")re"));
        codes.merge(namesInSources(R"re(refuse\(typed, "([\w.]+)")re"));
        codes.merge(namesInSources(R"re("(both\.[a-z]+)")re"));
        codes.merge(namesInSources(R"re("(proxy\.[a-z]+)")re"));
        // What a proxy's address lacks is said by its reader, which knows no codes, and recognised.
        for (const auto* lack : {"host", "kind", "percent", "port"}) codes.insert(std::string("proxy.") + lack);
        codes.merge(namesInSources(R"re("(mails\.[a-z]+)")re"));
        for (const auto why : passerelle::kDropReasons) codes.insert("dropped." + std::string(why));
        for (auto what : namesInSources(R"re(withRetries\("([^"]+)")re")) {
            for (auto& c : what)
                if (!std::isalpha(static_cast<unsigned char>(c))) c = '_';
            codes.insert("doing." + what);
        }
        for (int i = 1; i <= static_cast<int>(passerelle::Reason::RefusedByDatabase); ++i)
            codes.insert("why." + std::string(reasonName(static_cast<passerelle::Reason>(i))));
        for (const auto* why : {"no_usable_id", "not_told_from_a_broken_one_before", "known_as_rejected_already"})
            codes.insert(std::string("why.") + why);
        for (const auto* beginning : {"why", "doing"}) codes.erase(beginning);
        return codes;
    }
    static std::set<std::string> placesIn(const std::string& text) {
        std::set<std::string> places;
        const std::regex place(R"re(\{#?(\w+)\})re");
        for (auto it = std::sregex_iterator(text.begin(), text.end(), place); it != std::sregex_iterator(); ++it)
            places.insert((*it)[1]);
        return places;
    }
    static std::string lines(const std::set<std::string>& names) {
        std::string text;
        for (const auto& name : names) text += name + '\n';
        return text;
    }
    static void assertShown(const std::string& html, const std::string& words) {
        const std::string shown = '>' + escapeHtml(words);
        CPPUNIT_ASSERT_MESSAGE(words + " in " + html, html.find(shown + '<') != std::string::npos ||
                                                          html.find(shown + ' ') != std::string::npos);
    }

    static std::set<std::string> counters() {
        // What has labels is for /metrics alone.
        return namesInSources(R"re(\b(?:counter|gauge|total)\("(\w+)",(?!.*\{\{))re");
    }
    static std::set<std::string> details() {
        auto names = namesInSources(R"re(details\.emplace_back\("(\w+)")re", "PasserelleCheck.cpp");
        names.merge(namesInSources(R"re(details\.emplace_back\("(\w+)")re", "MailCheck.cpp"));
        const std::string text = textOfFile(kSources / "PasserelleCheck.cpp");
        const std::regex list(R"re(check\.details = \{([^;]*)\};)re");
        const std::regex name(R"re(\{"(\w+)", )re");
        for (auto it = std::sregex_iterator(text.begin(), text.end(), list); it != std::sregex_iterator(); ++it) {
            const std::string inside = (*it)[1];
            for (auto in = std::sregex_iterator(inside.begin(), inside.end(), name); in != std::sregex_iterator(); ++in)
                names.insert((*in)[1]);
        }
        return names;
    }
    static std::set<std::string> facts() {
        auto names = namesInSources(R"re((?:\{|emplace_back\()"(\w+)", )re", "Items.cpp");
        names.merge(namesInSources(R"re((?:\{|emplace_back\()"(\w+)", )re", "OutboxItems.cpp"));
        for (const auto& value : namesInSources(R"re(say\([^;]*?\{\{"(\w+)", )re", "Items.cpp")) names.erase(value);
        for (const auto& value : namesInSources(R"re(say\([^;]*?\{\{"(\w+)", )re", "OutboxItems.cpp"))
            names.erase(value);
        return names;
    }
    static std::set<std::string> reasons() {
        std::set<std::string> names;
        for (int i = 1; i <= static_cast<int>(passerelle::Reason::RefusedByDatabase); ++i)
            names.insert(std::string(reasonName(static_cast<passerelle::Reason>(i))));
        for (const auto* reason : {passerelle::kUncertain, passerelle::kMailRefused, passerelle::kBadAddress})
            names.insert(reason);
        for (const auto reason : passerelle::kDropReasons) names.insert(std::string(reason));
        return names;
    }
    /// Of a check that finds no database: it has them all.
    static std::set<std::string> checks() {
        carillon::testing::FakeRunContext context;
        passerelle::SyncOptions options;
        options.database.connector = passerelle::Connector::Sqlite;
        options.database.connection = "/nonexistent/agora.db";
        std::set<std::string> names;
        passerelle::PasserelleCheck(options, context).run([&](const Check& check) { names.insert(check.name); });
        passerelle::MailOptions mails;
        mails.database = options.database;
        passerelle::MailCheck(mails, context).run([&](const Check& check) { names.insert(check.name); });
        return names;
    }

    std::string _folder;
    std::shared_ptr<const PluginTexts> _texts;
    const PageFrame _frame{};
    carillon::HttpRequest _request{};
    Caller _caller{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(PasserelleTextsTest);
