#include "PageFixture.h"
#include "base/JsonValue.h"
#include "pages/ProblemPage.h"
#include "pages/RejectsPage.h"
#include "pages/Template.h"
#include "words/HostTexts.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <string>
#include <utility>

using namespace carillon;
using namespace std::chrono_literals;

/// How pages say times, lengths, numbers and refusals.
class WordingTest : public PageFixture {
    CPPUNIT_TEST_SUITE(WordingTest);
    CPPUNIT_TEST(lengthsAreAsPreciseAsTheyAreShort);
    CPPUNIT_TEST(distancesSayTheirSide);
    CPPUNIT_TEST(timesAreThoseOfTheZone);
    CPPUNIT_TEST(timesCarryTheirInstant);
    CPPUNIT_TEST(numbersAreGrouped);
    CPPUNIT_TEST(markupIsEscaped);
    CPPUNIT_TEST(whatIsHiddenIsShown);
    CPPUNIT_TEST(refusalsComeInTheReadersLanguage);
    CPPUNIT_TEST(refusalsAsJsonAreInBothLanguagesWithOneCode);
    CPPUNIT_TEST(refusalsOfUnknownKindSayTheirStatus);
    CPPUNIT_TEST(replayMeansWhatTheFormMeans);
    CPPUNIT_TEST(replayOfNothingIsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void lengthsAreAsPreciseAsTheyAreShort() {
        const Texts& texts = reader().texts;
        CPPUNIT_ASSERT_EQUAL(std::string("0 ms"), durationText(texts, 900us));
        CPPUNIT_ASSERT_EQUAL(std::string("420 ms"), durationText(texts, 420ms));
        CPPUNIT_ASSERT_EQUAL(std::string("1.4 s"), durationText(texts, 1'499ms));
        CPPUNIT_ASSERT_EQUAL(std::string("2 min 03 s"), durationText(texts, 123s));
        CPPUNIT_ASSERT_EQUAL(std::string("1 h 05 min"), durationText(texts, 65min));
        CPPUNIT_ASSERT_EQUAL(std::string("1,4 s"), durationText(pageTexts(Language::French), 1'400ms));
    }

    void distancesSayTheirSide() {
        CPPUNIT_ASSERT_EQUAL(std::string("3 min ago"), distanceText(reader(), ago(200s)));
        CPPUNIT_ASSERT_EQUAL(std::string("in 2 h"), distanceText(reader(), ago(-130min)));
        CPPUNIT_ASSERT_EQUAL(std::string("il y a 3 j"), distanceText(reader(Language::French), ago(73h)));
        CPPUNIT_ASSERT_EQUAL(std::string("dans 47 h"), distanceText(reader(Language::French), ago(-47h)));
    }

    void timesAreThoseOfTheZone() {  // it is 01:00 on 22 November in Paris
        CPPUNIT_ASSERT_EQUAL(std::string("00:30:00"), timeText(reader(), ago(30min), TimeForm::Short));
        CPPUNIT_ASSERT_EQUAL(std::string("21 Nov, 23:30:00"), timeText(reader(), ago(90min), TimeForm::Short));
        CPPUNIT_ASSERT_EQUAL(std::string("22 nov. 2026, 01:00:00"),
                             timeText(reader(Language::French), ago(0s), TimeForm::Full));
    }

    void timesCarryTheirInstant() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("<time datetime=\"2026-11-22T00:00:00.000Z\" data-form=\"full\">22 Nov 2026, 01:00:00</time>"),
            timeElement(reader(), ago(0s), TimeForm::Full));
    }

    void numbersAreGrouped() {
        CPPUNIT_ASSERT_EQUAL(std::string("999"), numberText(reader().texts, 999));
        CPPUNIT_ASSERT_EQUAL(std::string("1,000"), numberText(reader().texts, 1'000));
        CPPUNIT_ASSERT_EQUAL(std::string("12\u202f345\u202f678"), numberText(pageTexts(Language::French), 12'345'678));
        CPPUNIT_ASSERT_EQUAL(std::string("\u22121,234"), numberText(reader().texts, -1'234));
    }

    void markupIsEscaped() {
        CPPUNIT_ASSERT_EQUAL(std::string("&lt;a href=&quot;x&quot;&gt;&#39;&amp;é"), escapeHtml("<a href=\"x\">'&é"));
    }

    void whatIsHiddenIsShown() {
        CPPUNIT_ASSERT_EQUAL(std::string("a\\u202e\\u0085&lt;\\x1b\nb é 😀"), escapeHtml("a\u202e\u0085<\x1b\nb é 😀"));

        Fields fields;
        fields.set("what", std::string("exe\u202etxt.&"));
        const Template page("problem.html");
        const std::string html = page.render(fields, reader().texts);

        CPPUNIT_ASSERT_MESSAGE(html, html.find("exe\\u202etxt.&amp;") != std::string::npos);
    }

    void refusalsComeInTheReadersLanguage() {
        const auto busy = problem(409, "job-busy", sayHost("request.nojob", {{"job", "a"}}), "\"run\":\"r1\"");
        const Reader french{pageTexts(Language::French), {}, {}, {}};

        const auto words = wordsOf(french, busy);

        CPPUNIT_ASSERT_EQUAL(std::string("job-busy"), words.kind);
        CPPUNIT_ASSERT_EQUAL(std::string("La tâche est déjà en cours d’exécution."), words.what);
        CPPUNIT_ASSERT_EQUAL(std::string("Attendez la fin, ou suivez-la."), words.todo);
        CPPUNIT_ASSERT_EQUAL(std::string("la tâche a n’existe pas"), words.detail);
        CPPUNIT_ASSERT_EQUAL(std::string("fr"), words.language);
        CPPUNIT_ASSERT_EQUAL(std::string("r1"), words.run);
    }

    void refusalsAsJsonAreInBothLanguagesWithOneCode() {
        const auto refused = problem(404, "no-job", sayHost("request.nojob", {{"job", "a"}}), "\"run\":\"r1\"");
        const auto french = inLanguage(refused, Language::French, PluginTexts());

        const auto inEnglish = JsonValue::parse(refused.body);
        const auto inFrench = JsonValue::parse(french.body);

        CPPUNIT_ASSERT_EQUAL(std::string("Not Found"), inEnglish["title"].text());
        CPPUNIT_ASSERT_EQUAL(std::string("there is no job a"), inEnglish["detail"].text());
        CPPUNIT_ASSERT_EQUAL(std::string("introuvable"), inFrench["title"].text());
        CPPUNIT_ASSERT_EQUAL(std::string("la tâche a n’existe pas"), inFrench["detail"].text());
        for (const auto* json : {&inEnglish, &inFrench}) {
            CPPUNIT_ASSERT_EQUAL(std::string("host.request.nojob"), (*json)["code"].text());
            CPPUNIT_ASSERT_EQUAL(std::string("r1"), (*json)["run"].text());
        }
        CPPUNIT_ASSERT(std::find(french.headers.begin(), french.headers.end(),
                                 std::pair<std::string, std::string>("Content-Language", "fr")) !=
                       french.headers.end());
    }

    void refusalsOfUnknownKindSayTheirStatus() {
        const Texts& texts = reader().texts;
        CPPUNIT_ASSERT_EQUAL(texts.say("problem.503"), wordsOf(reader(), problem(503, "brand-new", "x")).what);
        CPPUNIT_ASSERT_EQUAL(texts.say("problem.any"), wordsOf(reader(), problem(418, "", "x")).what);
        CPPUNIT_ASSERT_EQUAL(std::string(), wordsOf(reader(), problem(418, "", "x")).todo);
    }

    void replayMeansWhatTheFormMeans() {
        CPPUNIT_ASSERT((replayWishOf(form("csrf=x&id=7&id=12")).ids == std::vector<std::int64_t>{7, 12}));
        const auto all = replayWishOf(form("id=7&all=1"));
        CPPUNIT_ASSERT(all.all && all.ids.empty());
        CPPUNIT_ASSERT(receivedBefore("36h", _clock.now()) == ago(36h));
        CPPUNIT_ASSERT(receivedBefore("", _clock.now()) == TimePoint{});
    }

    void replayOfNothingIsRefused() {
        for (const char* body : {"", "csrf=x", "all=", "id=seven", "id=7x"})
            CPPUNIT_ASSERT_THROW_MESSAGE(body, replayWishOf(form(body)), HttpRefusal);
        CPPUNIT_ASSERT_THROW(receivedBefore("soon", _clock.now()), HttpRefusal);
    }

private:
    static HttpRequest form(const std::string& body) {
        HttpRequest request;
        request.headers.set("Content-Type", "application/x-www-form-urlencoded");
        request.body = body;
        return request;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(WordingTest);
