#include "api/LiveJobs.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

class LiveJobsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LiveJobsTest);
    CPPUNIT_TEST(onlyWhatIsNewIsTaken);
    CPPUNIT_TEST(whoComesLaterFindsStateAndProgressAndNoOldEnds);
    CPPUNIT_TEST(progressEndsWithItsRun);
    CPPUNIT_TEST(jobsThatNobodyWatchesAreForgotten);
    CPPUNIT_TEST(slowWatchersLearnHowManyEndsTheyMissed);
    CPPUNIT_TEST(jobsAreDueWhenTheyStandOtherwise);
    CPPUNIT_TEST(jobsAreDueForAWhileAfterARun);
    CPPUNIT_TEST(whoTellsAndWhoWatchesShareNoState);
    CPPUNIT_TEST_SUITE_END();

public:
    void onlyWhatIsNewIsTaken() {
        LiveJobs::Watch watch(_jobs, "job");
        _jobs.describe("job", "{1}");
        _jobs.progressed("job", "r", {1, 10, "items"});

        auto news = watch.take();
        CPPUNIT_ASSERT_EQUAL(std::string("{1}"), news.state);
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"run":"r","text":"1 of 10 items","what":"items","counters":{"done":1,"total":10}})"),
            news.progress);
        _jobs.describe("job", "{1}");
        news = watch.take();
        CPPUNIT_ASSERT(news.state.empty() && news.progress.empty() && news.ended.empty());
        _jobs.progressed("job", "r", {2, 0, "items"});
        _jobs.progressed("job", "r", {3, 0, "items"});
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"run":"r","text":"3 items","what":"items","counters":{"done":3}})"),
                             watch.take().progress);
    }

    void whoComesLaterFindsStateAndProgressAndNoOldEnds() {
        const LiveJobs::Watch first(_jobs, "job");
        _jobs.describe("job", "{1}");
        _jobs.ended("job", "q", "succeeded", "done");
        _jobs.progressed("job", "r", {1, 10, "items"});

        LiveJobs::Watch second(_jobs, "job");
        const auto news = second.take();

        CPPUNIT_ASSERT_EQUAL(std::string("{1}"), news.state);
        CPPUNIT_ASSERT(!news.progress.empty());
        CPPUNIT_ASSERT(news.ended.empty());
    }

    void progressEndsWithItsRun() {
        LiveJobs::Watch watch(_jobs, "job");
        _jobs.progressed("job", "r", {1, 10, "items"});
        _jobs.ended("job", "q", "failed", "another one");
        CPPUNIT_ASSERT(!LiveJobs::Watch(_jobs, "job").take().progress.empty());

        _jobs.ended("job", "r", "failed", "no way");

        CPPUNIT_ASSERT(LiveJobs::Watch(_jobs, "job").take().progress.empty());
        const auto news = watch.take();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, news.ended.size());
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"run":"r","outcome":"failed","message":"no way"})"), news.ended.back());
    }

    void jobsThatNobodyWatchesAreForgotten() {
        {
            const LiveJobs::Watch one(_jobs, "job");
            const LiveJobs::Watch two(_jobs, "other");
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _jobs.watched().size());
        }
        CPPUNIT_ASSERT(_jobs.watched().empty());

        _jobs.describe("job", "{1}");
        _jobs.ended("job", "r", "failed", "");
        CPPUNIT_ASSERT(!_jobs.isDue(stateOf("job"), {}));
        CPPUNIT_ASSERT(_jobs.watched().empty());
    }

    void slowWatchersLearnHowManyEndsTheyMissed() {
        LiveJobs::Watch watch(_jobs, "job");
        for (std::size_t i = 0; i < LiveJobs::kEnds + 7; ++i) _jobs.ended("job", std::to_string(i), "succeeded", "");

        const auto news = watch.take();

        CPPUNIT_ASSERT_EQUAL(std::uint64_t{7}, news.missed);
        CPPUNIT_ASSERT_EQUAL(LiveJobs::kEnds, news.ended.size());
        CPPUNIT_ASSERT(news.ended.front().starts_with(R"({"run":"7")"));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, watch.take().missed);
    }

    void jobsAreDueWhenTheyStandOtherwise() {
        const LiveJobs::Watch watch(_jobs, "job");
        const auto now = LiveJobs::Steady::now();

        CPPUNIT_ASSERT(_jobs.isDue(stateOf("job"), now));
        CPPUNIT_ASSERT(!_jobs.isDue(stateOf("job"), now + 1s));
        auto running = stateOf("job");
        running.run = "r";
        CPPUNIT_ASSERT(_jobs.isDue(running, now + 1s));
        CPPUNIT_ASSERT(!_jobs.isDue(running, now + 2s));
        CPPUNIT_ASSERT(_jobs.isDue(running, now + 3s));
    }

    void jobsAreDueForAWhileAfterARun() {
        const LiveJobs::Watch watch(_jobs, "job");
        const auto now = LiveJobs::Steady::now();
        CPPUNIT_ASSERT(_jobs.isDue(stateOf("job"), now));

        _jobs.ended("job", "r", "succeeded", "");

        CPPUNIT_ASSERT(_jobs.isDue(stateOf("job"), now));
        CPPUNIT_ASSERT(_jobs.isDue(stateOf("job"), now + 900ms));
        CPPUNIT_ASSERT(!_jobs.isDue(stateOf("job"), now + 1900ms));
    }

    void whoTellsAndWhoWatchesShareNoState() {
        constexpr std::uint64_t kRuns = 2'000;
        std::atomic<bool> over{false};
        std::vector<std::uint64_t> counted(4);
        std::vector<std::unique_ptr<LiveJobs::Watch>> watches;
        std::vector<std::thread> threads;
        for (auto& count : counted) {
            auto& watch = *watches.emplace_back(std::make_unique<LiveJobs::Watch>(_jobs, "job"));
            threads.emplace_back([&] {
                for (bool last = false; !last;) {
                    last = over.load();
                    const auto news = watch.take();
                    count += news.missed + news.ended.size();
                    const LiveJobs::Watch passing(_jobs, "other");
                    _jobs.isDue(stateOf("job"), LiveJobs::Steady::now());
                    _jobs.describe("job", std::to_string(count));
                }
            });
        }

        for (std::uint64_t i = 0; i < kRuns; ++i) {
            _jobs.progressed("job", "r", {i, kRuns, "items"});
            _jobs.ended("job", "r", "succeeded", "");
        }
        over.store(true);
        for (auto& thread : threads) thread.join();

        for (const auto count : counted) CPPUNIT_ASSERT_EQUAL(kRuns, count);
    }

private:
    static JobState stateOf(const std::string& job) { return {job, "", JobPhase::Idle, true}; }

    LiveJobs _jobs{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(LiveJobsTest);
