#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "Poco/Logger.h"
#include "alerts/AlertDesk.h"
#include "schedule/ZoneDatabase.h"
#include "store/ScheduleStore.h"
#include "support/HostFolder.h"
#include "support/ServedHost.h"
#include "support/WebhookSink.h"

using namespace carillon;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;
using Manner = WebhookSink::Manner;

/// A clock that many threads read while a test sets it.
class SetClock final : public Clock {
public:
    explicit SetClock(TimePoint at) : _micros(at.time_since_epoch().count()) {}
    TimePoint now() const override { return TimePoint(std::chrono::microseconds(_micros.load())); }
    void advance(std::chrono::microseconds by) { _micros += by.count(); }

private:
    std::atomic<std::int64_t> _micros;
};

/// A time of the day in the zone of this machine, in winter.
TimePoint todayAt(std::chrono::minutes time) {
    const auto zone = findTimeZone("");
    const auto noon = std::chrono::sys_seconds(std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}) + 12h;
    const auto& period = zone->periodAt(noon);
    return period.toUtc(std::chrono::floor<std::chrono::days>(period.toLocal(noon)) + time);
}

}  // namespace

/// A desk with its threads, a store and a webhook, told what a scheduler would tell.
class AlertDeskTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AlertDeskTest);
    CPPUNIT_TEST(failureAndRecoveryAreDelivered);
    CPPUNIT_TEST(desksOfTwoHostsTellALateJobOnce);
    CPPUNIT_TEST(quietHoursHoldAlertsForOneMessage);
    CPPUNIT_TEST(hangingChannelDelaysNeitherListenerNorEnd);
    CPPUNIT_TEST(killedHostsRunsAreFoundInTheHistory);
    CPPUNIT_TEST(pingsFollowTheRun);
    CPPUNIT_TEST(missedAndMergedSlotsAreToldTogether);
    CPPUNIT_TEST(slowRunIsToldBeforeItEnds);
    CPPUNIT_TEST(lackOfSuccessIsToldOnceWhateverRestarts);
    CPPUNIT_TEST(successWithoutThisHostCountsAsWell);
    CPPUNIT_TEST(timeCountsWithoutAChannelAndNotOfADisabledJob);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _sink = std::make_unique<WebhookSink>();
        _clock = std::make_unique<SetClock>(todayAt(12h));
    }
    void tearDown() override {
        _desk.reset();
        _folder.reset();
        _sink.reset();
    }

    void failureAndRecoveryAreDelivered() {
        start();

        end("run1", Outcome::Failed);
        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 1; }));
        end("run2", Outcome::Succeeded);
        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 2; }));
        end("run2", Outcome::Succeeded);  // told again
        end("run3", Outcome::Succeeded);
        _desk.reset();

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _sink->received().size());
        CPPUNIT_ASSERT(_sink->received()[0].body.find("\"kind\":\"failed\"") != std::string::npos);
        CPPUNIT_ASSERT(_sink->received()[1].body.find("\"kind\":\"recovered\"") != std::string::npos);
    }

    void desksOfTwoHostsTellALateJobOnce() {
        makeFolder("");
        {
            ScheduleStore store(stateDir(), "here", *_clock);
            StoreBatch batch;
            batch.rows.push_back({"job", 1, _clock->now() - 1h, false, false, {}});
            batch.rows.push_back({"paused", 1, _clock->now() - 1h, true, false, {}});
            batch.rows.push_back({"soon", 1, _clock->now() - 1min, false, false, {}});
            store.write(batch);
        }
        const auto one = makeDesk();
        const auto two = makeDesk();

        CPPUNIT_ASSERT(waitUntil([this] { return !_sink->accepted().empty(); }));
        std::this_thread::sleep_for(500ms);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _sink->received().size());
        CPPUNIT_ASSERT(_sink->received()[0].body.find("\"job\":\"job\"") != std::string::npos);
        CPPUNIT_ASSERT(_sink->received()[0].body.find("did not run when it should have") != std::string::npos);
    }

    void quietHoursHoldAlertsForOneMessage() {
        _clock = std::make_unique<SetClock>(todayAt(23h));
        start("alerts.quiet = 22:00-07:00\n");

        end("run1", Outcome::Failed);
        end("run2", Outcome::Succeeded);
        waitForAlerts(2);
        std::this_thread::sleep_for(300ms);
        CPPUNIT_ASSERT(_sink->received().empty());
        _clock->advance(7h + 59min);
        std::this_thread::sleep_for(2500ms);
        CPPUNIT_ASSERT(_sink->received().empty());
        _clock->advance(1min);

        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 1; }));
        _desk.reset();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _sink->received().size());
        CPPUNIT_ASSERT(_sink->received()[0].body.find("[carillon] 2 alerts") != std::string::npos);
    }

    void hangingChannelDelaysNeitherListenerNorEnd() {
        _sink->setManner(Manner::Hang);
        start("alerts.webhook.timeout = 2m\n");
        end("run0", Outcome::Failed);
        CPPUNIT_ASSERT(waitUntil([this] { return !_sink->received().empty(); }));

        const auto begin = Steady::now();
        for (int i = 1; i <= 1'000; ++i) end("run" + std::to_string(i), Outcome::Failed);
        const auto told = Steady::now();
        _desk.reset();
        const auto ended = Steady::now();

        CPPUNIT_ASSERT(told - begin < 1s);
        CPPUNIT_ASSERT(ended - told < 6s);
        CPPUNIT_ASSERT_EQUAL(std::string_view("waiting"), nameOf(alerts().at(0).phase));
    }

    void killedHostsRunsAreFoundInTheHistory() {
        makeFolder("");
        const auto claim = [this](ScheduleStore& store, const std::string& run) {
            return std::get<Claim>(store.claim({"job", run, Trigger::Cli, "test-host", 1, _clock->now()})).identity;
        };
        ScheduleStore store(stateDir(), "test-host", *_clock);
        {
            const auto first = makeDesk();  // leaves its mark
            first->runEnded({"job", "before", Trigger::Cli, "test-host", 1, 1, _clock->now(), _clock->now()},
                            RunReport::succeeded(""), _clock->now());
            CPPUNIT_ASSERT(waitUntil([this] { return AlertStore(stateDir(), *_clock).mark("test-host").has_value(); }));
        }
        _clock->advance(1min);
        const auto identity = claim(store, "killed");
        StoreBatch batch;
        batch.ends.push_back({identity, {Outcome::Failed, "out of cheese", "{}", _clock->now()}, true});
        store.write(batch);

        const auto second = makeDesk();  // nobody told it of that run

        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 1; }));
        CPPUNIT_ASSERT(_sink->received()[0].body.find("out of cheese") != std::string::npos);
        second->runEnded(identity, RunReport::failed("out of cheese"), _clock->now());
        std::this_thread::sleep_for(300ms);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, AlertStore(stateDir(), *_clock).alerts({10}).size());
    }

    void pingsFollowTheRun() {
        start("alerts.ping.url = " + _sink->url("/ping/{job}") + "\nalerts.on = none\n");
        const RunIdentity run{"job", "run1", Trigger::Schedule, "test-host", 1, 1, _clock->now(), _clock->now()};

        _desk->runStarted(run);
        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 1; }));
        _desk->runEnded(run, RunReport::succeeded("done"), _clock->now());
        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 2; }));
        end("run2", Outcome::Failed);
        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 3; }));
        _desk.reset();

        CPPUNIT_ASSERT_EQUAL(std::string("/ping/job/start"), _sink->received()[0].path);
        CPPUNIT_ASSERT_EQUAL(std::string("/ping/job"), _sink->received()[1].path);
        CPPUNIT_ASSERT_EQUAL(std::string("/ping/job/fail"), _sink->received()[2].path);
        CPPUNIT_ASSERT_EQUAL(std::string("failed, as it should"), _sink->received()[2].body);
    }

    void missedAndMergedSlotsAreToldTogether() {
        start();
        for (int i = 10; i > 0; --i)
            _desk->slotEnded({"job",
                              _clock->now() - std::chrono::minutes(10 * i),
                              i > 8 ? SlotEnding::Missed : SlotEnding::Merged,
                              {},
                              "",
                              Trigger::Schedule,
                              _clock->now()});

        CPPUNIT_ASSERT(waitUntil([this] { return !_sink->accepted().empty(); }));
        _desk->slotEnded({"job", _clock->now(), SlotEnding::Merged, {}, "", Trigger::Schedule, _clock->now()});
        std::this_thread::sleep_for(300ms);
        _desk.reset();

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _sink->received().size());
    }

    void slowRunIsToldBeforeItEnds() {
        _expect = "job.expect.duration = ..10m\n";
        start();
        const RunIdentity run{"job", "run1", Trigger::Retry, "test-host", 2, 1, _clock->now(), _clock->now()};
        _desk->runStarted(run);
        _clock->advance(10min);
        std::this_thread::sleep_for(1500ms);
        CPPUNIT_ASSERT(_sink->received().empty());

        _clock->advance(1s);
        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 1; }));
        _clock->advance(2h);
        std::this_thread::sleep_for(1500ms);
        _desk->runEnded(run, RunReport::succeeded("done"), _clock->now());
        end("run2", Outcome::Succeeded);
        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 2; }));
        _desk.reset();

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _sink->received().size());
        const auto& slow = _sink->received()[0].body;
        CPPUNIT_ASSERT_MESSAGE(slow, slow.find("\"kind\":\"slow\"") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(slow,
                               slow.find("\"at_most\":600000,\"found\":601000,\"running\":true") != std::string::npos);
        CPPUNIT_ASSERT(_sink->received()[1].body.find("does what is expected again") != std::string::npos);
    }

    /// No run at all: the job is paused, and hosts come and go.
    void lackOfSuccessIsToldOnceWhateverRestarts() {
        _expect = "job.expect.success_within = 26h\n";
        makeFolder("");
        makeDeskThatKnows();
        _clock->advance(25h);
        makeDeskThatKnows();  // does not begin anew
        std::this_thread::sleep_for(300ms);
        CPPUNIT_ASSERT(_sink->received().empty());
        _clock->advance(61min);

        {
            const auto told = makeDesk();
            CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 1; }));
        }
        _clock->advance(48h);
        _desk = makeDesk();
        std::this_thread::sleep_for(1500ms);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _sink->received().size());
        end("run1", Outcome::Succeeded);
        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 2; }));

        CPPUNIT_ASSERT(_sink->received()[0].body.find("job has had no success for 1 d 2 h, expected one within 26 h") !=
                       std::string::npos);
        CPPUNIT_ASSERT(_sink->received()[0].body.find("It has no success in its history.") != std::string::npos);
        CPPUNIT_ASSERT(_sink->received()[1].body.find("does what is expected again") != std::string::npos);
    }

    void successWithoutThisHostCountsAsWell() {
        _expect = "job.expect.success_within = 26h\n";
        makeFolder("");
        _desk = makeDesk();
        CPPUNIT_ASSERT(waitUntil([this] { return AlertStore(stateDir(), *_clock).knownJobs().size() == 1; }));
        _clock->advance(20h);
        ScheduleStore store(stateDir(), "other-host", *_clock);
        const auto claim = store.claim({"job", "elsewhere", Trigger::Cli, "other-host", 1, _clock->now()});
        StoreBatch batch;
        batch.ends.push_back(
            {std::get<Claim>(claim).identity, {Outcome::NothingToDo, "nothing", "{}", _clock->now()}, true});
        store.write(batch);
        _clock->advance(20h);
        _desk = makeDesk();  // looks at once
        std::this_thread::sleep_for(500ms);
        CPPUNIT_ASSERT(_sink->received().empty());

        _clock->advance(7h);
        _desk = makeDesk();

        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 1; }));
    }

    void timeCountsWithoutAChannelAndNotOfADisabledJob() {
        _expect = "job.expect.success_within = 26h\n";
        _channel = "";
        makeFolder("");
        const TimePoint since = _clock->now();
        makeDeskThatKnows();
        _clock->advance(30h);
        makeDeskThatKnows();
        const auto known = [this] { return AlertStore(stateDir(), *_clock).knownJobs(); };
        CPPUNIT_ASSERT(known() == (std::map<std::string, TimePoint>{{"job", since}}));

        auto text = _folder->read("carillon.properties");
        text.replace(text.find("job, soon, paused"), 17, "soon");
        _folder->write("carillon.properties", text);
        _folder->addJob("soon", "job.plugin = P\njob.task = T\njob.expect.success_within = 1h\n");
        const auto desk = makeDesk();

        CPPUNIT_ASSERT(waitUntil([&] { return known().contains("soon"); }));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, known().size());
    }

