#include "carillon/ByteSize.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <cstdint>
#include <string>

using namespace carillon;

class ByteSizeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ByteSizeTest);
    CPPUNIT_TEST(numberAndUnitAreASize);
    CPPUNIT_TEST(anythingElseIsNone);
    CPPUNIT_TEST(whatDoesNotFitIsNone);
    CPPUNIT_TEST(formatTakesTheLargestWholeUnit);
    CPPUNIT_TEST(formattedIsReadBackAsItWas);
    CPPUNIT_TEST_SUITE_END();

public:
    void numberAndUnitAreASize() {
        CPPUNIT_ASSERT(std::uint64_t{512} == parseBytes("512B"));
        CPPUNIT_ASSERT(std::uint64_t{16384} == parseBytes("16K"));
        CPPUNIT_ASSERT(std::uint64_t{67108864} == parseBytes("64M"));
        CPPUNIT_ASSERT(std::uint64_t{2147483648} == parseBytes("2G"));
        CPPUNIT_ASSERT(std::uint64_t{0} == parseBytes("0M"));
    }

    void anythingElseIsNone() {
        for (const auto* text : {"", "5", "M", "-1M", "+1M", " 5M", "5 M", "5M ", "5m", "5MB", "5MiB", "1.5G", "0x5K"})
            CPPUNIT_ASSERT_MESSAGE(text, !parseBytes(text));
    }

    void whatDoesNotFitIsNone() {
        CPPUNIT_ASSERT(parseBytes("18446744073709551615B"));
        CPPUNIT_ASSERT(!parseBytes("18446744073709551616B"));
        CPPUNIT_ASSERT(parseBytes("17179869183G"));
        CPPUNIT_ASSERT(!parseBytes("17179869184G"));
    }

    void formatTakesTheLargestWholeUnit() {
        CPPUNIT_ASSERT_EQUAL(std::string("0B"), formatBytes(0));
        CPPUNIT_ASSERT_EQUAL(std::string("1000B"), formatBytes(1000));
        CPPUNIT_ASSERT_EQUAL(std::string("1536K"), formatBytes(1536 * 1024));
        CPPUNIT_ASSERT_EQUAL(std::string("64M"), formatBytes(64 << 20));
        CPPUNIT_ASSERT_EQUAL(std::string("1024G"), formatBytes(std::uint64_t{1} << 40));
    }

    void formattedIsReadBackAsItWas() {
        for (std::uint64_t size = 1; size < std::uint64_t{1} << 60; size = size * 7 / 3 + 1)
            CPPUNIT_ASSERT_MESSAGE(formatBytes(size), size == parseBytes(formatBytes(size)));
        for (std::uint64_t size = 1; size < std::uint64_t{1} << 60; size *= 2)
            CPPUNIT_ASSERT_MESSAGE(formatBytes(size), size == parseBytes(formatBytes(size)));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ByteSizeTest);
