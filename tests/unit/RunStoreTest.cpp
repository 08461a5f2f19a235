#include "store/RunStore.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "Poco/AutoPtr.h"
#include "Poco/Data/SQLite/SessionImpl.h"
#include "Poco/TemporaryFile.h"
#include "support/TestSkipped.h"

using namespace carillon;
using namespace std::chrono_literals;

class RunStoreTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RunStoreTest);
    CPPUNIT_TEST(firstClaimIsARunInHistoryAndLedger);
    CPPUNIT_TEST(claimDuringARunIsRefusedAndRecordedAsSkipped);
    CPPUNIT_TEST(askingAgainAndAgainLeavesTheLedgerAlone);
    CPPUNIT_TEST(jobsHaveALockEach);
    CPPUNIT_TEST(claimAfterAKilledHolderEndsItsRunAsFailed);
    CPPUNIT_TEST(livingHolderKeepsTheLockHoweverOldItsLease);
    CPPUNIT_TEST(otherHostsLockIsTakenWhenItsLeaseIsOver);
    CPPUNIT_TEST(leaseIsRenewedForTheCurrentFenceOnly);
    CPPUNIT_TEST(finishRecordsTheEndAndFreesTheLock);
    CPPUNIT_TEST(finishWithAnOldFenceChangesNothing);
    CPPUNIT_TEST(asksOfOneInstantHaveASlotEach);
    CPPUNIT_TEST(furtherAttemptStaysInItsSlot);
    CPPUNIT_TEST(runIdInUseIsReplaced);
    CPPUNIT_TEST(runIdNamesTheSecondInUtc);
    CPPUNIT_TEST(listsAreNewestFirstAndLimited);
    CPPUNIT_TEST(everyHundredthRunRemovesOldHistory);
    CPPUNIT_TEST(processesNeverOverlap);
    CPPUNIT_TEST(missingFolderIsMadeForOwnerAndGroup);
    CPPUNIT_TEST(folderThatIsAFileIsRefused);
    CPPUNIT_TEST(readOnlyFolderIsRefused);
    CPPUNIT_TEST(fileThatIsNoDatabaseIsRefused);
    CPPUNIT_TEST(lockedStoreIsToldAndWorksAgainWhenItIsFree);
    CPPUNIT_TEST_SUITE_END();

