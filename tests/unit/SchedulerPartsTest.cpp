#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "scheduler/DueQueue.h"
#include "scheduler/JobTable.h"
#include "scheduler/Mailbox.h"
#include "scheduler/RunRoster.h"
#include "scheduler/ScheduleBook.h"

using namespace carillon;
using namespace std::chrono_literals;

/// The small parts of the scheduler.
class SchedulerPartsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SchedulerPartsTest);
    CPPUNIT_TEST(rosterHasRoomForItsSeats);
    CPPUNIT_TEST(rosterHasRoomAheadForWhatEndsInAMoment);
    CPPUNIT_TEST(oneEndTellsOfNoOther);
    CPPUNIT_TEST(nothingIsClaimedForTheSeatsOfLengthyRuns);
    CPPUNIT_TEST(groupHasRoomForItsOwnMost);
    CPPUNIT_TEST(rosterStopsTheRunsOfAJobOrAll);
    CPPUNIT_TEST(rosterStopsForSomebodyByJobOrRun);
    CPPUNIT_TEST(runThatLostItsLockIsToStopAndHoldsNone);
    CPPUNIT_TEST(inboxRunsCallsOfManyThreadsInTheirOrder);
    CPPUNIT_TEST(inboxReturnsWhatACallThrows);
    CPPUNIT_TEST(retryDelayDoublesUpToItsMost);
    CPPUNIT_TEST(retryDelayOfManyAttemptsStaysInBounds);
    CPPUNIT_TEST(planIsSharedUnlessNamesMatter);
    CPPUNIT_TEST(fingerprintFollowsWhatDecidesTheSlots);
    CPPUNIT_TEST(splayIsSpreadEvenly);
    CPPUNIT_TEST(dueQueueGivesTheEarliestFirst);
    CPPUNIT_TEST(dueQueueHasOneTimeAJob);
    CPPUNIT_TEST(heldClaimIsGrantedInItsInstant);
    CPPUNIT_TEST(heldClaimIsGrantedWhenTheClockIsSetBack);
    CPPUNIT_TEST_SUITE_END();

