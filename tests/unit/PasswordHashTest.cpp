#include "access/PasswordHash.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "access/Secrets.h"

using namespace carillon;

class PasswordHashTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PasswordHashTest);
    CPPUNIT_TEST(knownAnswersOfRfc7914);
    CPPUNIT_TEST(matchesItsPasswordOnly);
    CPPUNIT_TEST(samePasswordHasAnotherHashEachTime);
    CPPUNIT_TEST(manyIterationsUnlessToldOtherwise);
    CPPUNIT_TEST(shortPasswordsAreRefusedWithASentence);
    CPPUNIT_TEST(lengthIsInCharacters);
    CPPUNIT_TEST(randomTextIsUrlSafe);
    CPPUNIT_TEST(secretsAreComparedWhole);
    CPPUNIT_TEST_SUITE_END();

public:
    void knownAnswersOfRfc7914() {
        CPPUNIT_ASSERT_EQUAL(std::string("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                                         "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"),
                             toHex(derivePassword("passwd", "salt", 1, 64)));
        CPPUNIT_ASSERT_EQUAL(std::string("4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
                                         "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"),
                             toHex(derivePassword("Password", "NaCl", 80'000, 64)));
    }

    void matchesItsPasswordOnly() {
        const auto hash = PasswordHash::of("correct horse battery", 10);

        CPPUNIT_ASSERT(hash.matches("correct horse battery"));
        CPPUNIT_ASSERT(!hash.matches("correct horse batterY"));
        CPPUNIT_ASSERT(!hash.matches(""));
    }

    void samePasswordHasAnotherHashEachTime() {
        const auto one = PasswordHash::of("correct horse battery", 10);
        const auto other = PasswordHash::of("correct horse battery", 10);

        CPPUNIT_ASSERT_EQUAL(std::size_t{16}, one.salt.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, one.hash.size());
        CPPUNIT_ASSERT(one.salt != other.salt);
        CPPUNIT_ASSERT(one.hash != other.hash);
    }

    void manyIterationsUnlessToldOtherwise() {
        CPPUNIT_ASSERT_EQUAL(600'000, PasswordHash::of("correct horse battery").iterations);
    }

    void shortPasswordsAreRefusedWithASentence() {
        CPPUNIT_ASSERT(
            faultOfPassword("elevenchars")->text.starts_with("the password has 11 characters, expected 12 or more"));
        CPPUNIT_ASSERT(!faultOfPassword("twelve chars"));
        CPPUNIT_ASSERT(!faultOfPassword(std::string(1024, 'x')));
        CPPUNIT_ASSERT_EQUAL(std::string("the password is longer than 1024 bytes"),
                             faultOfPassword(std::string(1025, 'x')).value_or("").text);
    }

    void lengthIsInCharacters() {
        CPPUNIT_ASSERT(faultOfPassword("éééééé")->text.starts_with("the password has 6 characters"));
        CPPUNIT_ASSERT(!faultOfPassword("éééééééééééé"));
    }

    void randomTextIsUrlSafe() {
        const std::string text = randomText();

        CPPUNIT_ASSERT_EQUAL(std::size_t{43}, text.size());
        CPPUNIT_ASSERT_EQUAL(
            std::string::npos,
            text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"));
        CPPUNIT_ASSERT(text != randomText());
    }

    void secretsAreComparedWhole() {
        CPPUNIT_ASSERT(sameSecret("abc", "abc"));
        CPPUNIT_ASSERT(sameSecret("", ""));
        CPPUNIT_ASSERT(!sameSecret("abc", "abd"));
        CPPUNIT_ASSERT(!sameSecret("abc", "abcd"));
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(PasswordHashTest);