public:
    void firstClaimIsARunInHistoryAndLedger() {
        RunStore store(folder(), _clock);

        const auto claim = std::get<Claim>(store.claim(request("20261122-103223-1a2b")));

        CPPUNIT_ASSERT_EQUAL(std::string("20261122-103223-1a2b"), claim.identity.run);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, claim.identity.fence);
        CPPUNIT_ASSERT(_clock.now() == claim.identity.startedAt);
        CPPUNIT_ASSERT(!claim.abandoned);
        const auto run = store.run(claim.identity.run);
        CPPUNIT_ASSERT(run && !run->outcome && !run->finishedAt && !run->report);
        CPPUNIT_ASSERT_EQUAL(std::string("cli"), run->trigger);
        CPPUNIT_ASSERT(_clock.now() == run->scheduledAt);
        const auto slots = store.ledger("sync", 10);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, slots.size());
        CPPUNIT_ASSERT_EQUAL(std::string("ran"), slots[0].ending);
        CPPUNIT_ASSERT_EQUAL(claim.identity.run, slots[0].run);
        CPPUNIT_ASSERT(_clock.now() == slots[0].slotAt);
    }

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
        CPPUNIT_ASSERT_EQUAL(std::string("skipped"), slots[0].ending);
        CPPUNIT_ASSERT_EQUAL(std::string("overlap"), slots[0].reason);
        CPPUNIT_ASSERT_EQUAL(first.identity.run, slots[0].run);
    }

    void askingAgainAndAgainLeavesTheLedgerAlone() {
        RunStore store(folder(), _clock);
        store.claim(request("a"));
        auto waiting = request("b");
        waiting.recordSkip = false;

        for (int i = 0; i < 3; ++i) CPPUNIT_ASSERT(std::holds_alternative<Holder>(store.claim(waiting)));

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, store.ledger("sync", 10).size());
    }

    void jobsHaveALockEach() {
        RunStore store(folder(), _clock);
        store.claim(request("a"));
        auto other = request("b");
        other.job = "clean";

        const auto claim = std::get<Claim>(store.claim(other));

        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, claim.identity.fence);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, store.history({}, 10).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, store.history("clean", 10).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, store.ledger({}, 10).size());
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
        _clock.advance(RunStore::kLease - 1us);
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
        _clock.advance(RunStore::kLease - 1s);

        CPPUNIT_ASSERT(store.renewLease("sync", claim.identity.fence));
        CPPUNIT_ASSERT(!store.renewLease("sync", claim.identity.fence - 1));
        CPPUNIT_ASSERT(!store.renewLease("clean", claim.identity.fence));

        _clock.advance(RunStore::kLease - 1s);
        CPPUNIT_ASSERT(std::holds_alternative<Holder>(store.claim(request("b"))));
        CPPUNIT_ASSERT(store.finish(claim.identity, ending()));
        CPPUNIT_ASSERT(!store.renewLease("sync", claim.identity.fence));
    }

    void finishRecordsTheEndAndFreesTheLock() {
        RunStore store(folder(), _clock);
        const auto claim = std::get<Claim>(store.claim(request("a")));
        _clock.advance(2s);

        const bool finished = store.finish(claim.identity, ending());

        CPPUNIT_ASSERT(finished);
        const auto run = store.lastRun("sync");
        CPPUNIT_ASSERT(run && run->outcome == Outcome::NothingToDo && run->finishedAt == _clock.now());
        CPPUNIT_ASSERT_EQUAL(std::string("no items, l'été"), run->message);
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"job":"sync"})"), run->report.value_or(""));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, std::get<Claim>(store.claim(request("b"))).identity.fence);
        CPPUNIT_ASSERT(!store.finish(claim.identity, ending()));
    }

    void finishWithAnOldFenceChangesNothing() {
        RunStore store(folder(), _clock);
        const auto old = std::get<Claim>(store.claim(request("a", "there")));
        _clock.advance(RunStore::kLease);
        const auto current = std::get<Claim>(store.claim(request("b")));

        const bool finished = store.finish(old.identity, ending());

        CPPUNIT_ASSERT(!finished);
        CPPUNIT_ASSERT(store.run("a")->outcome == Outcome::Failed);
        CPPUNIT_ASSERT(!store.run("b")->outcome);
        CPPUNIT_ASSERT(std::holds_alternative<Holder>(store.claim(request("c"))));
        CPPUNIT_ASSERT(store.finish(current.identity, ending()));
    }

    void asksOfOneInstantHaveASlotEach() {
        RunStore store(folder(), _clock);
        const auto first = std::get<Claim>(store.claim(request("a")));
        store.claim(request("b"));
        store.finish(first.identity, ending());

        const auto third = std::get<Claim>(store.claim(request("c")));

        CPPUNIT_ASSERT(_clock.now() + 2us == third.identity.scheduledAt);
        CPPUNIT_ASSERT(third.identity.scheduledAt == store.run("c")->scheduledAt);
        std::set<TimePoint> instants;
        for (const auto& slot : store.ledger("sync", 10)) instants.insert(slot.slotAt);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, instants.size());
    }

    void furtherAttemptStaysInItsSlot() {
        RunStore store(folder(), _clock);
        const auto first = std::get<Claim>(store.claim(request("a")));
        auto again = request("b");
        again.attempt = 2;
        _clock.advance(1s);
        const auto refused = store.claim(again);
        store.finish(first.identity, ending());

        const auto second = std::get<Claim>(store.claim(again));

        CPPUNIT_ASSERT(std::holds_alternative<Holder>(refused));
        CPPUNIT_ASSERT(first.identity.scheduledAt == second.identity.scheduledAt);
        CPPUNIT_ASSERT_EQUAL(2, store.run("b")->attempt);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, store.ledger("sync", 10).size());
        CPPUNIT_ASSERT_EQUAL(std::string("ran"), store.ledger("sync", 10)[0].ending);
    }

    void runIdInUseIsReplaced() {
        RunStore store(folder(), _clock);
        store.finish(std::get<Claim>(store.claim(request("a"))).identity, ending());

        const auto claim = std::get<Claim>(store.claim(request("a")));

        CPPUNIT_ASSERT(claim.identity.run != "a");
        CPPUNIT_ASSERT(store.run("a")->outcome == Outcome::NothingToDo);
        CPPUNIT_ASSERT(store.run(claim.identity.run));
        CPPUNIT_ASSERT_EQUAL(claim.identity.run, store.ledger("sync", 1)[0].run);
    }

    void runIdNamesTheSecondInUtc() {
        const TimePoint at = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 10h + 32min + 23s + 999ms;

        const std::string id = RunStore::newRunId(at);

        CPPUNIT_ASSERT_EQUAL(std::string("20261122-103223-"), id.substr(0, 16));
        CPPUNIT_ASSERT_EQUAL(std::size_t{20}, id.size());
        CPPUNIT_ASSERT_EQUAL(std::string::npos, id.find_first_not_of("0123456789abcdef", 16));
    }

    void listsAreNewestFirstAndLimited() {
        RunStore store(folder(), _clock);
        for (const char* id : {"a", "b", "c"}) {
            auto ask = request(id);
            store.finish(std::get<Claim>(store.claim(ask)).identity, ending());
        }

        const auto runs = store.history("sync", 2);
        const auto slots = store.ledger({}, 2);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, runs.size());
        CPPUNIT_ASSERT_EQUAL(std::string("c"), runs[0].id);
        CPPUNIT_ASSERT_EQUAL(std::string("b"), runs[1].id);
        CPPUNIT_ASSERT_EQUAL(std::string("c"), slots[0].run);
        CPPUNIT_ASSERT_EQUAL(std::string("c"), store.lastRun("sync")->id);
        CPPUNIT_ASSERT(!store.lastRun("none"));
        CPPUNIT_ASSERT(store.history("sync", 0).empty());
    }

    void everyHundredthRunRemovesOldHistory() {
        RunStore store(folder(), _clock);
        sql("INSERT INTO job_state (job, fence) VALUES ('sync', 98)");
        sql("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5100)"
            " INSERT INTO run SELECT 'old' || i, 'sync', 'cli', 1, 'here', 0, i * 10, i * 10 + 1, i * 10 + 2, 0, '', "
            "'{}'"
            " FROM n");
        sql("INSERT INTO slot SELECT job, scheduled_at, 'ran', '', id, 'cli', started_at FROM run");
        const auto early = std::get<Claim>(store.claim(request("a")));
        store.finish(early.identity, ending());
        const std::size_t before = store.history("sync", 10'000).size();

        const auto hundredth = std::get<Claim>(store.claim(request("b")));
        store.finish(hundredth.identity, ending());

        CPPUNIT_ASSERT_EQUAL(std::size_t{5101}, before);
        const auto runs = store.history("sync", 10'000);
        CPPUNIT_ASSERT_EQUAL(std::size_t{5000}, runs.size());
        CPPUNIT_ASSERT_EQUAL(std::string("old103"), runs.back().id);
        const auto slots = store.ledger("sync", 10'000);
        CPPUNIT_ASSERT_EQUAL(std::size_t{5000}, slots.size());
        CPPUNIT_ASSERT_EQUAL(std::string("old103"), slots.back().run);
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

    void missingFolderIsMadeForOwnerAndGroup() {
        const std::string deep = folder() + "/var/state";

        RunStore store(deep, _clock);

        struct stat status {};
        CPPUNIT_ASSERT_EQUAL(0, ::stat(deep.c_str(), &status));
        CPPUNIT_ASSERT_EQUAL(mode_t{0750}, status.st_mode & 07777);
        CPPUNIT_ASSERT(std::filesystem::exists(deep + "/carillon.db"));
    }

    void folderThatIsAFileIsRefused() {
        std::ofstream(_folder.path()) << "text";

        CPPUNIT_ASSERT_EQUAL(file() + ": its folder is not one; set state.dir to a folder", refusalToOpen());
    }

    void readOnlyFolderIsRefused() {
        if (::geteuid() == 0) throw TestSkipped{"root may write everywhere"};
        std::filesystem::create_directory(_folder.path());
        ::chmod(_folder.path().c_str(), 0500);

        const std::string refusal = refusalToOpen();

        ::chmod(_folder.path().c_str(), 0700);
        CPPUNIT_ASSERT_EQUAL(file() +
                                 ": its folder cannot be written (Permission denied); give this user write access"
                                 " to it, or set state.dir to another one",
                             refusal);
    }

    void fileThatIsNoDatabaseIsRefused() {
        std::filesystem::create_directory(_folder.path());
        std::ofstream(file()) << std::string(8192, 'x');

        CPPUNIT_ASSERT_EQUAL(file() +
                                 ": is not a database, or is damaged; restore it, or move it away: a new one is made,"
                                 " without the history",
                             refusalToOpen());
    }

    void lockedStoreIsToldAndWorksAgainWhenItIsFree() {
        RunStore store(folder(), _clock, 20ms);
        auto other = openFile();
        execute(other, "BEGIN IMMEDIATE");
        std::string refusal;

        try {
            store.claim(request("a"));
        } catch (const StoreException& e) {
            refusal = e.message();
        }

        CPPUNIT_ASSERT_EQUAL(file() + ": is locked by another program; end that program, or try again", refusal);
        CPPUNIT_ASSERT(store.history({}, 10).empty());
        execute(other, "COMMIT");
        CPPUNIT_ASSERT(std::holds_alternative<Claim>(store.claim(request("a"))));
    }

private:
    class FakeClock final : public Clock {
    public:
        TimePoint now() const override { return _now; }
        void advance(std::chrono::microseconds by) { _now += by; }

    private:
        TimePoint _now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
    };

    std::string folder() const { return _folder.path(); }
    std::string file() const { return _folder.path() + "/carillon.db"; }

    ClaimRequest request(const std::string& run, const std::string& host = "here") const {
        ClaimRequest ask;
        ask.job = "sync";
        ask.run = run;
        ask.trigger = "cli";
        ask.host = host;
        ask.scheduledAt = _clock.now();
        return ask;
    }

    RunEnding ending() const { return {Outcome::NothingToDo, "no items, l'été", R"({"job":"sync"})", _clock.now()}; }

    std::string refusalToOpen() const {
        try {
            RunStore store(folder(), _clock, 20ms);
        } catch (const StoreException& e) {
            return e.message();
        }
        return "";
    }

    Poco::Data::Session openFile() const {
        constexpr std::size_t kTimeoutSeconds = 5;
        return Poco::Data::Session(
            Poco::AutoPtr<Poco::Data::SessionImpl>(new Poco::Data::SQLite::SessionImpl(file(), kTimeoutSeconds)));
    }

    static void execute(Poco::Data::Session& session, const std::string& statement) {
        session << statement, Poco::Data::Keywords::now;
    }

    void sql(const std::string& statement) const {
        auto session = openFile();
        execute(session, statement);
    }

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
        RunStore store(folder(), _clock);
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

    FakeClock _clock{};
    const Poco::TemporaryFile _folder{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(RunStoreTest);
