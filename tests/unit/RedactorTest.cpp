#include "runner/Redactor.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace carillon;

class RedactorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RedactorTest);
    CPPUNIT_TEST(everyOccurrenceIsReplaced);
    CPPUNIT_TEST(longerSecretGoesFirst);
    CPPUNIT_TEST(shortSecretsAreLeft);
    CPPUNIT_TEST(secretMayHoldWhatPatternsMean);
    CPPUNIT_TEST(secretThatTheReplacementHoldsEnds);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyOccurrenceIsReplaced() {
        _redactor.add("hunter2");

        CPPUNIT_ASSERT_EQUAL(std::string("a [secret], [secret][secret]!"),
                             _redactor.apply("a hunter2, hunter2hunter2!"));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing here"), _redactor.apply("nothing here"));
    }

    void longerSecretGoesFirst() {
        _redactor.add("hunter");
        _redactor.add("hunter2000");
        _redactor.add("hunter2");

        CPPUNIT_ASSERT_EQUAL(std::string("[secret] [secret] [secret]"), _redactor.apply("hunter2000 hunter2 hunter"));
    }

    void shortSecretsAreLeft() {
        _redactor.add("");
        _redactor.add("abc");
        _redactor.add("abcd");

        CPPUNIT_ASSERT_EQUAL(std::string("abc [secret]"), _redactor.apply("abc abcd"));
    }

    void secretMayHoldWhatPatternsMean() {
        _redactor.add("a.*\\[$1]");
        _redactor.add("pä\"ss\n");

        CPPUNIT_ASSERT_EQUAL(std::string("[secret] [secret]"), _redactor.apply("a.*\\[$1] pä\"ss\n"));
    }

    void secretThatTheReplacementHoldsEnds() {
        _redactor.add("secret");

        CPPUNIT_ASSERT_EQUAL(std::string("the [secret]"), _redactor.apply("the secret"));
    }

private:
    Redactor _redactor{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(RedactorTest);
