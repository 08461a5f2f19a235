#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "support/Browser.h"
#include "support/Crowd.h"
#include "support/HttpFixture.h"

using namespace std::chrono_literals;

/// Crowds of clients beside a job of every second: all of its slots become runs.
class ServeCrowdTest : public HttpFixture {
    CPPUNIT_TEST_SUITE(ServeCrowdTest);
    CPPUNIT_TEST(fiveHundredOnTheCostliestPagesLoseNoSlot);
    CPPUNIT_TEST(twoThousandThatDripLoseNoSlot);
    CPPUNIT_TEST(fourHundredEightySignInsLoseNoSlot);
    CPPUNIT_TEST(monitorsAreAnsweredBesideACrowd);
    CPPUNIT_TEST(answeringYieldsToFiring);
    CPPUNIT_TEST(fewDescriptorsAreShared);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _host = std::make_unique<ServedHost>("http.address = 127.0.0.1:0\n");
        _host->addJob("job", "succeed", "job.schedule = * * * * * *\n");
        _host->addJob("chatty", "succeed");
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "chatty"}).run().exitCode);
        writeLongLog();
    }

    void fiveHundredOnTheCostliestPagesLoseNoSlot() {
        start();
        const auto crowd = crowdOnPages();

        keepWatch(15s);

        CPPUNIT_ASSERT(crowd->answers() > 0);
    }

    void twoThousandThatDripLoseNoSlot() {
        start();
        const Crowd crowd(
            _address, 2'000, [](std::size_t) { return std::string(4'000, 'a'); }, Crowd::Pace::Drip);

        keepWatch(13s);  // those that have a thread are cut off after 10

        CPPUNIT_ASSERT(crowd.answers() + crowd.cut() > 0);
        CPPUNIT_ASSERT(waitUntil([this] { return isAlive(); }, 10s));
    }

    void fourHundredEightySignInsLoseNoSlot() {
        const auto keys = _host->folder().read("carillon.properties");
        _host->folder().write("carillon.properties", keys + "http.proxy.trusted = 127.0.0.1\n");
        const auto made = _host->carillon({"passwd", "alice", "--role", "operator"}).input(kPassword + "\n").run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(made.err, 0, made.exitCode);
        start();
        const Crowd crowd(_address, 480, signInOf, Crowd::Pace::AtOnce);

        keepWatch(10s);

        CPPUNIT_ASSERT(crowd.answers() > 480);
    }

    void monitorsAreAnsweredBesideACrowd() {
        start();
        const auto crowd = crowdOnPages();
        CPPUNIT_ASSERT(waitUntil([&] { return crowd->answers() > 0; }, 30s));

        for (const char* path : {"/healthz", "/readyz"})
            for (int i = 0; i < 5; ++i) {
                const auto begin = std::chrono::steady_clock::now();
                expect("200", get(path));
                const auto took = std::chrono::steady_clock::now() - begin;
                CPPUNIT_ASSERT_MESSAGE(path + (' ' + std::to_string(took / 1ms)), took < 2s);
            }
    }

    void answeringYieldsToFiring() {
        start();
        expect("200", get("/"));
        const pid_t host = _host->process().pid();

        constexpr int kNicest = 19;
        const int expected = std::min(kNicest, niceOf(host) + 10);
        int lower = 0;
        for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(host) + "/task"))
            lower += niceOf(std::stoi(entry.path().filename())) >= expected ? 1 : 0;
        // The one that answered, the one that takes connections, and the one that watches them.
        CPPUNIT_ASSERT_MESSAGE(std::to_string(lower), lower >= 3);
        CPPUNIT_ASSERT(waitUntil([&] { return !childrenOf(host).empty(); }));
        for (const pid_t worker : childrenOf(host)) CPPUNIT_ASSERT_EQUAL(niceOf(host), niceOf(worker));
    }

    void fewDescriptorsAreShared() {
        _host->start(_host->serve().within({"prlimit", "--nofile=256:256"}));
        readAddress();
        const Crowd crowd(
            _address, 600, [](std::size_t) { return std::string("GET / HT"); }, Crowd::Pace::AtOnce);

        keepWatch(5s);

        CPPUNIT_ASSERT(waitUntil([this] { return isAlive(); }, 10s));
        CPPUNIT_ASSERT_MESSAGE(_host->log(), _host->log().find("Too many open files") == std::string::npos);
    }

private:
    inline static const std::string kPassword = "correct horse + battery";
    inline static const std::string kRun = "20200101-000000-00000000";

    /// Of later runs than the one that a page is to show: what it has to look through.
    void writeLongLog() const {
        std::ofstream log(_host->folder().path() / "logs/chatty.log", std::ios::app);
        for (int i = 0; i < 100'000; ++i)
            log << "2099-11-22T10:32:23.123Z information " << kRun << " step.done step=" << i
                << " of=100000 text=\"a line such as tasks write them\"\n";
    }

    std::unique_ptr<Crowd> crowdOnPages() const {
        const std::string run = "/runs/" + _host->history("chatty").front().run;
        return std::make_unique<Crowd>(
            _address, 500,
            [run](std::size_t i) {
                return requestOf("GET", i % 2 == 0 ? run : "/log?text=nowhere-" + std::to_string(i), "", "");
            },
            Crowd::Pace::AtOnce);
    }

    /// Each client at an address of its own.
    static std::string signInOf(std::size_t client) {
        static std::atomic<std::size_t> tries{0};
        const auto number = ++tries;
        const std::string address = "10." + std::to_string(number / 62'500 % 250) + '.' +
                                    std::to_string(number / 250 % 250) + '.' + std::to_string(number % 250);
        return requestOf("POST", "/sign-in",
                         "X-Forwarded-For: " + address +
                             "\r\nSec-Fetch-Site: same-origin\r\n"
                             "Content-Type: application/x-www-form-urlencoded\r\n",
                         "user=user" + std::to_string(client) + "&password=a+wrong+password");
    }

    /// Of a crowd's connections another one may be taken for the longest waiting.
    bool isAlive() const {
        try {
            return get("/healthz").starts_with("HTTP/1.1 200");
        } catch (const Poco::Exception&) {
            return false;
        }
    }

    /// That each slot of that time became a run.
    void keepWatch(std::chrono::seconds time) {
        const auto before = _host->ledger("job").size();
        std::this_thread::sleep_for(time);
        const auto seconds = static_cast<std::size_t>(time.count());
        CPPUNIT_ASSERT(waitUntil([&] { return _host->ledger("job").size() >= before + seconds; }, 20s));

        const auto slots = _host->ledger("job");
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(slots));
        for (const auto& slot : slots)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(slot.end + ' ' + slot.reason, std::string("ran"), slot.end);
    }

    static int niceOf(pid_t process) {
        errno = 0;
        const int nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(process));
        CPPUNIT_ASSERT_EQUAL(0, errno);
        return nice;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeCrowdTest);
