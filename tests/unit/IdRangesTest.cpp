#include "Acknowledger.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <random>
#include <set>

using passerelle::IdRanges;

namespace {

using Ids = std::vector<std::int64_t>;

Ids all(IdRanges& ranges, std::size_t atOnce) {
    Ids ids;
    for (auto some = ranges.take(atOnce); !some.empty(); some = ranges.take(atOnce)) {
        CPPUNIT_ASSERT(some.size() <= atOnce);
        ids.insert(ids.end(), some.begin(), some.end());
    }
    return ids;
}

}  // namespace

class IdRangesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(IdRangesTest);
    CPPUNIT_TEST(nothingWasAdded);
    CPPUNIT_TEST(idsComeOutInOrderAndOnce);
    CPPUNIT_TEST(idsMayBeAddedAfterSomeWereTaken);
    CPPUNIT_TEST(isASetForAnyIdsInAnyOrder);
    CPPUNIT_TEST_SUITE_END();

public:
    void nothingWasAdded() {
        IdRanges ranges;
        CPPUNIT_ASSERT(ranges.take(5).empty());
    }

    void idsComeOutInOrderAndOnce() {
        IdRanges ranges;
        for (const std::int64_t id : {7, 8, 9, 3, 9, 8, 4, 1}) ranges.add(id);
        CPPUNIT_ASSERT(all(ranges, 3) == (Ids{1, 3, 4, 7, 8, 9}));
        CPPUNIT_ASSERT(ranges.take(1).empty());
    }

    void idsMayBeAddedAfterSomeWereTaken() {
        IdRanges ranges;
        for (const std::int64_t id : {1, 2, 3, 4}) ranges.add(id);
        CPPUNIT_ASSERT(ranges.take(2) == (Ids{1, 2}));
        for (const std::int64_t id : {2, 5}) ranges.add(id);
        CPPUNIT_ASSERT(all(ranges, 10) == (Ids{2, 3, 4, 5}));
    }

    void isASetForAnyIdsInAnyOrder() {
        std::mt19937 random(20260105);
        for (int round = 0; round < 500; ++round) {
            IdRanges ranges;
            std::set<std::int64_t> expected;
            const auto span = 1 + random() % 60;
            for (auto times = random() % 80; times > 0; --times) {
                const auto id = static_cast<std::int64_t>(1 + random() % span);
                ranges.add(id);
                expected.insert(id);
            }
            CPPUNIT_ASSERT(all(ranges, 1 + random() % 7) == Ids(expected.begin(), expected.end()));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(IdRangesTest);
