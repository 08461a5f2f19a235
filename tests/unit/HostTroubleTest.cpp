#include "alerts/HostTrouble.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include "words/HostTexts.h"

using namespace carillon;
using namespace std::chrono_literals;

class HostTroubleTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HostTroubleTest);
    CPPUNIT_TEST(storeThatFailsForLongIsToldOnce);
    CPPUNIT_TEST(shortFaultIsNotToldAndNeitherIsItsEnd);
    CPPUNIT_TEST(whatHappenedIsToldAtOnce);
    CPPUNIT_TEST_SUITE_END();

public:
    void storeThatFailsForLongIsToldOnce() {
        _trouble.storeFailed("the disk is full", kStart);
        CPPUNIT_ASSERT(take(59s).empty());
        _trouble.storeFailed("another problem", kStart + 59s);

        const auto told = take(60s);
        const auto again = take(61s);
        _trouble.storeRecovered(kStart + 2min);
        const auto over = take(2min);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, told.size());
        CPPUNIT_ASSERT(told[0].kind == AlertKind::Host && told[0].since == kStart && told[0].count == 1);
        CPPUNIT_ASSERT_EQUAL(std::string("here"), told[0].host);
        CPPUNIT_ASSERT_EQUAL(std::string("its store does not work and nothing fires: the disk is full"),
                             told[0].message.text);
        CPPUNIT_ASSERT(again.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, over.size());
        CPPUNIT_ASSERT(over[0].since == kStart && over[0].count == 0 && over[0].event != told[0].event);
    }

    void shortFaultIsNotToldAndNeitherIsItsEnd() {
        _trouble.storeFailed("locked", kStart);
        _trouble.storeRecovered(kStart + 30s);

        CPPUNIT_ASSERT(take(30s).empty());
        CPPUNIT_ASSERT(take(10min).empty());
    }

    void whatHappenedIsToldAtOnce() {
        _trouble.happened(sayHost("lock.lost"), kStart);

        CPPUNIT_ASSERT_EQUAL(std::string("host.lock.lost"), take(0s).at(0).message.code);
        CPPUNIT_ASSERT(take(0s).empty());
    }

private:
    static constexpr TimePoint kStart{std::chrono::hours(480'000)};

    std::vector<Alert> take(std::chrono::seconds after) { return _trouble.take(kStart + after, 1min); }

    HostTrouble _trouble{"here"};
};

CPPUNIT_TEST_SUITE_REGISTRATION(HostTroubleTest);
