#include "http/Turnstile.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "support/WaitUntil.h"

using namespace carillon;

class TurnstileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TurnstileTest);
    CPPUNIT_TEST(noMoreAreInsideThanThereArePlaces);
    CPPUNIT_TEST(thoseWhoWaitComeInTheirOrder);
    CPPUNIT_TEST(aFullQueueIsToldAtOnce);
    CPPUNIT_TEST(aBreakLetsAnotherOneThrough);
    CPPUNIT_TEST_SUITE_END();

public:
    void noMoreAreInsideThanThereArePlaces() {
        Turnstile turnstile(2);
        std::atomic<int> inside{0};
        std::atomic<int> most{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 16; ++i)
            threads.emplace_back([&] {
                for (int turns = 0; turns < 500; ++turns) {
                    const Turnstile::Turn turn(turnstile);
                    const int now = ++inside;
                    int seen = most.load();
                    while (now > seen && !most.compare_exchange_weak(seen, now)) {
                    }
                    std::this_thread::yield();
                    --inside;
                }
            });
        for (auto& thread : threads) thread.join();

        CPPUNIT_ASSERT_EQUAL(2, most.load());
        CPPUNIT_ASSERT_EQUAL(0, inside.load());
    }

    void thoseWhoWaitComeInTheirOrder() {
        Turnstile turnstile(1, 8);
        std::mutex mutex;
        std::vector<int> order;
        std::atomic<int> come{0};
        std::vector<std::thread> threads;
        {
            const Turnstile::Turn first(turnstile);
            for (int i = 0; i < 5; ++i) {
                threads.emplace_back([&, i] {
                    ++come;
                    const Turnstile::Turn turn(turnstile);
                    const std::lock_guard lock(mutex);
                    order.push_back(i);
                });
                CPPUNIT_ASSERT(waitUntil([&] { return come.load() == i + 1; }));
                std::this_thread::sleep_for(std::chrono::milliseconds(50));  // from there to its place in the queue
            }
        }
        for (auto& thread : threads) thread.join();

        CPPUNIT_ASSERT((order == std::vector<int>{0, 1, 2, 3, 4}));
    }

    void aFullQueueIsToldAtOnce() {
        Turnstile turnstile(1, 0);
        const Turnstile::Turn first(turnstile);

        const Turnstile::Turn second(turnstile);

        CPPUNIT_ASSERT(first.has());
        CPPUNIT_ASSERT(!second.has());
    }

    void aBreakLetsAnotherOneThrough() {
        Turnstile turnstile(1, 0);
        const Turnstile::Turn first(turnstile);
        {
            const Turnstile::Break aside(turnstile);
            const Turnstile::Turn second(turnstile);
            CPPUNIT_ASSERT(second.has());
        }

        CPPUNIT_ASSERT(!Turnstile::Turn(turnstile).has());
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(TurnstileTest);
