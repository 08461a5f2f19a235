#include "SchedulerFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

/// Clocks that jump, hosts that are frozen, stores that fail for a while, the ends of summer time.
class SchedulerTimeTest : public SchedulerFixture {
    CPPUNIT_TEST_SUITE(SchedulerTimeTest);
    CPPUNIT_TEST(dueSlotsFireInTheirOrder);
    CPPUNIT_TEST(looksAroundEverySecond);
    CPPUNIT_TEST(furtherAttemptsComeEverLater);
    CPPUNIT_TEST(slotsThatPassedWhileItWasFrozenAreLate);
    CPPUNIT_TEST(claimThatIsHeldIsGrantedWhenTheClockIsSetBack);
    CPPUNIT_TEST(slotsThatPassedWhileTheStoreFailedAreMissedForThat);
    CPPUNIT_TEST(hourThatIsLeftOutFiresAtItsEnd);
    CPPUNIT_TEST(hourThatComesTwiceFiresDailyJobsOnce);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { makeFolder(); }

    void dueSlotsFireInTheirOrder() {
        addJob("a", "job.schedule = */3 * * * *\njob.overlap = allow\n");
        addJob("b", "job.schedule = */2 * * * *\njob.overlap = allow\n");
        addJob("c", "job.schedule = */5 * * * *\njob.overlap = allow\n");
        start();

        advance(6min);

        CPPUNIT_ASSERT(std::vector<std::string>({"b", "a", "b", "c", "a", "b"}) == _running);
    }

    void looksAroundEverySecond() {
        addJob("a", "job.schedule = 0 3 * * *\n");
        start();
        const auto first = _scheduler->lastStep();
        CPPUNIT_ASSERT(wakesAt() == _clock.now() + 1s);

        advance(1s);

        CPPUNIT_ASSERT(_scheduler->lastStep() == first + 1s);
    }

    void furtherAttemptsComeEverLater() {
        addJob("a", "job.schedule = 0 * * * *\njob.retries = 4\njob.retry.delay = 10s\njob.retry.max_delay = 30s\n");
        start();
        jump(1h);
        CPPUNIT_ASSERT_EQUAL(1, finish("a", failed()).attempt);

        int attempt = 1;
        for (const auto most : {10s, 20s, 30s, 30s}) {
            CPPUNIT_ASSERT(hasRetry("a") && stateOf("a").retryAt <= _clock.now() + most);
            CPPUNIT_ASSERT(_listener.givenUp.empty());
            advance(most);
            CPPUNIT_ASSERT_EQUAL(++attempt, finish("a", failed()).attempt);
        }

        CPPUNIT_ASSERT(!hasRetry("a"));
        CPPUNIT_ASSERT(std::vector<std::string>{"a"} == _listener.givenUp);
    }

    void slotsThatPassedWhileItWasFrozenAreLate() {
        addJob("once", "job.schedule = */20 * * * *\n");
        addJob("skip", "job.schedule = */20 * * * *\njob.misfire = skip\n");
        start();

        freeze(45min);

        CPPUNIT_ASSERT(Trigger::Misfire == finish("once").trigger);
        CPPUNIT_ASSERT_EQUAL(std::string("00:20 merged, 00:40 ran"), ledger("once"));
        CPPUNIT_ASSERT_EQUAL(std::string("00:20 missed (late, and job.misfire is skip), 00:40 missed (late, and "
                                         "job.misfire is skip)"),
                             ledger("skip"));
    }

    void claimThatIsHeldIsGrantedWhenTheClockIsSetBack() {
        addJob("a", "job.schedule = 0 1 * * *\n");
        start();
        jump(59min);
        advance(1min - kHeadStart);
        CPPUNIT_ASSERT(std::vector<std::string>{"a"} == _running);

        jump(-30min);

        CPPUNIT_ASSERT_EQUAL(std::string("01:00"), timeOf(finish("a").scheduledAt));
        advance(31min);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _running.size());
    }

    void slotsThatPassedWhileTheStoreFailedAreMissedForThat() {
        addJob("a", "job.schedule = * * * * *\njob.misfire = skip\n");
        start();
        advance(55s);
        lockStore();
        advance(15s);

        unlockStore();
        advance(StoreHealth::kRetry);

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 missed (late, and job.misfire is skip (the store failed))"),
                             ledger("a"));
        advance(50s);
        CPPUNIT_ASSERT(runs("a"));
    }

    void hourThatIsLeftOutFiresAtItsEnd() {
        addParisJob("a", "30 2 * * *");
        _clock.set(std::chrono::sys_days{2027y / 3 / 28} + 59min);
        start();

        advance(1min);

        CPPUNIT_ASSERT_EQUAL(std::string("01:00 ran"), ledger("a"));
        CPPUNIT_ASSERT(stateOf("a").next == std::chrono::sys_days{2027y / 3 / 29} + 30min);
    }

    void hourThatComesTwiceFiresDailyJobsOnce() {
        addParisJob("daily", "30 2 * * *");
        addParisJob("hourly", "30 * * * *");
        _clock.set(std::chrono::sys_days{2026y / 10 / 25} + 29min);
        start();
        advance(1min);
        finish("daily");
        finish("hourly");

        advance(1h);

        CPPUNIT_ASSERT_EQUAL(std::string("00:30 ran"), ledger("daily"));
        CPPUNIT_ASSERT_EQUAL(std::string("00:30 ran, 01:30 ran"), ledger("hourly"));
        CPPUNIT_ASSERT(stateOf("daily").next == std::chrono::sys_days{2026y / 10 / 26} + 90min);
    }

private:
    void addParisJob(const std::string& name, const std::string& schedule) const {
        _folder->addJob(name,
                        "job.plugin = P\njob.task = T\njob.timezone = Europe/Paris\njob.schedule = " + schedule + "\n");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SchedulerTimeTest);
