#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "support/ServedHost.h"
#include "support/ShiftedClock.h"

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kHours = 3 * 3'600 * kSecond;

/// What is younger is on time.
constexpr std::int64_t kGrace = 5 * kSecond;

/// The slots after a step that are run or merged by then.
constexpr std::int64_t kSoonAfter = 2 * kSecond;

using Rows = std::vector<LedgerRow>;

Rows between(const Rows& rows, std::int64_t from, std::int64_t to) {
    Rows some;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(some),
                 [from, to](const LedgerRow& row) { return row.slot > from && row.slot <= to; });
    return some;
}

std::size_t countOf(const std::string& end, const Rows& rows) {
    return static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [&end](const LedgerRow& row) { return row.end == end; }));
}

/// Those that none missed. One may be skipped for a run that still goes on when two are due at once.
std::size_t countOfTaken(const Rows& rows) {
    return countOf("ran", rows) + countOf("merged", rows) + countOf("skipped", rows);
}

}  // namespace

/// A host whose clock is set while it runs, and one that is frozen; jobs of each misfire policy each second and minute.
class ClockTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ClockTest);
    CPPUNIT_TEST(stepForwardByHoursIsAMisfire);
    CPPUNIT_TEST(stepBackByHoursFiresNothingTwice);
    CPPUNIT_TEST(stepsOfASecondAreNoMisfire);
    CPPUNIT_TEST(frozenHostCatchesUp);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _host = std::make_unique<ServedHost>("workers.max = 8\n");
        _clock = std::make_unique<ShiftedClock>(_host->at("clock"));
        for (const auto& policy : kPolicies) {
            const std::string misfire = "job.misfire = " + policy + "\njob.isolation = thread\n";
            _host->addJob("second-" + policy, "succeed", misfire + "job.schedule = * * * * * *\n");
            _host->addJob("minute-" + policy, "succeed", misfire + "job.schedule = * * * * *\n");
        }
        _host->start(_clock->shifted(_host->serve()));
        CPPUNIT_ASSERT(
            waitUntil([this] { return eachSecondlyJob([](const Rows& rows) { return rows.size() >= 2; }); }));
    }
    void tearDown() override {
        _host.reset();
        _clock.reset();
    }

    void stepForwardByHoursIsAMisfire() {
        const std::int64_t before = _clock->now();
        _clock->step(kHours);
        const std::int64_t after = before + kHours;

        waitForSlotsAfter(after + kSoonAfter);
        for (const auto* job : {"second-run_all", "minute-run_all"})
            CPPUNIT_ASSERT_MESSAGE(job, waitUntil([&] { return misfiresOf(job) == kMisfireMax; }));

        everySlotIsAccountedForOnce();
        for (const std::string each : {"second-", "minute-"}) {
            const Rows once = between(_host->ledger(each + "run_once"), before, after);
            CPPUNIT_ASSERT(countOf("ran", once) <= 1);
            CPPUNIT_ASSERT_EQUAL(once.size(), countOfTaken(once));
            const Rows skipped = between(_host->ledger(each + "skip"), before + kSecond, after - kGrace);
            CPPUNIT_ASSERT_EQUAL(skipped.size(), countOf("missed", skipped));
            const Rows all = between(_host->ledger(each + "run_all"), before, after - kGrace);
            CPPUNIT_ASSERT_EQUAL(all.size(), countOf("ran", all) + countOf("missed", all));
        }
        CPPUNIT_ASSERT(between(_host->ledger("minute-skip"), before, after).size() >= 179);
        firesAgainBy(after + kSoonAfter, before + kSecond);
    }

    void stepBackByHoursFiresNothingTwice() {
        const std::int64_t before = _clock->now();
        _clock->step(-kHours);
        const std::size_t runs = _host->history("second-run_once").size();
        // The time in which something could go wrong.
        CPPUNIT_ASSERT(waitUntil([&] { return _clock->now() > before - kHours + kSoonAfter; }));
        CPPUNIT_ASSERT(_host->history("second-run_once").size() <= runs + 1);
        const std::string problems = _host->problems();
        CPPUNIT_ASSERT_MESSAGE(problems, problems.find("the clock was set back") != std::string::npos);
        _clock->step(kHours);
        CPPUNIT_ASSERT_EQUAL(std::string(), _host->problems());

        const std::int64_t back = _clock->now();
        waitForSlotsAfter(back + kSoonAfter);

        everySlotIsAccountedForOnce();
        firesAgainBy(back + kSoonAfter, back - kSecond);
    }

    void stepsOfASecondAreNoMisfire() {
        for (const std::int64_t step : {kSecond, -kSecond, kSecond, kSecond, -kSecond, -kSecond}) {
            _clock->step(step);
            waitForSlotsAfter(_clock->now());
        }

        everySlotIsAccountedForOnce();
        for (const auto& policy : kPolicies) {
            const Rows rows = _host->ledger("second-" + policy);
            CPPUNIT_ASSERT_EQUAL(rows.size(), countOfTaken(rows));
        }
    }

    void frozenHostCatchesUp() {
        constexpr std::int64_t kFrozen = 8 * kSecond;
        _host->process().signal(SIGSTOP);
        const std::int64_t before = _clock->now();
        CPPUNIT_ASSERT(waitUntil([&] { return _clock->now() > before + kFrozen; }));
        const std::int64_t after = _clock->now();
        _host->process().signal(SIGCONT);

        waitForSlotsAfter(after + kSoonAfter);
        everySlotIsAccountedForOnce();

        const Rows late = between(_host->ledger("second-skip"), before, after - kGrace);
        CPPUNIT_ASSERT(late.size() >= 2);
        CPPUNIT_ASSERT_EQUAL(late.size(), countOf("missed", late));
        const Rows once = between(_host->ledger("second-run_once"), before, after);
        CPPUNIT_ASSERT(countOf("ran", once) <= 1);
        CPPUNIT_ASSERT_EQUAL(once.size(), countOfTaken(once));
        const Rows all = between(_host->ledger("second-run_all"), before, after - kGrace);
        CPPUNIT_ASSERT_EQUAL(all.size(), countOf("ran", all));
        firesAgainBy(after + kSoonAfter, before + kSecond);
    }

