#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <thread>

#include "metrics/Metrics.h"

using namespace carillon;
using namespace std::chrono_literals;

/// What runs and slots add up to, as Prometheus reads it.
class MetricsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MetricsTest);
    CPPUNIT_TEST(runsAreCountedByOutcomeAndTrigger);
    CPPUNIT_TEST(whatThisVersionDoesNotKnowIsOther);
    CPPUNIT_TEST(durationsFallIntoBuckets);
    CPPUNIT_TEST(delaysAreThoseOfFirstAttempts);
    CPPUNIT_TEST(anAbandonedRunHasNoDuration);
    CPPUNIT_TEST(lastSuccessIsTheLatestKnown);
    CPPUNIT_TEST(slotsAreCountedByEndAndReason);
    CPPUNIT_TEST(slotSeriesAreFew);
    CPPUNIT_TEST(figuresOfTasksAreShown);
    CPPUNIT_TEST(namesThatCannotBeMetricsAreLeftOut);
    CPPUNIT_TEST(taskSeriesAreFew);
    CPPUNIT_TEST(totalsNeverFall);
    CPPUNIT_TEST(aFigureOfTwoKindsIsWhatItsFirstJobSays);
    CPPUNIT_TEST(removedJobsAreForgotten);
    CPPUNIT_TEST(labelsAreEscaped);
    CPPUNIT_TEST(labelsThatPrometheusDoesNotReadAreLeftOut);
    CPPUNIT_TEST(readersAndTheSchedulerMeet);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _metrics = std::make_unique<Metrics>(); }
    void tearDown() override { _metrics.reset(); }

    void runsAreCountedByOutcomeAndTrigger() {
        end(RunReport::succeeded("well"));
        end(RunReport::succeeded("well"));
        end(RunReport::failed("badly"), Trigger::Retry);

        expect("carillon_job_runs_total{job=\"a\",outcome=\"succeeded\",trigger=\"schedule\"} 2");
        expect("carillon_job_runs_total{job=\"a\",outcome=\"failed\",trigger=\"retry\"} 1");
        expect("carillon_job_runs_total{job=\"a\",outcome=\"failed\",trigger=\"schedule\"} 0");
    }

    void whatThisVersionDoesNotKnowIsOther() {
        end(RunReport::succeeded("well"), Trigger::Other);

        expect("carillon_job_runs_total{job=\"a\",outcome=\"succeeded\",trigger=\"other\"} 1");
    }

    void durationsFallIntoBuckets() {
        end(RunReport::succeeded("well"), Trigger::Schedule, 10ms);
        end(RunReport::succeeded("well"), Trigger::Schedule, 700ms);
        end(RunReport::succeeded("well"), Trigger::Schedule, 5h);

        expect("carillon_job_run_duration_seconds_bucket{job=\"a\",le=\"0.01\"} 1");
        expect("carillon_job_run_duration_seconds_bucket{job=\"a\",le=\"0.5\"} 1");
        expect("carillon_job_run_duration_seconds_bucket{job=\"a\",le=\"1\"} 2");
        expect("carillon_job_run_duration_seconds_bucket{job=\"a\",le=\"14400\"} 2");
        expect("carillon_job_run_duration_seconds_bucket{job=\"a\",le=\"+Inf\"} 3");
        expect("carillon_job_run_duration_seconds_count{job=\"a\"} 3");
        expect("carillon_job_run_duration_seconds_sum{job=\"a\"} 18000.71");
    }

    void delaysAreThoseOfFirstAttempts() {
        RunIdentity run = identity(Trigger::Schedule);
        run.startedAt = run.scheduledAt + 2s;
        _metrics->runStarted(run);
        run.startedAt = run.scheduledAt - 1ms;  // a clock that was set back
        _metrics->runStarted(run);
        run.attempt = 2;
        run.startedAt = run.scheduledAt + 1h;
        _metrics->runStarted(run);

        expect("carillon_job_start_delay_seconds_bucket{job=\"a\",le=\"1\"} 1");
        expect("carillon_job_start_delay_seconds_count{job=\"a\"} 2");
        expect("carillon_job_start_delay_seconds_sum{job=\"a\"} 2");
    }

    void anAbandonedRunHasNoDuration() {
        RunIdentity run = identity(Trigger::Schedule);
        run.startedAt = {};
        _metrics->runEnded(run, RunReport::failed("its host is gone"), kStart);

        expect("carillon_job_runs_total{job=\"a\",outcome=\"failed\",trigger=\"schedule\"} 1");
        expectNone("carillon_job_run_duration_seconds");
    }

    void lastSuccessIsTheLatestKnown() {
        end(RunReport::failed("badly"));
        expectNone("carillon_job_last_success");
        CPPUNIT_ASSERT(!_metrics->hasRecalled("a"));

        _metrics->recall("a", kStart - 1s);
        CPPUNIT_ASSERT(_metrics->hasRecalled("a"));
        expect("carillon_job_last_success_timestamp_seconds{job=\"a\"} 1795305599");

        end(RunReport::nothingToDo("idle"), Trigger::Schedule, 1s);
        _metrics->recall("a", kStart - 1s);
        _metrics->recall("a", std::nullopt);
        expect("carillon_job_last_success_timestamp_seconds{job=\"a\"} 1795305601");
    }

    void slotsAreCountedByEndAndReason() {
        slot(SlotEnding::Ran, "");
        slot(SlotEnding::Skipped, "overlap");
        slot(SlotEnding::Skipped, "overlap");

        expect("carillon_job_slots_total{job=\"a\",end=\"ran\",reason=\"\"} 1");
        expect("carillon_job_slots_total{job=\"a\",end=\"skipped\",reason=\"overlap\"} 2");
    }

    void slotSeriesAreFew() {
        for (int i = 0; i < 100; ++i) slot(SlotEnding::Missed, "reason " + std::to_string(i));
        slot(SlotEnding::Missed, "reason 0");

        expect("carillon_job_slots_total{job=\"a\",end=\"missed\",reason=\"reason 0\"} 2");
        expect("carillon_job_slots_total{job=\"a\",end=\"missed\",reason=\"other\"} 84");
    }

    void figuresOfTasksAreShown() {
        for (const int pending : {7, 2})
            end(RunReport::succeeded("well")
                    .gauge("pending", pending)
                    .counter("seen", pending, {{"kind", "new"}, {"size", "1"}})
                    .total("items_total", 3, {{"outcome", "applied"}})
                    .total("items_total", 0, {{"outcome", "rejected"}})
                    .total("bytes_total", 10));
        end(RunReport::nothingToDo("idle"));

        expect("carillon_task_pending{job=\"a\"} 2");
        expect("carillon_task_seen{job=\"a\",kind=\"new\",size=\"1\"} 2");
        expect("carillon_task_items_total{job=\"a\",outcome=\"applied\"} 6");
        expect("carillon_task_items_total{job=\"a\",outcome=\"rejected\"} 0");
        expect("carillon_task_bytes_total{job=\"a\"} 20");
        expect("# TYPE carillon_task_pending gauge");
        expect("# TYPE carillon_task_items_total counter");
    }

    void namesThatCannotBeMetricsAreLeftOut() {
        RunReport report = RunReport::succeeded("well").counter("good", 1);
        const std::string tooLong(65, 'a');
        for (const std::string& text :
             {std::string(), std::string("."), std::string("a.b"), std::string("A"), std::string("with space"),
              std::string("\"}\nevil 1"), std::string("é"), tooLong}) {
            report.counter(text, 7).counter("word", 7, {{"label", text}}).counter("label", 7, {{text, "word"}});
        }
        report.counter("own", 7, {{"job", "b"}}).counter("digit", 7, {{"1st", "word"}});
        report.counter(tooLong.substr(1), 8);

        end(report);

        expect("carillon_task_good{job=\"a\"} 1");
        expect("carillon_task_" + tooLong.substr(1) + "{job=\"a\"} 8");
        expectNone("} 7");
    }

    void taskSeriesAreFew() {
        RunReport report = RunReport::succeeded("well");
        for (int i = 0; i < 100; ++i) report.gauge("n" + std::to_string(i), i);
        end(report);
        end(RunReport::succeeded("well").gauge("late", 1).gauge("n1", 5));

        expect("carillon_task_n31{job=\"a\"} 31");
        expect("carillon_task_n1{job=\"a\"} 5");
        expectNone("carillon_task_n32");
        expectNone("carillon_task_late");
    }

    void totalsNeverFall() {
        const auto most = std::numeric_limits<std::int64_t>::max();
        end(RunReport::succeeded("well").total("good_total", 5).total("huge_total", most));
        end(RunReport::succeeded("well").total("good_total", -3).total("huge_total", most));

        expect("carillon_task_good_total{job=\"a\"} 5");
        expect("carillon_task_huge_total{job=\"a\"} 1.844674407370955e+19");
    }

    void aFigureOfTwoKindsIsWhatItsFirstJobSays() {
        end(RunReport::succeeded("well").total("items", 5));
        RunIdentity other = identity(Trigger::Schedule);
        other.job = "b";
        _metrics->runEnded(other, RunReport::succeeded("well").gauge("items", 3), kStart);

        MetricFamilies families;
        for (const char* job : {"a", "b"}) _metrics->collect(job, families);
        const std::string text = families.text();

        for (const char* line : {"# TYPE carillon_task_items counter\n", "carillon_task_items{job=\"a\"} 5\n",
                                 "carillon_task_items{job=\"b\"} 3\n"})
            CPPUNIT_ASSERT_MESSAGE(text, text.find(line) != std::string::npos);

        end(RunReport::succeeded("well").gauge("items", 1));
        expect("carillon_task_items{job=\"a\"} 1");
    }

    void removedJobsAreForgotten() {
        end(RunReport::succeeded("well").counter("good", 1));
        RunIdentity other = identity(Trigger::Schedule);
        other.job = "b";
        _metrics->runEnded(other, RunReport::succeeded("well"), kStart);

        _metrics->keepOnly([](const std::string& job) { return job == "b"; });

        expectNone("carillon_task_good");
        expectNone("succeeded\",trigger=\"schedule\"} 1");
        CPPUNIT_ASSERT(text("b").find("outcome=\"succeeded\",trigger=\"schedule\"} 1") != std::string::npos);
    }

    void labelsAreEscaped() {
        MetricFamilies families;
        families.add({"odd", "Odd."}, {{"text", "a\"b\\c\nd"}}, 0.25);

        CPPUNIT_ASSERT_EQUAL(std::string("# HELP odd Odd.\n# TYPE odd gauge\nodd{text=\"a\\\"b\\\\c\\nd\"} 0.25\n"),
                             families.text());
    }

    void labelsThatPrometheusDoesNotReadAreLeftOut() {
        const Figure::Labels twice{{"a", "1"}, {"a", "2"}};
        const Figure::Labels reserved{{"__name__", "x"}};

        end(RunReport::succeeded("well")
                .gauge("twice", 1, twice)
                .gauge("reserved", 1, reserved)
                .gauge("both", 1, Figure::Labels{{"a", "1"}, {"b", "2"}})
                .gauge("both", 2, Figure::Labels{{"b", "2"}, {"a", "1"}}));

        expectNone("twice");
        expectNone("reserved");
        expect("carillon_task_both{job=\"a\",a=\"1\",b=\"2\"} 2");
        expectNone("a=\"1\",b=\"2\"} 1");
    }

    void readersAndTheSchedulerMeet() {
        std::atomic<bool> done{false};
        std::thread reader([&] {
            while (!done) {
                text("a");
                _metrics->recall("a", kStart);
                _metrics->keepOnly([](const std::string&) { return true; });
            }
        });
        for (int i = 0; i < 1'000; ++i) {
            _metrics->runStarted(identity(Trigger::Schedule));
            slot(SlotEnding::Ran, "");
            end(RunReport::succeeded("well").total("items_total", 1));
        }
        done = true;
        reader.join();

        expect("carillon_task_items_total{job=\"a\"} 1000");
        expect("carillon_job_start_delay_seconds_count{job=\"a\"} 1000");
        expect("carillon_job_slots_total{job=\"a\",end=\"ran\",reason=\"\"} 1000");
    }

private:
    static constexpr TimePoint kStart = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

    static RunIdentity identity(Trigger trigger) {
        RunIdentity run;
        run.job = "a";
        run.trigger = trigger;
        run.scheduledAt = run.startedAt = kStart;
        return run;
    }
    void end(const RunReport& report, Trigger trigger = Trigger::Schedule, std::chrono::microseconds took = 0us) {
        _metrics->runEnded(identity(trigger), report, kStart + took);
    }
    void slot(SlotEnding ending, const std::string& reason) {
        _metrics->slotEnded({"a", kStart, ending, carillon::slotReasonOf(reason), "", Trigger::Schedule, kStart});
    }
    std::string text(const std::string& job = "a") const {
        MetricFamilies families;
        _metrics->collect(job, families);
        return families.text();
    }
    void expect(const std::string& line) const {
        CPPUNIT_ASSERT_MESSAGE(line + " is not in\n" + text(),
                               ("\n" + text()).find("\n" + line + "\n") != std::string::npos);
    }
    void expectNone(const std::string& part) const {
        CPPUNIT_ASSERT_MESSAGE(part + " is in\n" + text(), text().find(part) == std::string::npos);
    }

    std::unique_ptr<Metrics> _metrics{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(MetricsTest);