public:
    void rosterHasRoomForItsSeats() {
        RunRoster roster(&std::chrono::steady_clock::now);
        roster.setLimits(2, {});
        CPPUNIT_ASSERT(roster.take("", true) == Room::Free);
        CPPUNIT_ASSERT(roster.take("", true) == Room::Free);
        CPPUNIT_ASSERT(roster.take("", true) == Room::Full);

        roster.release();
        for (const auto* run : {"r0", "r1"}) roster.add(entry(run, "a", ""));

        CPPUNIT_ASSERT(roster.isFull());
        roster.remove("no such run");
        CPPUNIT_ASSERT(roster.take("", true) == Room::Full);
    }

    void rosterHasRoomAheadForWhatEndsInAMoment() {
        std::chrono::steady_clock::time_point now{};
        RunRoster roster([&now] { return now; });
        roster.setLimits(2, {});
        const auto endRuns = [&roster](int count) {
            for (int i = 0; i < count; ++i) {
                roster.add(entry("r", "a", ""));
                roster.remove("r");
            }
        };
        const auto roomAfter = [&roster, &now](std::chrono::milliseconds time) {
            now += time;
            std::size_t room = 0;
            while (roster.take("", true) == Room::Free) ++room;
            roster.release();
            return room;
        };
        now += std::chrono::hours(1);

        endRuns(10);

        CPPUNIT_ASSERT_EQUAL(std::size_t{10}, roomAfter(std::chrono::milliseconds(1)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, roomAfter(2 * RunRoster::kAheadFor));
        endRuns(1'000);
        CPPUNIT_ASSERT_EQUAL(RunRoster::kAhead + 2, roomAfter(RunRoster::kAheadFor));
    }

    void oneEndTellsOfNoOther() {
        RunRoster roster(&std::chrono::steady_clock::now);
        roster.setLimits(1, {});
        roster.add(entry("r", "a", ""));
        roster.remove("r");

        CPPUNIT_ASSERT(roster.take("", true) == Room::Free);
        CPPUNIT_ASSERT(roster.take("", true) == Room::Full);
    }

    void nothingIsClaimedForTheSeatsOfLengthyRuns() {
        RunRoster roster([] { return std::chrono::steady_clock::time_point(std::chrono::hours(1)); });
        roster.setLimits(2, {});
        auto lengthy = entry("long", "a", "");
        lengthy.isBrief = false;
        roster.add(lengthy);
        for (int i = 0; i < 10; ++i) {
            roster.add(entry("r", "b", ""));
            roster.remove("r");
        }

        CPPUNIT_ASSERT(roster.take("", true) == Room::Free);
        CPPUNIT_ASSERT(roster.take("", true) == Room::Free);  // for the seat that turns over
        CPPUNIT_ASSERT(roster.take("", false) == Room::Free);
        CPPUNIT_ASSERT(roster.take("", true) == Room::Full);
        roster.release();
        CPPUNIT_ASSERT(!roster.isFull());
        roster.remove("long");

        CPPUNIT_ASSERT(roster.take("", false) == Room::Free);
        CPPUNIT_ASSERT(roster.take("", false) == Room::Free);
        CPPUNIT_ASSERT(roster.take("", true) == Room::Full);
    }

    void groupHasRoomForItsOwnMost() {
        RunRoster roster(&std::chrono::steady_clock::now);
        roster.setLimits(100, {{"db", 1}});
        CPPUNIT_ASSERT(roster.take("db", true) == Room::Free);
        CPPUNIT_ASSERT(roster.take("db", true) == Room::GroupFull);
        CPPUNIT_ASSERT(roster.take("other", true) == Room::Free);

        roster.release();
        CPPUNIT_ASSERT(!roster.isGroupFull("db"));
        roster.add(entry("r", "a", "db"));
        CPPUNIT_ASSERT(roster.isGroupFull("db"));
        roster.remove("r");

        CPPUNIT_ASSERT(!roster.isGroupFull("db"));
    }

    void rosterStopsTheRunsOfAJobOrAll() {
        RunRoster roster(&std::chrono::steady_clock::now);
        const auto first = entry("1", "a", "");
        const auto second = entry("2", "b", "");
        roster.add(second);
        roster.add(first);

        roster.stopJob("a", "why");
        CPPUNIT_ASSERT_EQUAL(std::string("why"), first.handle->stopReason().text);
        CPPUNIT_ASSERT_EQUAL(std::string(), second.handle->stopReason().text);
        roster.stopAll("all");

        CPPUNIT_ASSERT_EQUAL(std::string("all"), second.handle->stopReason().text);
        CPPUNIT_ASSERT_EQUAL(std::string("2"), roster.findRunOf("b")->identity.run);
        CPPUNIT_ASSERT(roster.findRunOf("c") == nullptr);
    }

    void rosterStopsForSomebodyByJobOrRun() {
        RunRoster roster(&std::chrono::steady_clock::now);
        const auto first = entry("1", "a", "");
        const auto second = entry("2", "a", "");
        roster.add(first);
        roster.add(second);

        StopResult one;
        roster.stopBy("2", "alice", one);
        CPPUNIT_ASSERT_EQUAL(std::string("2"), one.runs.at(0).run);
        CPPUNIT_ASSERT(one.ended.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("stopped by alice"), second.handle->stopReason().text);
        CPPUNIT_ASSERT_EQUAL(std::string(), first.handle->stoppedBy());
        StopResult both;
        roster.stopBy("a", "bob", both);
        roster.stopBy("b", "bob", both);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, both.runs.size());
        CPPUNIT_ASSERT(both.ended == std::vector<std::string>{"2"});

        CPPUNIT_ASSERT_EQUAL(std::string("bob"), first.handle->stoppedBy());
        CPPUNIT_ASSERT_EQUAL(std::string("alice"), second.handle->stoppedBy());
        CPPUNIT_ASSERT_EQUAL(std::string("stopped by alice"), second.handle->stopReason().text);
    }

    void runThatLostItsLockIsToStopAndHoldsNone() {
        RunRoster roster(&std::chrono::steady_clock::now);
        const auto lost = entry("1", "a", "");
        auto beside = entry("2", "b", "");
        beside.exclusive = false;
        roster.add(lost);
        roster.add(beside);
        CPPUNIT_ASSERT_EQUAL(std::string("1"), roster.lockHolders().at(0).run);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, roster.lockHolders().size());

        roster.loseLock("1", "lost it");

        CPPUNIT_ASSERT(roster.lockHolders().empty());
        CPPUNIT_ASSERT_EQUAL(std::string("lost it"), lost.handle->stopReason().text);
        CPPUNIT_ASSERT_EQUAL(std::string("run 1 of a lost it"), roster.lostLocks().at(0).text);
        CPPUNIT_ASSERT_EQUAL(std::string("lost it"), roster.howLockWasLost("1").text);
        CPPUNIT_ASSERT_EQUAL(std::string(), roster.howLockWasLost("2").text);
    }

    void inboxRunsCallsOfManyThreadsInTheirOrder() {
        constexpr int kThreads = 8;
        constexpr int kCalls = 500;
        const Sleeper sleeper;
        Mailbox inbox(sleeper);
        int sum = 0;
        std::array<int, kThreads> last{};
        bool inOrder = true;
        std::vector<std::thread> threads;
        for (std::size_t thread = 0; thread < kThreads; ++thread)
            threads.emplace_back([&, thread] {
                for (int i = 1; i <= kCalls; ++i)
                    inbox.call([&] {
                        inOrder = inOrder && std::exchange(last[thread], i) == i - 1;
                        return ++sum;
                    });
            });

        while (sum < kThreads * kCalls)
            for (const auto& message : inbox.take(std::chrono::steady_clock::now() + 10s)) message();
        for (auto& thread : threads) thread.join();

        CPPUNIT_ASSERT_EQUAL(kThreads * kCalls, sum);
        CPPUNIT_ASSERT(inOrder);
    }

    void inboxReturnsWhatACallThrows() {
        const Sleeper sleeper;
        Mailbox inbox(sleeper);
        std::string caught;
        std::thread caller([&] {
            try {
                inbox.call([]() -> int { throw std::runtime_error("no"); });
            } catch (const std::runtime_error& e) {
                caught = e.what();
            }
        });

        for (const auto& message : inbox.take(std::chrono::steady_clock::now() + 10s)) message();
        caller.join();

        CPPUNIT_ASSERT_EQUAL(std::string("no"), caught);
        CPPUNIT_ASSERT(inbox.take(std::chrono::steady_clock::now()).empty());
    }

    void retryDelayDoublesUpToItsMost() {
        const std::map<int, std::chrono::milliseconds> longest{{2, 100ms}, {3, 200ms}, {4, 400ms}, {5, 500ms}};
        for (const auto& [attempt, most] : longest) {
            std::chrono::milliseconds found{0};
            for (int i = 0; i < 5'000; ++i) found = std::max(found, retryDelay(100ms, 500ms, attempt, _random));
            CPPUNIT_ASSERT(found <= most);
            CPPUNIT_ASSERT(found > most * 95 / 100);
        }
        CPPUNIT_ASSERT(retryDelay(10s, 1s, 2, _random) <= 1s);
        CPPUNIT_ASSERT(retryDelay(0ms, 1s, 7, _random) == 0ms);
    }

    void retryDelayOfManyAttemptsStaysInBounds() {
        const auto most = std::chrono::milliseconds(std::chrono::hours(366 * 24));
        for (int i = 0; i < 1'000; ++i) {
            const auto delay = retryDelay(1ms, most, 101, _random);
            CPPUNIT_ASSERT(delay >= 0ms && delay <= most);
        }
    }

    void planIsSharedUnlessNamesMatter() {
        JobPlans plans;
        const auto plain = settings("*/5 * * * *");
        const auto spread = settings("H * * * *");

        CPPUNIT_ASSERT(plans.planOf(plain, "a") == plans.planOf(plain, "b"));
        CPPUNIT_ASSERT(plans.planOf(spread, "a") != plans.planOf(spread, "b"));
        CPPUNIT_ASSERT(plans.planOf(spread, "a")->fingerprint != plans.planOf(spread, "b")->fingerprint);
        CPPUNIT_ASSERT(plans.planOf(settings(""), "a")->active(true) == nullptr);
    }

    void fingerprintFollowsWhatDecidesTheSlots() {
        JobPlans plans;
        const auto before = plans.planOf(settings("*/5 * * * *"), "a")->fingerprint;
        auto same = settings("*/5 * * * *");
        same->retries = 5;
        auto zone = settings("*/5 * * * *");
        zone->timezone = "Europe/Paris";

        CPPUNIT_ASSERT_EQUAL(before, plans.planOf(same, "b")->fingerprint);
        CPPUNIT_ASSERT(before != plans.planOf(zone, "a")->fingerprint);
        CPPUNIT_ASSERT(before != plans.planOf(settings("*/6 * * * *"), "a")->fingerprint);
    }

    void splayIsSpreadEvenly() {
        constexpr int kJobs = 10'000;
        constexpr int kParts = 20;
        std::array<int, kParts> jobs{};
        for (int i = 0; i < kJobs; ++i) {
            const auto splay = splayOf(10s, "sync@" + std::to_string(i));
            CPPUNIT_ASSERT(splay >= 0us && splay < 10s);
            ++jobs.at(static_cast<std::size_t>(splay / 500ms));
        }

        double distance = 0;  // chi-square of 19 degrees of freedom: above 43.8 once in a thousand
        for (const int count : jobs) distance += (count - 500.0) * (count - 500.0) / 500.0;
        CPPUNIT_ASSERT(distance < 43.8);
        CPPUNIT_ASSERT(splayOf(0ms, "sync") == 0us);
        CPPUNIT_ASSERT(splayOf(10s, "sync") == splayOf(10s, "sync"));
    }

    void dueQueueGivesTheEarliestFirst() {
        const TimePoint now{1h};
        DueQueue queue;
        queue.reset(4);
        CPPUNIT_ASSERT(queue.nextAt() == kNever);
        queue.set(2, now + 2s);
        queue.set(1, now + 1s);
        queue.set(3, kNever);

        CPPUNIT_ASSERT(queue.nextAt() == now + 1s);
        CPPUNIT_ASSERT(!queue.takeDue(now));
        CPPUNIT_ASSERT(queue.takeDue(now + 2s) == JobIndex{1});
        CPPUNIT_ASSERT(queue.takeDue(now + 2s) == JobIndex{2});
        CPPUNIT_ASSERT(!queue.takeDue(kNever));
    }

    void dueQueueHasOneTimeAJob() {
        const TimePoint now{1h};
        DueQueue queue;
        queue.reset(2);
        for (int i = 0; i < 3; ++i) queue.set(0, now + 1s);
        queue.set(1, now + 1s);
        queue.set(1, now + 3s);

        CPPUNIT_ASSERT(queue.takeDue(now + 2s) == JobIndex{0});
        CPPUNIT_ASSERT(!queue.takeDue(now + 2s));
        CPPUNIT_ASSERT(queue.takeDue(now + 3s) == JobIndex{1});
        queue.set(0, now + 5s);
        queue.set(0, kNever);
        CPPUNIT_ASSERT(!queue.takeDue(now + 9s));
    }

    void heldClaimIsGrantedInItsInstant() {
        const TimePoint slot{1h};
        HeldClaims held;
        const auto first = hold(held, "first", slot);
        const auto second = hold(held, "second", slot + 1ms);
        const auto late = hold(held, "late", slot - 1h);

        held.grantDue(slot - 1us);
        CPPUNIT_ASSERT_EQUAL(std::string("late"), late->wait()->identity.run);
        CPPUNIT_ASSERT(held.nextAt() == slot);
        held.grantDue(slot);

        CPPUNIT_ASSERT_EQUAL(std::string("first"), first->wait()->identity.run);
        CPPUNIT_ASSERT(held.nextAt() == slot + 1ms);
        held.grantDue(slot + 2ms);
        CPPUNIT_ASSERT_EQUAL(std::string("second"), second->wait()->identity.run);
        CPPUNIT_ASSERT(held.nextAt() == kNever);
    }

    void heldClaimIsGrantedWhenTheClockIsSetBack() {
        const TimePoint slot{1h};
        HeldClaims held;
        const auto pending = hold(held, "run", slot);

        held.grantDue(slot - kHeadStart);
        CPPUNIT_ASSERT(held.nextAt() == slot);
        held.grantDue(slot - 30min);

        CPPUNIT_ASSERT_EQUAL(std::string("run"), pending->wait()->identity.run);
    }

private:
    static std::shared_ptr<PendingClaim> hold(HeldClaims& held, const std::string& run, TimePoint at) {
        const auto pending = std::make_shared<PendingClaim>();
        Claim claim;
        claim.identity.run = run;
        claim.identity.startedAt = at;
        held.hold(claim, pending);
        return pending;
    }
    static RunRoster::Entry entry(const std::string& run, const std::string& job, const std::string& group) {
        RunRoster::Entry entry{job, group, {}, std::make_shared<RunHandle>()};
        entry.identity.run = run;
        return entry;
    }
    static std::shared_ptr<JobSettings> settings(const std::string& schedule) {
        auto settings = std::make_shared<JobSettings>();
        settings->schedule = schedule;
        settings->timezone = "UTC";
        return settings;
    }

    std::mt19937_64 _random{42};
};

CPPUNIT_TEST_SUITE_REGISTRATION(SchedulerPartsTest);
