#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <string>

#include "Poco/TemporaryFile.h"
#include "platform/ServiceManager.h"
#include "serve/HostLock.h"

using namespace carillon;
using namespace std::chrono_literals;

/// The lock of a host, and what it tells its service manager.
class ServicePartsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServicePartsTest);
    CPPUNIT_TEST(secondHostIsRefusedByTheNameOfTheFirst);
    CPPUNIT_TEST(lockOfAKilledHostIsFree);
    CPPUNIT_TEST(serviceManagerHearsWhatItIsTold);
    CPPUNIT_TEST(withoutAServiceManagerNothingIsTold);
    CPPUNIT_TEST_SUITE_END();

public:
    void tearDown() override {
        ::unsetenv("NOTIFY_SOCKET");
        ::unsetenv("WATCHDOG_USEC");
    }

    void secondHostIsRefusedByTheNameOfTheFirst() {
        {
            const HostLock first(folder(), "host one, process 1");

            CPPUNIT_ASSERT_EQUAL(folder() +
                                     " is in use by host one, process 1; end that one first, or set state.dir to"
                                     " another folder",
                                 refusal());
            CPPUNIT_ASSERT(!refusal().empty());
        }
        CPPUNIT_ASSERT_EQUAL(std::string(), refusal());
    }

    void lockOfAKilledHostIsFree() {
        std::array<int, 2> channel{};
        CPPUNIT_ASSERT_EQUAL(0, ::pipe(channel.data()));
        const pid_t child = ::fork();
        if (child == 0) {
            const HostLock lock(folder(), "the child");
            if (::write(channel[1], "x", 1) != 1) ::_exit(1);
            for (;;) ::pause();
        }
        ::close(channel[1]);
        char byte = 0;
        const auto locked = ::read(channel[0], &byte, 1);
        ::close(channel[0]);
        const std::string whileItLives = refusal();

        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);

        CPPUNIT_ASSERT_EQUAL(ssize_t{1}, locked);
        CPPUNIT_ASSERT(whileItLives.find("in use by the child;") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(), refusal());
    }

    void serviceManagerHearsWhatItIsTold() {
        for (const bool isAbstract : {false, true}) {
            const std::string name = (isAbstract ? "@" : "") + Poco::TemporaryFile::tempName();
            const int socket = listenAt(name);
            ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
            ::setenv("WATCHDOG_USEC", "30000000", 1);

            const ServiceManager manager;
            manager.tellReady();

            std::array<char, 100> text{};
            const auto length = ::recv(socket, text.data(), text.size(), MSG_DONTWAIT);
            ::close(socket);
            CPPUNIT_ASSERT(length > 0);
            CPPUNIT_ASSERT_EQUAL(std::string("READY=1"), std::string(text.data(), static_cast<std::size_t>(length)));
            CPPUNIT_ASSERT(manager.watchdog() == std::chrono::microseconds(30s));
            CPPUNIT_ASSERT(std::getenv("NOTIFY_SOCKET") == nullptr && std::getenv("WATCHDOG_USEC") == nullptr);
            if (!isAbstract) ::unlink(name.c_str());
        }
    }

    void withoutAServiceManagerNothingIsTold() {
        const ServiceManager none;
        none.tellReady();
        ::setenv("NOTIFY_SOCKET", "/no/such/socket", 1);
        const ServiceManager gone;

        gone.tellReady();

        CPPUNIT_ASSERT(!none.watchdog() && !gone.watchdog());
    }

private:
    std::string folder() const { return _folder.path(); }

    std::string refusal() const {
        try {
            const HostLock lock(folder(), "another");
            return {};
        } catch (const HostRunsAlready& e) {
            return e.message();
        }
    }

    static int listenAt(const std::string& name) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        name.copy(address.sun_path, sizeof address.sun_path - 1);
        if (name.front() == '@') address.sun_path[0] = '\0';
        const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        CPPUNIT_ASSERT_EQUAL(0, ::bind(socket, reinterpret_cast<const sockaddr*>(&address), length));
        return socket;
    }

    const Poco::TemporaryFile _folder{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServicePartsTest);
