#include "logs/LineFormatter.h"

#include "base/JsonValue.h"

#include "carillon/LogLine.h"

#include "Poco/JSON/Parser.h"
#include "Poco/LoggingFactory.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <iterator>
#include <random>
#include <sstream>
#include <thread>

using namespace carillon;

class LineFormatterTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LineFormatterTest);
    CPPUNIT_TEST(aLineIsTimeLevelRunAndText);
    CPPUNIT_TEST(aMessageWithoutRunHasADash);
    CPPUNIT_TEST(aRunIsOneWord);
    CPPUNIT_TEST(aTextStaysInOneLine);
    CPPUNIT_TEST(bytesThatAreNotUtf8AreEscaped);
    CPPUNIT_TEST(whatIsHiddenIsEscaped);
    CPPUNIT_TEST(whatIsHiddenSurvivesTheWayThroughALine);
    CPPUNIT_TEST(anEventIsWrittenAsLogLineBuiltIt);
    CPPUNIT_TEST(aTimeOutsideOfFourDigitYearsIsPutInside);
    CPPUNIT_TEST(aJsonLineHasTheFieldsInTheirOrder);
    CPPUNIT_TEST(onlyWholeNumbersBecomeNumbers);
    CPPUNIT_TEST(aTextOfAnotherFormBecomesMessage);
    CPPUNIT_TEST(aFieldNeverReplacesOneOfTheHost);
    CPPUNIT_TEST(aQuotedValueForgesNoField);
    CPPUNIT_TEST(aMessageForgesNoEvent);
    CPPUNIT_TEST(aJsonLineStaysValidAndOneLine);
    CPPUNIT_TEST(aLineOfAnotherKindIsNotParsed);
    CPPUNIT_TEST(parsingALineGivesTheJsonLineForAnyText);
    CPPUNIT_TEST(aValueSurvivesTheWayThroughALine);
    CPPUNIT_TEST(bothAreKnownToTheFactoryFromAnyThread);
    CPPUNIT_TEST_SUITE_END();

