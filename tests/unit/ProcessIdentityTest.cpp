#include "store/ProcessIdentity.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

using carillon::Liveness;
using carillon::ProcessIdentity;

class ProcessIdentityTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProcessIdentityTest);
    CPPUNIT_TEST(identitySurvivesItsText);
    CPPUNIT_TEST(hostMayHoldSlashes);
    CPPUNIT_TEST(otherTextIsNoIdentity);
    CPPUNIT_TEST(thisProcessIsAlive);
    CPPUNIT_TEST(livingChildIsAlive);
    CPPUNIT_TEST(killedChildIsGoneBeforeAndAfterItIsWaitedFor);
    CPPUNIT_TEST(laterProcessOfTheSameNumberIsAnother);
    CPPUNIT_TEST(restartOfTheMachineEndsAll);
    CPPUNIT_TEST(otherHostsAndContainersAreUnknown);
    CPPUNIT_TEST_SUITE_END();

public:
    void identitySurvivesItsText() {
        const auto parsed = ProcessIdentity::parse(_self.toText());

        CPPUNIT_ASSERT(parsed);
        CPPUNIT_ASSERT_EQUAL(_self.toText(), parsed->toText());
        CPPUNIT_ASSERT_EQUAL(int{::getpid()}, parsed->pid);
        CPPUNIT_ASSERT(parsed->start > 0);
        CPPUNIT_ASSERT(!parsed->boot.empty());
    }

    void hostMayHoldSlashes() {
        const auto parsed = ProcessIdentity::parse("a/b/boot/space/12/34");

        CPPUNIT_ASSERT(parsed);
        CPPUNIT_ASSERT_EQUAL(std::string("a/b"), parsed->host);
        CPPUNIT_ASSERT_EQUAL(std::string("boot"), parsed->boot);
        CPPUNIT_ASSERT_EQUAL(12, parsed->pid);
    }

    void otherTextIsNoIdentity() {
        for (const char* text : {"", "/", "host", "h/b/1/2", "h/b/n/x/2", "h/b/n/1/", "h/b/n/1/2x", "h/b/n/0/2",
                                 "h/b/n/-1/2", "h/b/n/99999999999/2"})
            CPPUNIT_ASSERT_MESSAGE(text, !ProcessIdentity::parse(text));
    }

    void thisProcessIsAlive() { CPPUNIT_ASSERT(Liveness::Alive == livenessOf(_self, _self)); }

    void livingChildIsAlive() {
        const auto child = startChild();

        const auto liveness = livenessOf(child, _self);

        ::kill(child.pid, SIGKILL);
        ::waitpid(child.pid, nullptr, 0);
        CPPUNIT_ASSERT(Liveness::Alive == liveness);
    }

    void killedChildIsGoneBeforeAndAfterItIsWaitedFor() {
        const auto child = startChild();
        siginfo_t info{};

        ::kill(child.pid, SIGKILL);
        ::waitid(P_PID, static_cast<id_t>(child.pid), &info, WEXITED | WNOWAIT);
        const auto before = livenessOf(child, _self);
        ::waitpid(child.pid, nullptr, 0);
        const auto after = livenessOf(child, _self);

        CPPUNIT_ASSERT(Liveness::Gone == before);
        CPPUNIT_ASSERT(Liveness::Gone == after);
    }

    void laterProcessOfTheSameNumberIsAnother() {
        auto earlier = _self;
        --earlier.start;

        CPPUNIT_ASSERT(Liveness::Gone == livenessOf(earlier, _self));
    }

    void restartOfTheMachineEndsAll() {
        auto earlier = _self;
        earlier.boot = "7c0ffee0-0000-4000-8000-000000000000";

        CPPUNIT_ASSERT(Liveness::Gone == livenessOf(earlier, _self));
    }

    void otherHostsAndContainersAreUnknown() {
        auto elsewhere = _self;
        elsewhere.host = "there";
        auto contained = _self;
        contained.pidNamespace = "pid:[1]";

        CPPUNIT_ASSERT(Liveness::Unknown == livenessOf(elsewhere, _self));
        CPPUNIT_ASSERT(Liveness::Unknown == livenessOf(contained, _self));
    }

private:
    /// A child that waits to be killed, as it describes itself.
    ProcessIdentity startChild() const {
        int channel[2];
        CPPUNIT_ASSERT_EQUAL(0, ::pipe(channel));
        const pid_t pid = ::fork();
        if (pid == 0) {
            const std::string text = ProcessIdentity::ofThisProcess("here").toText();
            if (::write(channel[1], text.data(), text.size()) < 0) ::_exit(1);
            for (;;) ::pause();
        }
        char text[500];
        const auto size = ::read(channel[0], text, sizeof text);
        ::close(channel[0]);
        ::close(channel[1]);
        const auto child = ProcessIdentity::parse(std::string(text, static_cast<std::size_t>(size)));
        CPPUNIT_ASSERT(child);
        CPPUNIT_ASSERT_EQUAL(int{pid}, child->pid);
        return *child;
    }

    const ProcessIdentity _self = ProcessIdentity::ofThisProcess("here");
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProcessIdentityTest);
