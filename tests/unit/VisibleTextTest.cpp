#include "carillon/VisibleText.h"

#include "base/JsonWriter.h"
#include "base/LogText.h"
#include "cli/Terminal.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace carillon;

class VisibleTextTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(VisibleTextTest);
    CPPUNIT_TEST(controlsOfBothSetsAreShown);
    CPPUNIT_TEST(marksOfDirectionAndSeparatorsAreShown);
    CPPUNIT_TEST(lettersAndEmojiStay);
    CPPUNIT_TEST(bytesThatAreNoTextAreShown);
    CPPUNIT_TEST(aTerminalGetsOneLine);
    CPPUNIT_TEST(jsonKeepsItsMeaning);
    CPPUNIT_TEST_SUITE_END();

public:
    void controlsOfBothSetsAreShown() {
        CPPUNIT_ASSERT_EQUAL(std::string("a\\x1b[31m\\x00\\x7f\\r\n\tb"),
                             visibleText(std::string("a\x1b[31m\0\x7f\r\n\tb", 12)));
        for (int code = 0x80; code < 0xa0; ++code) {
            const std::string shown = visibleText(utf8Of(code));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(shown, std::size_t{6}, shown.size());
            CPPUNIT_ASSERT_MESSAGE(shown, shown.starts_with("\\u00"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("\\u0085\\u009b31m"), visibleText("\u0085\u009b31m"));
    }

    void marksOfDirectionAndSeparatorsAreShown() {
        for (const int code : {0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066,
                               0x2067, 0x2068, 0x2069, 0x200b, 0x2060, 0xfeff}) {
            std::string expected;
            appendCode(expected, code);

            CPPUNIT_ASSERT_EQUAL("photo" + expected + "gpj.exe", visibleText("photo" + utf8Of(code) + "gpj.exe"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("a\\u{e0041}b"), visibleText("a" + utf8Of(0xe0041) + "b"));
    }

    void lettersAndEmojiStay() {
        const std::string text = "é à œ ß Ω Ж א ع 日本 한 \u00a0\u202f – « » 😀 👩\u200d🚒 🇫🇷 \\ \"";

        CPPUNIT_ASSERT_EQUAL(text, visibleText(text));
    }

    void bytesThatAreNoTextAreShown() {
        CPPUNIT_ASSERT_EQUAL(std::string("caf\\xe9 \\xc0\\xaf \\xed\\xa0\\x80 \\xe2\\x82"),
                             visibleText("caf\xe9 \xc0\xaf \xed\xa0\x80 \xe2\x82"));
    }

    void aTerminalGetsOneLine() {
        CPPUNIT_ASSERT_EQUAL(std::string("one two three \\x1b]0;title\\x07 \\u009b2J \\u202e é"),
                             printable("one\ntwo\tthree \x1b]0;title\x07 \u009b2J \u202e é"));
    }

    void jsonKeepsItsMeaning() {
        JsonWriter json;
        json.value(std::string("a\u0085\u202e\u2028 é"));

        CPPUNIT_ASSERT_EQUAL(std::string("\"a\\u0085\\u202e\\u2028 é\""), json.text());
        CPPUNIT_ASSERT_EQUAL(std::string("{\"a\":\"\\u009b \\\\xff é\"}"), visibleJson("{\"a\":\"\u009b \xff é\"}"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(VisibleTextTest);