public:
    void aLineIsTimeLevelRunAndText() {
        const std::string line = textLine("batch.applied items=500", "20261122-103223-1a2b");

        CPPUNIT_ASSERT_EQUAL(
            std::string("2026-11-22T10:32:23.123Z information 20261122-103223-1a2b batch.applied items=500"), line);
    }

    void aMessageWithoutRunHasADash() { CPPUNIT_ASSERT_EQUAL(kHead + "- host.started", textLine("host.started", "")); }

    void aRunIsOneWord() {
        CPPUNIT_ASSERT_EQUAL(kHead + "a\\x20b\\x0a\\x5c\\xc3\\xa9 x.y", textLine("x.y", "a b\n\\\u00e9"));
    }

    void aTextStaysInOneLine() {
        const std::string text = std::string("one\ntwo\rthree\tfour\x01") + '\0' + "\x1b[31m\x7f C:\\new";

        CPPUNIT_ASSERT_EQUAL(kHead + "r one\\ntwo\\rthree\\tfour\\x01\\x00\\x1b[31m\\x7f C:\\\\new", textLine(text));
    }

    void bytesThatAreNotUtf8AreEscaped() {
        CPPUNIT_ASSERT_EQUAL(std::string("caf\u00e9 \U0001f600 \\xff\\xc0\\xaf \\xed\\xa0\\x80 \\xe2\\x82"),
                             toOneLine("caf\u00e9 \U0001f600 \xff\xc0\xaf \xed\xa0\x80 \xe2\x82"));
    }

    void whatIsHiddenIsEscaped() {
        CPPUNIT_ASSERT_EQUAL(std::string("a\\u0085b\\u2028c\\u2029d\\u202e \\u061c\\u200e\\u2066 é 日本 😀"),
                             toOneLine("a\u0085b\u2028c\u2029d\u202e \u061c\u200e\u2066 é 日本 😀"));
        CPPUNIT_ASSERT_EQUAL(std::string("x.y name=\"gpj.\\u202eexe\" c1=\"\\u009b31m\""),
                             toOneLine(event(event("x.y", "name", "gpj.\u202eexe"), "c1", "\u009b31m")));
    }

    void whatIsHiddenSurvivesTheWayThroughALine() {
        for (const std::string value : {"a\u0085b", "\u202eabc", "\u2069", "\\u0085", "\\\u0085"}) {
            CPPUNIT_ASSERT_EQUAL(value, parsed(event("x.y", "value", value))->getValue<std::string>("value"));
            CPPUNIT_ASSERT_EQUAL(value, parsed(value)->getValue<std::string>("message"));
        }
    }

    void anEventIsWrittenAsLogLineBuiltIt() {
        const std::string text = "item.rejected reason=\"not \\\"valid\\\"\\n\\\\ \\x01\" path=/a/b";

        CPPUNIT_ASSERT_EQUAL(text, toOneLine(text));
    }

    void aTimeOutsideOfFourDigitYearsIsPutInside() {
        Poco::Message message("", "x.y", Poco::Message::PRIO_ERROR);
        std::string early, late;

        message.setTime(Poco::Timestamp::TIMEVAL_MIN);
        LineFormatter().format(message, early);
        message.setTime(Poco::Timestamp::TIMEVAL_MAX);
        LineFormatter().format(message, late);

        CPPUNIT_ASSERT_EQUAL(std::string("1970-01-01T00:00:00.000Z error - x.y"), early);
        CPPUNIT_ASSERT_EQUAL(std::string("9999-12-31T23:59:59.999Z error - x.y"), late);
    }

    void aJsonLineHasTheFieldsInTheirOrder() {
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"time":"2026-11-22T10:32:23.123Z","level":"information","run":"r",)"
                                         R"("event":"batch.applied","items":500,"by":"Ada \"L\""})"),
                             jsonLine("batch.applied items=500 by=\"Ada \\\"L\\\"\""));
    }

    void onlyWholeNumbersBecomeNumbers() {
        const auto object = parsed("x.y a=-5 b=007 c=1.5 d=9223372036854775808 e=-0 f=\"5\" g=9223372036854775807");

        CPPUNIT_ASSERT(object->get("a").isInteger());
        for (const char* key : {"b", "c", "d", "e", "f"}) CPPUNIT_ASSERT(object->get(key).isString());
        CPPUNIT_ASSERT_EQUAL(Poco::Int64{9223372036854775807}, object->getValue<Poco::Int64>("g"));
    }

    void aTextOfAnotherFormBecomesMessage() {
        for (const std::string text : {"hello", "", "two words", "example.com is down", "a.b c", "a.b =c",
                                       "a.b c=", "a.b  c=d", "a.b c=d ", "a..b", "a.b. x=y", ".a", "3.14", "a.b c=\"d",
                                       "a.b c=\"d\"e", "a.b c=\"\\q\"", "a.b c=d=e", "a.b\tc=d"}) {
            const auto object = parsed(text);

            CPPUNIT_ASSERT_MESSAGE(text, !object->has("event"));
            CPPUNIT_ASSERT_EQUAL(text, object->getValue<std::string>("message"));
        }
    }

    void aFieldNeverReplacesOneOfTheHost() {
        const auto object = parsed("x.y time=1 level=2 run=3 event=4 a=5 a=6 a_=7");

        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-22T10:32:23.123Z"), object->getValue<std::string>("time"));
        CPPUNIT_ASSERT_EQUAL(std::string("information"), object->getValue<std::string>("level"));
        CPPUNIT_ASSERT_EQUAL(std::string("r"), object->getValue<std::string>("run"));
        CPPUNIT_ASSERT_EQUAL(std::string("x.y"), object->getValue<std::string>("event"));
        CPPUNIT_ASSERT_EQUAL(1, object->getValue<int>("time_"));
        CPPUNIT_ASSERT_EQUAL(5, object->getValue<int>("a"));
        CPPUNIT_ASSERT_EQUAL(6, object->getValue<int>("a_"));
        CPPUNIT_ASSERT_EQUAL(7, object->getValue<int>("a__"));
    }

    void aQuotedValueForgesNoField() {
        const std::string value = "x\" admin=1\n2026-11-22T10:32:23.123Z error r user.deleted";

        const auto object = parsed(event("x.y", "name", value));

        CPPUNIT_ASSERT_EQUAL(value, object->getValue<std::string>("name"));
        CPPUNIT_ASSERT(!object->has("admin"));
    }

    void aMessageForgesNoEvent() {
        for (const std::string text : {"a.b k=\"x\\\"", "a.b k=\"C:\\q\"", "x\n2026-11-22T10:32:23.123Z error r a.b"}) {
            const auto object = parsed(text);

            CPPUNIT_ASSERT_MESSAGE(text, !object->has("event"));
            CPPUNIT_ASSERT_EQUAL(text, object->getValue<std::string>("message"));
        }
    }

    void aJsonLineStaysValidAndOneLine() {
        const std::string line = jsonLine("a\n\"b\"\\\xff\u0085\u2028\x01\u00e9");

        const auto object = Poco::JSON::Parser().parse(line).extract<Poco::JSON::Object::Ptr>();

        CPPUNIT_ASSERT_EQUAL(std::string("a\n\"b\"\\\\xff\u0085\u2028\x01\u00e9"),
                             object->getValue<std::string>("message"));
        CPPUNIT_ASSERT(line.find('\n') == std::string::npos);
        CPPUNIT_ASSERT(line.find("\u0085") == std::string::npos && line.find("\u2028") == std::string::npos);
        CPPUNIT_ASSERT(line.find("\u00e9") != std::string::npos);
    }

    void aLineOfAnotherKindIsNotParsed() {
        for (const std::string line :
             {"", "hello", "# Log file created/rotated 2026", "2026-11-22T10:32:23.123Z",
              "2026-11-22T10:32:23.123Z information r", "2026-11-22T10:32:23.123Z loud r x.y",
              "2026-11-22 10:32:23.123Z information r x.y", "2026-11-22T10:32:23.123Z information  x.y"})
            CPPUNIT_ASSERT_MESSAGE(line, !parseLogLine(line));
    }

    void parsingALineGivesTheJsonLineForAnyText() {
        std::mt19937 random(20261122);
        const std::string pieces[] = {"a",    ".",    "b", " ",  "k",    "=",    "\"",   "\\",     "n",
                                      "x41",  "\n",   "é", "\r", "\xff", "\xe2", "\x80", "\u2028", "-12",
                                      "time", "\\\"", "0", "\t", "\\\\", "\x01", "a.b ", "k=\"",   "\" "};
        for (int i = 0; i < 20'000; ++i) {
            std::string text = i % 2 == 0 ? "" : "a.b k=\"";
            for (auto n = random() % 12; n > 0; --n) text += pieces[random() % std::size(pieces)];

            const std::string line = textLine(text);

            CPPUNIT_ASSERT(line.find_first_of("\n\r\t\x01") == std::string::npos);
            const auto object = parseLogLine(line);
            CPPUNIT_ASSERT_MESSAGE(line, object.has_value());
            CPPUNIT_ASSERT_EQUAL(parse(jsonLine(text)), parse(*object));
            const bool isUtf8 = text.find_first_of("\xff\xe2\x80") == std::string::npos;
            const auto json = JsonValue::parse(*object);
            if (isUtf8 && json.has("message")) CPPUNIT_ASSERT_EQUAL(text, json["message"].text());
        }
    }

    void aValueSurvivesTheWayThroughALine() {
        for (int c = 0; c < 0x80; ++c) {
            const std::string value = "v" + std::string(1, static_cast<char>(c)) + "\u00e9 w";

            const auto object = parsed(event("x.y", "value", value));

            CPPUNIT_ASSERT_EQUAL(value, object->getValue<std::string>("value"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string(), parsed(event("x.y", "value", ""))->getValue<std::string>("value"));
    }

    void bothAreKnownToTheFactoryFromAnyThread() {
        std::thread other(&registerLineFormatters);
        registerLineFormatters();
        other.join();

        auto& factory = Poco::LoggingFactory::defaultFactory();
        CPPUNIT_ASSERT(factory.createFormatter("LineFormatter").cast<LineFormatter>());
        CPPUNIT_ASSERT(factory.createFormatter("JsonLineFormatter").cast<JsonLineFormatter>());
    }

private:
    static inline const std::string kHead = "2026-11-22T10:32:23.123Z information ";

    static Poco::Message messageOf(const std::string& text, const std::string& run) {
        Poco::Message message("", text, Poco::Message::PRIO_INFORMATION);
        message.setTime(Poco::Timestamp(1'795'343'543'123'456));
        if (!run.empty()) message.set("run", run);
        return message;
    }
    static std::string textLine(const std::string& text, const std::string& run = "r") {
        std::string line;
        LineFormatter().format(messageOf(text, run), line);
        return line;
    }
    static std::string jsonLine(const std::string& text) {
        std::string line;
        JsonLineFormatter().format(messageOf(text, "r"), line);
        return line;
    }
    /// The object of the text line, which is that of the JSON line.
    static Poco::JSON::Object::Ptr parsed(const std::string& text) {
        const auto object = parseLogLine(textLine(text));
        CPPUNIT_ASSERT(object.has_value());
        CPPUNIT_ASSERT_EQUAL(parse(jsonLine(text)), parse(*object));
        Poco::JSON::Parser parser;
        return parser.parse(*object).extract<Poco::JSON::Object::Ptr>();
    }
    static std::string parse(const std::string& json) {
        Poco::JSON::ParseHandler::Ptr handler(new Poco::JSON::ParseHandler(true));
        Poco::JSON::Parser parser(handler);
        std::ostringstream out;
        parser.parse(json).extract<Poco::JSON::Object::Ptr>()->stringify(out);
        return out.str();
    }
    static std::string event(std::string text, const std::string& key, const std::string& value) {
        text += " " + key + "=";
        appendLogValue(text, value);
        return text;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LineFormatterTest);
