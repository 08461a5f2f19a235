#include "posix/Children.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "platform/Orphans.h"
#include "support/WaitUntil.h"
#include "worker/WorkerProcess.h"

using namespace carillon;

namespace {

/// A child that ends at once with this code.
pid_t forkThatEndsWith(int code) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(code);
    return child;
}

/// A process that is given to this one when its parent ends, and has ended itself. Returns its number.
pid_t makeOrphan() {
    int ends[2]{};
    CPPUNIT_ASSERT_EQUAL(0, ::pipe(ends));
    const pid_t parent = ::fork();
    if (parent == 0) {
        const pid_t orphan = forkThatEndsWith(0);
        [[maybe_unused]] const auto written = ::write(ends[1], &orphan, sizeof orphan);
        ::_exit(0);
    }
    pid_t orphan = -1;
    CPPUNIT_ASSERT_EQUAL(static_cast<ssize_t>(sizeof orphan), ::read(ends[0], &orphan, sizeof orphan));
    ::close(ends[0]);
    ::close(ends[1]);
    CPPUNIT_ASSERT_EQUAL(parent, ::waitpid(parent, nullptr, 0));
    return orphan;
}

/// Whether a number is that of a child nobody has waited for.
bool isThere(pid_t child) {
    return ::kill(child, 0) == 0;
}

bool waitUntilEnded(pid_t child) {
    siginfo_t ended{};
    return ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) == 0;
}

}  // namespace

class ChildrenTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ChildrenTest);
    CPPUNIT_TEST(onlyProcessOneAndSubreapersAdopt);
    CPPUNIT_TEST(orphansAreReaped);
    CPPUNIT_TEST(launchedChildStaysForItsOwner);
    CPPUNIT_TEST(launchedChildHidesOrphansOnlyUntilItIsCollected);
    CPPUNIT_TEST(childrenOfAnotherThreadAreLeftToIt);
    CPPUNIT_TEST(collectedStatusIsRightUnderAStormOfOrphans);
    CPPUNIT_TEST(workerThatOutlivesItsThreadKeepsItsStatus);
    CPPUNIT_TEST(childThatSomebodyElseTookIsForgotten);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { CPPUNIT_ASSERT_EQUAL(0, ::prctl(PR_SET_CHILD_SUBREAPER, 1)); }
    void tearDown() override { ::prctl(PR_SET_CHILD_SUBREAPER, 0); }

    void onlyProcessOneAndSubreapersAdopt() {
        CPPUNIT_ASSERT(adoptsOrphans());
        ::prctl(PR_SET_CHILD_SUBREAPER, 0);
        CPPUNIT_ASSERT_EQUAL(::getpid() == 1, adoptsOrphans());
    }

    void orphansAreReaped() {
        std::vector<pid_t> orphans;
        for (int i = 0; i < 10; ++i) orphans.push_back(makeOrphan());
        for (const pid_t orphan : orphans) CPPUNIT_ASSERT(waitUntilEnded(orphan));

        CPPUNIT_ASSERT(reapOrphans());

        for (const pid_t orphan : orphans) CPPUNIT_ASSERT(!isThere(orphan));
    }

    void launchedChildStaysForItsOwner() {
        const pid_t child = launchChild([] { return forkThatEndsWith(7); });
        CPPUNIT_ASSERT(waitUntilEnded(child));

        CPPUNIT_ASSERT(!reapOrphans());

        CPPUNIT_ASSERT_EQUAL(7, collectChild(child).value_or(ExitStatus{}).number);
        CPPUNIT_ASSERT(!isThere(child));
    }

    void launchedChildHidesOrphansOnlyUntilItIsCollected() {
        const pid_t child = launchChild([] { return forkThatEndsWith(3); });
        const pid_t orphan = makeOrphan();
        CPPUNIT_ASSERT(waitUntilEnded(child) && waitUntilEnded(orphan));

        const bool all = reapOrphans();
        const auto status = collectChild(child);

        CPPUNIT_ASSERT(!all);
        CPPUNIT_ASSERT_EQUAL(3, status.value_or(ExitStatus{}).number);
        CPPUNIT_ASSERT(reapOrphans());
        CPPUNIT_ASSERT(!isThere(orphan));
    }

    void childrenOfAnotherThreadAreLeftToIt() {
        std::atomic<pid_t> child = 0;
        std::atomic<bool> looked = false;
        int status = 0;
        std::thread task([&] {  // as a task that runs a program, in a thread of the host
            const pid_t own = forkThatEndsWith(5);
            waitUntilEnded(own);
            child = own;
            child.notify_all();
            looked.wait(false);
            ::waitpid(own, &status, 0);
        });
        child.wait(0);

        const bool all = reapOrphans();
        looked = true;
        looked.notify_all();
        task.join();

        CPPUNIT_ASSERT(all);
        CPPUNIT_ASSERT_EQUAL(5, WEXITSTATUS(status));
    }

    void collectedStatusIsRightUnderAStormOfOrphans() {
        constexpr int kThreads = 4;
        constexpr int kChildren = 100;
        std::atomic<int> wrong = 0;
        std::atomic<int> busy = kThreads;
        std::vector<std::thread> owners;
        for (int n = 0; n < kThreads; ++n)
            owners.emplace_back([&, n] {
                for (int i = 0; i < kChildren; ++i) {
                    const int code = 1 + (n * kChildren + i) % 200;
                    pid_t child = 0;
                    // Of a thread that has ended: the first thread's children, as orphans are.
                    std::thread([&] { child = launchChild([code] { return forkThatEndsWith(code); }); }).join();
                    waitUntilEnded(child);
                    if (collectChild(child).value_or(ExitStatus{}).number != code) ++wrong;
                }
                --busy;
            });
        int orphans = 0;
        while (busy > 0) {
            if (orphans < 200) ++orphans, makeOrphan();
            reapOrphans();
        }
        for (auto& owner : owners) owner.join();

        CPPUNIT_ASSERT_EQUAL(0, wrong.load());
        CPPUNIT_ASSERT(waitUntil([] { return reapOrphans() && ::waitpid(-1, nullptr, WNOHANG) == -1; }));
    }

    void workerThatOutlivesItsThreadKeepsItsStatus() {
        std::unique_ptr<WorkerProcess> worker;
        std::thread([&] {
            worker = std::make_unique<WorkerProcess>(Launch::Spawn, WorkerLimits{}, "/bin/false");
        }).join();
        CPPUNIT_ASSERT(waitUntilEnded(worker->pid()));
        worker->start({}, {});

        reapOrphans();
        const auto end = worker->finish();

        CPPUNIT_ASSERT_EQUAL(std::string("the plugin ended the process with exit code 1 before its report"),
                             end.error.text);
    }

    void childThatSomebodyElseTookIsForgotten() {
        const pid_t child = launchChild([] { return forkThatEndsWith(9); });
        CPPUNIT_ASSERT_EQUAL(child, ::waitpid(child, nullptr, 0));

        CPPUNIT_ASSERT(collectChild(child).value().isSuccess());
        CPPUNIT_ASSERT(reapOrphans());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ChildrenTest);
