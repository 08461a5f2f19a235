#include "SmallAnswer.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

using namespace passerelle;

/// A JSON object among other text.
class JsonObjectTextTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JsonObjectTextTest);
    CPPUNIT_TEST(anObjectIsFoundWithWhatIsAroundIt);
    CPPUNIT_TEST(bracesOfOtherTextsAreNone);
    CPPUNIT_TEST(whatIsNotClosedIsNone);
    CPPUNIT_TEST(aTextOfBracesIsSoonDoneWith);
    CPPUNIT_TEST_SUITE_END();

public:
    void anObjectIsFoundWithWhatIsAroundIt() {
        for (const std::string object : {R"({"a":1})", "{}", "{ \r\n\t}", "{ \n \"a\" : {\"b\":[{}]} }",
                                         R"({"a":"}\"{"})", R"({"a":"\\"})", R"({"":""})"}) {
            for (const std::string before : {"", "\xef\xbb\xbf", "<b>Warning</b>\n", "body { color: red } "}) {
                for (const std::string after : {"", "\n", "}", "{\"b\":2}", "<script>"}) {
                    const std::string text = before + object + after;

                    const auto found = findJsonObject(text);

                    CPPUNIT_ASSERT_MESSAGE(text, found.has_value());
                    CPPUNIT_ASSERT_EQUAL(before, std::string(found->before));
                    CPPUNIT_ASSERT_EQUAL(object, std::string(found->object));
                    CPPUNIT_ASSERT_EQUAL(after, std::string(found->after));
                }
            }
        }
    }

    void bracesOfOtherTextsAreNone() {
        for (const std::string text : {"", "{", "{ ", "}", "{main}", "{ color: red }", "[1,2]", "{'a':1}"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !findJsonObject(text));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string::npos, findJsonObjectBegin(text));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{7}, findJsonObjectBegin("{main} {\"a\""));
        CPPUNIT_ASSERT_EQUAL(std::string::npos, findJsonObjectBegin("{main} {\"a\"", 8));
    }

    void whatIsNotClosedIsNone() {
        for (const std::string text : {R"({"a":1)", R"({"a":"})", R"({"a":"\"})"})
            CPPUNIT_ASSERT_MESSAGE(text, !findJsonObject(text));
        // But one within it may be: whoever asks looks at what it holds.
        CPPUNIT_ASSERT_EQUAL(std::string("{}"), std::string(findJsonObject(R"({"a":{} )")->object));
    }

    void aTextOfBracesIsSoonDoneWith() {
        std::string text;
        while (text.size() < 64 << 10) text += "{\"a\":";

        CPPUNIT_ASSERT(!findJsonObject(text));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JsonObjectTextTest);