private:
    inline static const std::vector<std::string> kPolicies{"run_once", "skip", "run_all"};
    static constexpr std::size_t kMisfireMax = 10;

    bool eachSecondlyJob(const std::function<bool(const Rows&)>& holds) const {
        return std::all_of(kPolicies.begin(), kPolicies.end(),
                           [&](const std::string& policy) { return holds(_host->ledger("second-" + policy)); });
    }

    std::size_t misfiresOf(const std::string& job) const {
        const Rows rows = _host->ledger(job);
        return static_cast<std::size_t>(
            std::count_if(rows.begin(), rows.end(), [](const LedgerRow& row) { return row.trigger == "misfire"; }));
    }

    void waitForSlotsAfter(std::int64_t time) const {
        CPPUNIT_ASSERT(waitUntil(
            [&] { return eachSecondlyJob([time](const Rows& rows) { return rows.back().slot >= time; }); }, 30s));
    }

    /// In the ledger without a hole, and run as often as the ledger says.
    void everySlotIsAccountedForOnce() const {
        for (const auto& policy : kPolicies) {
            CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("second-" + policy)));
            CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("minute-" + policy), 60 * kSecond));
            for (const std::string each : {"second-", "minute-"}) {
                std::set<std::int64_t> slots;
                for (const auto& run : _host->history(each + policy)) {
                    CPPUNIT_ASSERT_MESSAGE(run.message, run.outcome != "failed");
                    CPPUNIT_ASSERT(slots.insert(run.scheduledAt).second);
                }
            }
        }
    }

    /// A run that began after `from` began by then.
    void firesAgainBy(std::int64_t time, std::int64_t from) const {
        for (const auto& policy : kPolicies) {
            const auto runs = _host->history("second-" + policy);
            CPPUNIT_ASSERT_MESSAGE(policy, std::any_of(runs.begin(), runs.end(), [&](const HistoryRow& run) {
                                       return run.startedAt > from && run.startedAt <= time;
                                   }));
        }
    }

    std::unique_ptr<ServedHost> _host{};
    std::unique_ptr<ShiftedClock> _clock{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClockTest);
