#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "support/ServedHost.h"

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// Where a service manager listens.
class NotifySocket {
public:
    explicit NotifySocket(const std::string& path) : _socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        CPPUNIT_ASSERT(path.size() < sizeof address.sun_path);
        std::memcpy(address.sun_path, path.data(), path.size());
        CPPUNIT_ASSERT_EQUAL(0, ::bind(_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address));
    }
    ~NotifySocket() { ::close(_socket); }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    /// Waits for a datagram that begins so, past others. Empty: none came.
    std::string receive(const std::string& beginning) {
        std::string found;
        waitUntil([&] {
            std::array<char, 4'096> text{};
            const auto length = ::recv(_socket, text.data(), text.size(), MSG_DONTWAIT);
            if (length > 0) found.assign(text.data(), static_cast<std::size_t>(length));
            return length > 0 && found.starts_with(beginning);
        });
        return found.starts_with(beginning) ? found : "";
    }

private:
    int _socket;
};

}  // namespace

/// The host as a service, and what it keeps from others.
class ServeServiceTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServeServiceTest);
    CPPUNIT_TEST(serviceManagerIsToldHowItStands);
    CPPUNIT_TEST(workersAreNotTheService);
    CPPUNIT_TEST(filesAreNotForOthers);
    CPPUNIT_TEST(secretsAreNowhere);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _host = std::make_unique<ServedHost>(); }
    void tearDown() override { _host.reset(); }

    void serviceManagerIsToldHowItStands() {
        _host->addJob("job", "succeed");
        NotifySocket manager(_host->at("notify"));

        _host->start(_host->serve().set("NOTIFY_SOCKET", _host->at("notify")).set("WATCHDOG_USEC", "3000000"));

        CPPUNIT_ASSERT(manager.receive("READY=1").find("STATUS=1 jobs enabled") != std::string::npos);
        CPPUNIT_ASSERT(!manager.receive("WATCHDOG=1").empty());
        _host->process().signal(SIGHUP);
        CPPUNIT_ASSERT(manager.receive("RELOADING=1").find("MONOTONIC_USEC=") != std::string::npos);
        CPPUNIT_ASSERT(!manager.receive("READY=1").empty());
        _host->process().signal(SIGTERM);
        CPPUNIT_ASSERT(!manager.receive("STOPPING=1").empty());
        CPPUNIT_ASSERT_EQUAL(0, _host->process().wait().exitCode);
    }

    void workersAreNotTheService() {
        _host->addJob("job", "succeed");

        _host->start(_host->serve().set("NOTIFY_SOCKET", "/nobody/listens").set("WATCHDOG_USEC", "3000000"));

        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "job"}).run().exitCode);
        const auto workers = childrenOf(_host->process().pid());
        CPPUNIT_ASSERT(!workers.empty());
        for (const pid_t worker : workers)
            for (const auto* variable : {"NOTIFY_SOCKET", "WATCHDOG_USEC"})
                CPPUNIT_ASSERT(ofProcess(worker, "environ").find(variable) == std::string::npos);
    }

    void filesAreNotForOthers() {
        _host->addJob("job", "succeed");

        _host->start();
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "job"}).run().exitCode);

        CPPUNIT_ASSERT_EQUAL(mode_t{0600}, modeOf(_host->at("state/carillon.sock")));
        for (const auto* folder : {"state", "logs"}) {
            CPPUNIT_ASSERT_EQUAL(mode_t{0}, modeOf(_host->at(folder)) & 07);
            for (const auto& file : fs::directory_iterator(_host->at(folder)))
                CPPUNIT_ASSERT_EQUAL_MESSAGE(file.path().string(), mode_t{0}, modeOf(file.path().string()) & 07);
        }
    }

    void secretsAreNowhere() {
        const std::string lines = "job.schedule = * * * * * *\ntask.secret = ";
        _host->addJob("job", "tell_secrets", lines + kSecret + "\n");
        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("job").size() >= 2; }));

        std::string seen = seenOf(_host->carillon({"run", "job", "-v", "--json"}).run());
        _host->addJob("job", "throw_secret", lines + kOtherSecret + "\n");
        for (const std::string verb : {"reload", "run", "status", "ledger", "history", "logs"})
            seen += seenOf(_host
                               ->carillon(verb == "reload" || verb == "status" ? std::vector{verb}
                                                                               : std::vector{verb, std::string("job")})
                               .run());
        seen += seenOf(_host->carillon({"status", "--json"}).run());
        seen += seenOf(_host->carillon({"history", "job", "--json"}).run());
        seen += ofProcess(_host->process().pid(), "cmdline");
        for (const pid_t worker : childrenOf(_host->process().pid()))
            seen += ofProcess(worker, "cmdline") + ofProcess(worker, "environ");
        seen += seenOf(_host->stop());
        for (const auto* folder : {"state", "logs"})
            for (const auto& file : fs::directory_iterator(_host->at(folder)))
                seen += _host->folder().read(fs::path(folder) / file.path().filename());

        CPPUNIT_ASSERT(seen.find("~ job job: task.secret changed") != std::string::npos);
        CPPUNIT_ASSERT(seen.find("secret.told") != std::string::npos);
        for (const auto& secret : {kSecret, kOtherSecret})
            CPPUNIT_ASSERT_MESSAGE(seen, seen.find(secret) == std::string::npos);
    }

private:
    inline static const std::string kSecret = "geheim-7Hq2-Zx";
    inline static const std::string kOtherSecret = "andere-4Kz9-Wv";

    static std::string seenOf(const CommandResult& result) { return result.out + result.err; }

    static std::string ofProcess(pid_t process, const std::string& name) {
        std::ifstream file("/proc/" + std::to_string(process) + "/" + name, std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }

    static mode_t modeOf(const std::string& path) {
        struct stat status {};
        CPPUNIT_ASSERT_EQUAL_MESSAGE(path, 0, ::stat(path.c_str(), &status));
        return status.st_mode & 0777;
    }

    std::unique_ptr<ServedHost> _host{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeServiceTest);