private:
    /// Ends once it has noted since when.
    void makeDeskThatKnows() const {
        const auto desk = makeDesk();
        CPPUNIT_ASSERT(waitUntil([this] { return !AlertStore(stateDir(), *_clock).knownJobs().empty(); }));
    }
    void makeFolder(const std::string& keys) {
        _folder = std::make_unique<HostFolder>(
            "jobs.enabled = job, soon, paused\n" +
            (_channel == "webhook" ? "alerts.webhook.url = " + _sink->url() + "\n" : "") + keys);
        for (const auto* job : {"job", "soon", "paused"})
            _folder->addJob(job, "job.plugin = P\njob.task = T\njob.schedule = @hourly\n" +
                                     (std::string(job) == "job" ? _expect : ""));
    }
    std::string stateDir() const { return (_folder->path() / "state").string(); }

    std::unique_ptr<AlertDesk> makeDesk() const {
        auto desk =
            std::make_unique<AlertDesk>(std::make_shared<const Configuration>(readConfiguration(_folder->config())),
                                        *_clock, Poco::Logger::get("AlertDeskTest"));
        desk->start();
        return desk;
    }
    void start(const std::string& keys = {}) {
        makeFolder(keys);
        _desk = makeDesk();
    }

    void end(const std::string& run, Outcome outcome) const {
        RunReport report = RunReport::succeeded("done");
        if (outcome == Outcome::Failed) report = RunReport::failed("failed, as it should");
        _desk->runEnded({"job", run, Trigger::Cli, "test-host", 1, 1, _clock->now(), _clock->now()}, report,
                        _clock->now());
    }

    std::vector<AlertRow> alerts() const { return AlertStore(stateDir(), *_clock).alerts({100}); }
    void waitForAlerts(std::size_t count) const {
        CPPUNIT_ASSERT(waitUntil([&] { return alerts().size() == count; }));
    }

    std::string _expect{};  ///< Further lines of the job.
    std::string _channel = "webhook";
    std::unique_ptr<WebhookSink> _sink{};
    std::unique_ptr<SetClock> _clock{};
    std::unique_ptr<HostFolder> _folder{};
    std::unique_ptr<AlertDesk> _desk{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(AlertDeskTest);
