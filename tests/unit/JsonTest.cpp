#include "base/JsonValue.h"
#include "base/JsonWriter.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "Poco/Exception.h"
#include "Poco/JSON/Object.h"
#include "Poco/JSON/Parser.h"

using namespace carillon;

class JsonTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JsonTest);
    CPPUNIT_TEST(valuesAreWrittenInTheirOrder);
    CPPUNIT_TEST(everythingWrittenIsReadAlike);
    CPPUNIT_TEST(whatIsWrittenIsJsonToOthers);
    CPPUNIT_TEST(escapesOfOthersAreRead);
    CPPUNIT_TEST(bytesThatAreNoTextAreEscaped);
    CPPUNIT_TEST(rubbishIsRefused);
    CPPUNIT_TEST(mutatedTextsNeverCrash);
    CPPUNIT_TEST(wrongKindsAreRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void valuesAreWrittenInTheirOrder() {
        JsonWriter json;
        json.beginObject().member("z", 1).member("a", "text").key("list").beginArray();
        json.value(true).value(-5).beginArray().endArray().beginObject().endObject().endArray();
        json.member("b", false).key("n").raw("null").endObject();

        CPPUNIT_ASSERT_EQUAL(std::string(R"({"z":1,"a":"text","list":[true,-5,[],{}],"b":false,"n":null})") + '\n',
                             json.takeLine());
    }

    void everythingWrittenIsReadAlike() {
        JsonWriter json;
        json.beginObject().member("text", kAllCharacters);
        json.member("least", std::numeric_limits<std::int64_t>::min());
        json.member("most", std::numeric_limits<std::uint64_t>::max()).endObject();

        const auto read = JsonValue::parse(json.text());

        CPPUNIT_ASSERT_EQUAL(kAllCharacters, read["text"].text());
        CPPUNIT_ASSERT_EQUAL(std::numeric_limits<std::int64_t>::min(), read["least"].number<std::int64_t>());
        CPPUNIT_ASSERT_EQUAL(std::numeric_limits<std::uint64_t>::max(), read["most"].number<std::uint64_t>());
        CPPUNIT_ASSERT(json.text().find('\n') == std::string::npos);
    }

    void whatIsWrittenIsJsonToOthers() {
        JsonWriter json;
        json.beginObject().member("text", kAllCharacters).endObject();

        const auto read = Poco::JSON::Parser().parse(json.text()).extract<Poco::JSON::Object::Ptr>();

        CPPUNIT_ASSERT_EQUAL(kAllCharacters, read->getValue<std::string>("text"));
    }

    void escapesOfOthersAreRead() {
        const auto read = JsonValue::parse(R"( { "a" : [ "\u00e9\ud834\udd1e\/\b\f" , 1.5e3 , null ] } )");

        CPPUNIT_ASSERT_EQUAL(std::string("é𝄞/\b\f"), read["a"].members().at(0).value.text());
        CPPUNIT_ASSERT_EQUAL(1'500.0, read["a"].members().at(1).value.number<double>());
        CPPUNIT_ASSERT(read["a"].members().at(2).value.isNull());
    }

    void bytesThatAreNoTextAreEscaped() {
        JsonWriter json;
        json.value(std::string_view("caf\xe9 \"é\" \xff"));

        CPPUNIT_ASSERT_EQUAL(std::string("caf\\xe9 \"é\" \\xff"), JsonValue::parse(json.text()).text());
    }

    void rubbishIsRefused() {
        for (const std::string text :
             {"",         " ",     "{",    "[",     "\"",    "\"\\", "\"\\u12", "\"\\ud834\\u", "\"\\x\"",    "{\"a\"}",
              "{\"a\":}", "{a:1}", "[1,]", "[1 2]", "{} {}", "tru",  "rubbish", "'a'",          "{\"a\":1,}", "\xff"})
            CPPUNIT_ASSERT_THROW_MESSAGE(text, JsonValue::parse(text), Poco::DataFormatException);
        CPPUNIT_ASSERT_THROW(JsonValue::parse(std::string(200'000, '[')), Poco::DataFormatException);
        CPPUNIT_ASSERT_THROW(JsonValue::parse(std::string(200'000, '{')), Poco::DataFormatException);
    }

    void mutatedTextsNeverCrash() {
        const std::string whole = R"({"a":[1,-2.5e3,"x\u00e9\n",{"b":null,"c":true}],"d":"\ud834\udd1e"})";
        std::mt19937 random(20261124);
        int refused = 0;
        for (int i = 0; i < 20'000; ++i) {
            std::string text = whole.substr(0, random() % 4 == 0 ? random() % whole.size() : whole.size());
            for (auto changes = random() % 3; changes > 0 && !text.empty(); --changes)
                text[random() % text.size()] = static_cast<char>(random());
            try {
                JsonValue::parse(text);
            } catch (const Poco::DataFormatException&) {
                ++refused;
            }
        }
        CPPUNIT_ASSERT(refused > 5'000 && refused < 19'000);
    }

    void wrongKindsAreRefused() {
        const auto json = JsonValue::parse(R"({"text":"1","number":1,"big":300,"list":[],"part":1.5})");

        CPPUNIT_ASSERT_THROW(json["missing"], Poco::DataFormatException);
        CPPUNIT_ASSERT_THROW(json["list"]["name"], Poco::DataFormatException);
        CPPUNIT_ASSERT_THROW(json["number"].text(), Poco::DataFormatException);
        CPPUNIT_ASSERT_THROW(json["number"].flag(), Poco::DataFormatException);
        CPPUNIT_ASSERT_THROW(json["number"].members(), Poco::DataFormatException);
        CPPUNIT_ASSERT_THROW(json["text"].number<int>(), Poco::DataFormatException);
        CPPUNIT_ASSERT_THROW(json["part"].number<int>(), Poco::DataFormatException);
        CPPUNIT_ASSERT_THROW(json["big"].number<std::uint8_t>(), Poco::DataFormatException);
    }

private:
    static inline const std::string kAllCharacters = [] {
        std::string all;
        for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
        return all + "é€𝄞\u2028";
    }();
};

CPPUNIT_TEST_SUITE_REGISTRATION(JsonTest);
