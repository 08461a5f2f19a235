#include "RunStoreFixture.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

class RunStoreLockTest : public RunStoreFixture {
    CPPUNIT_TEST_SUITE(RunStoreLockTest);
    CPPUNIT_TEST(claimDuringARunIsRefusedAndRecordedAsSkipped);
    CPPUNIT_TEST(jobsHaveALockEach);
    CPPUNIT_TEST(claimAfterAKilledHolderEndsItsRunAsFailed);
    CPPUNIT_TEST(livingHolderKeepsTheLockHoweverOldItsLease);
    CPPUNIT_TEST(otherHostsLockIsTakenWhenItsLeaseIsOver);
    CPPUNIT_TEST(leaseIsRenewedForTheCurrentFenceOnly);
    CPPUNIT_TEST(finishWithAnOldFenceChangesNothing);
    CPPUNIT_TEST(processesNeverOverlap);
    CPPUNIT_TEST(runWhoseProcessIsGoneIsNotToldAsRunning);
    CPPUNIT_TEST_SUITE_END();

public:
    void claimDuringARunIsRefusedAndRecordedAsSkipped() {
        RunStore store(folder(), _clock);
        const auto first = std::get<Claim>(store.claim(request("a")));
        const auto since = _clock.now();
        _clock.advance(1s);

        const auto holder = std::get<Holder>(store.claim(request("b")));

        CPPUNIT_ASSERT_EQUAL(first.identity.run, holder.run);
        CPPUNIT_ASSERT_EQUAL(std::string("here"), holder.host);
        CPPUNIT_ASSERT_EQUAL(int{::getpid()}, holder.pid);
        CPPUNIT_ASSERT(since == holder.since);
        CPPUNIT_ASSERT(!store.run("b"));
        const auto slots = store.ledger("sync", 10);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, slots.size());
        CPPUNIT_ASSERT(slots[0].ending == SlotEnding::Skipped);
        CPPUNIT_ASSERT_EQUAL(std::string("overlap"), textOf(slots[0].reason));
        CPPUNIT_ASSERT_EQUAL(first.identity.run, slots[0].run);
    }

    void jobsHaveALockEach() {
        RunStore store(folder(), _clock);
        store.claim(request("a"));
        auto other = request("b");
        other.job = "clean";

        const auto claim = std::get<Claim>(store.claim(other));

        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, claim.identity.fence);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, store.history(std::nullopt, 10).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, store.history("clean", 10).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, store.ledger(std::nullopt, 10).size());
    }

    void claimAfterAKilledHolderEndsItsRunAsFailed() {
        claimInAChildAndKillIt();
        RunStore store(folder(), _clock);

        const auto claim = std::get<Claim>(store.claim(request("b")));

        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, claim.identity.fence);
        CPPUNIT_ASSERT(claim.abandoned);
        CPPUNIT_ASSERT_EQUAL(std::string("a"), claim.abandoned->id);
        const auto abandoned = store.run("a");
        CPPUNIT_ASSERT(abandoned && abandoned->outcome == Outcome::Failed && abandoned->finishedAt == _clock.now());
        CPPUNIT_ASSERT_EQUAL(std::string("ended without a report: its process is gone"), abandoned->message);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, store.ledger("sync", 10).size());
    }

    void runWhoseProcessIsGoneIsNotToldAsRunning() {
        claimInAChildAndKillIt();
        RunStore store(folder(), _clock);

        const auto rows = store.search(RunQuery{"sync", 1}).rows;

        CPPUNIT_ASSERT(rows.at(0).outcome == Outcome::Failed && !rows.at(0).finishedAt);
        CPPUNIT_ASSERT_EQUAL(std::string("ended without a report: its process is gone"), rows.at(0).message);
        CPPUNIT_ASSERT(!store.run("a")->outcome);  // whoever claims next records it
        store.claim(request("b"));
        CPPUNIT_ASSERT(!store.search(RunQuery{"sync", 1}).rows.at(0).outcome);  // it goes on
    }

    void livingHolderKeepsTheLockHoweverOldItsLease() {
        RunStore store(folder(), _clock);
        store.claim(request("a"));
        _clock.advance(24h);

        const auto answer = store.claim(request("b"));

        CPPUNIT_ASSERT(std::holds_alternative<Holder>(answer));
    }

    void otherHostsLockIsTakenWhenItsLeaseIsOver() {
        RunStore store(folder(), _clock);
        store.claim(request("a", "there"));
        _clock.advance(kLease - 1us);
        const auto early = store.claim(request("b"));
        _clock.advance(1us);

        const auto late = store.claim(request("c"));

        CPPUNIT_ASSERT(std::holds_alternative<Holder>(early));
        CPPUNIT_ASSERT_EQUAL(std::string("there"), std::get<Holder>(early).host);
        CPPUNIT_ASSERT(std::holds_alternative<Claim>(late));
        CPPUNIT_ASSERT_EQUAL(std::string("ended without a report: its host did not renew the lease"),
                             std::get<Claim>(late).abandoned->message);
    }

    void leaseIsRenewedForTheCurrentFenceOnly() {
        RunStore store(folder(), _clock);
        const auto claim = std::get<Claim>(store.claim(request("a", "there")));
        _clock.advance(kLease - 1s);

        auto before = claim.identity;
        --before.fence;
        auto another = claim.identity;
        another.job = "clean";
        CPPUNIT_ASSERT(store.renewLease(claim.identity));
        CPPUNIT_ASSERT(!store.renewLease(before));
        CPPUNIT_ASSERT(!store.renewLease(another));

        _clock.advance(kLease - 1s);
        CPPUNIT_ASSERT(std::holds_alternative<Holder>(store.claim(request("b"))));
        CPPUNIT_ASSERT(store.finish(claim.identity, ending()));
        CPPUNIT_ASSERT(!store.renewLease(claim.identity));
    }

    void finishWithAnOldFenceChangesNothing() {
        RunStore store(folder(), _clock);
        const auto old = std::get<Claim>(store.claim(request("a", "there")));
        _clock.advance(kLease);
        const auto current = std::get<Claim>(store.claim(request("b")));

        const bool finished = store.finish(old.identity, ending());

        CPPUNIT_ASSERT(!finished);
        CPPUNIT_ASSERT(store.run("a")->outcome == Outcome::Failed);
        CPPUNIT_ASSERT(!store.run("b")->outcome);
        CPPUNIT_ASSERT(std::holds_alternative<Holder>(store.claim(request("c"))));
        CPPUNIT_ASSERT(store.finish(current.identity, ending()));
    }

    /// The store is new: that the processes make it together is part of the test.
    void processesNeverOverlap() {
        constexpr int kProcesses = 8;
        constexpr int kRuns = 50;
        std::vector<pid_t> children;
        for (int i = 0; i < kProcesses; ++i) children.push_back(inChild([&] { return runAlone(kRuns); }));

        int failures = 0;
        for (const pid_t child : children) failures += endOf(child) != 0;

        CPPUNIT_ASSERT_EQUAL(0, failures);
        RunStore store(folder(), _clock);
        CPPUNIT_ASSERT_EQUAL(std::size_t{kProcesses * kRuns}, store.history("sync", 1'000).size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{kProcesses * kRuns}, store.lastRun("sync")->fence);
        CPPUNIT_ASSERT_EQUAL(std::size_t{kProcesses * kRuns}, store.ledger("sync", 1'000).size());
    }

private:
    /// `act` returns the exit code; what it throws is 99.
    static pid_t inChild(const std::function<int()>& act) {
        const pid_t child = ::fork();
        if (child != 0) return child;
        try {
            ::_exit(act());
        } catch (...) {
            ::_exit(99);
        }
    }

    static int endOf(pid_t child) {
        int status = -1;
        ::waitpid(child, &status, 0);
        return status;
    }

    void claimInAChildAndKillIt() const {
        int channel[2];
        CPPUNIT_ASSERT_EQUAL(0, ::pipe(channel));
        const pid_t child = inChild([&] {
            RunStore store(folder(), _clock);
            store.claim(request("a"));
            if (::write(channel[1], "x", 1) != 1) return 1;
            for (;;) ::pause();
        });
        ::close(channel[1]);
        char byte = 0;
        const auto claimed = ::read(channel[0], &byte, 1);
        ::close(channel[0]);
        ::kill(child, SIGKILL);
        endOf(child);
        CPPUNIT_ASSERT_EQUAL(ssize_t{1}, claimed);
    }

    /// Each run makes a marker that must not be there, and removes it.
    int runAlone(int runs) const {
        const std::string marker = folder() + "/marker";
        RunStore store(folder(), _clock, std::chrono::minutes(1));  // a busy machine may starve one of eight
        for (int i = 0; i < runs; ++i) {
            auto ask = request("");
            ask.recordSkip = false;
            auto answer = store.claim(ask);
            while (std::holds_alternative<Holder>(answer)) {
                std::this_thread::yield();
                answer = store.claim(ask);
            }
            const int mark = ::open(marker.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
            if (mark < 0) return 2;
            ::close(mark);
            if (std::get<Claim>(answer).abandoned) return 3;
            if (::unlink(marker.c_str()) != 0) return 4;
            if (!store.finish(std::get<Claim>(answer).identity, ending())) return 5;
        }
        return 0;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RunStoreLockTest);
