#include "words/OddCharacter.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <iterator>
#include <string>
#include <utility>

using namespace carillon;

class OddCharacterTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OddCharacterTest);
    CPPUNIT_TEST(plainTextHasNone);
    CPPUNIT_TEST(characterIsNamedWithItsPlaceAndTheWayOut);
    CPPUNIT_TEST(whatIsNotListedHasItsCode);
    CPPUNIT_TEST(longWordIsCut);
    CPPUNIT_TEST_SUITE_END();

public:
    void plainTextHasNone() {
        for (const auto* text : {"", "*/5 * * * *", "0\t9 * * 1-5", "sync-passerelle@aix", "!\"#$%&'()~"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(), describeOddCharacter(text).text);
        CPPUNIT_ASSERT_EQUAL(std::string(), oddCharacterHint("30s").text);
    }

    void characterIsNamedWithItsPlaceAndTheWayOut() {
        const std::pair<const char*, const char*> cases[] = {
            {"*/5\u00a0* * * *", "U+00A0 no-break space after */5; write a plain space"},
            {"30\u202fs", "U+202F narrow no-break space after 30; write a plain space"},
            {"1\u2007000", "U+2007 figure space after 1; write a plain space"},
            {"0 9 * * 1\u20135", "U+2013 en dash after 1; write a plain -"},
            {"\u22125", "U+2212 minus sign at the beginning; write a plain -"},
            {"0 2 * * *\u200b", "U+200B zero-width space after *; remove it"},
            {"0 2 \u200d* * *", "U+200D zero-width joiner after 2; remove it"},
            {"\ufeff0 2 * * *", "U+FEFF byte order mark at the beginning; remove it"},
            {"skip\u2060", "U+2060 word joiner after skip; remove it"},
            {"\u202eskip", "U+202E mark of direction at the beginning; remove it"},
            {"0 2 * * \u2217", "U+2217 asterisk operator after *; write a plain *"},
            {"\u201c@daily\u201d", "U+201C quotation mark at the beginning; write a plain quote, or none"},
            {"*\u20445 * * * *", "U+2044 fraction slash after *; write a plain /"},
            {"\uff13 * * * *", "U+FF13 full-width character at the beginning; write the plain one"},
            {"0 2 * * *\r", "U+000D control character after *; remove it"}};
        for (const auto& [text, expected] : cases) {
            CPPUNIT_ASSERT_EQUAL(std::string(expected), describeOddCharacter(text).text);
            CPPUNIT_ASSERT_EQUAL(": it has " + std::string(expected), oddCharacterHint(text).text);
        }
    }

    void whatIsNotListedHasItsCode() {
        CPPUNIT_ASSERT_EQUAL(std::string("U+00E9 (é) after caf; write plain ASCII"), describeOddCharacter("café").text);
        CPPUNIT_ASSERT_EQUAL(std::string("U+1F514 (\U0001f514) at the beginning; write plain ASCII"),
                             describeOddCharacter("\U0001f514").text);
        CPPUNIT_ASSERT_EQUAL(std::string("a byte that is not UTF-8 after */5; write plain ASCII"),
                             describeOddCharacter("*/5\xa0*").text);
    }

    void longWordIsCut() {
        CPPUNIT_ASSERT_EQUAL("U+00A0 no-break space after " + std::string(40, 'y') + "; write a plain space",
                             describeOddCharacter("x x" + std::string(60, 'y') + "\u00a0").text);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OddCharacterTest);
