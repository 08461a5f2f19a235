#include "SinfulTask.h"

#include <cppunit/TestFailure.h>
#include <cppunit/TestResult.h>
#include <cppunit/TestResultCollector.h>

#include <set>

using carillon::testing::FakeRunContext;

class ConformanceTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConformanceTest);
    CPPUNIT_TEST(taskWithoutFaultPasses);
    CPPUNIT_TEST(taskThatCannotStartFails);
    CPPUNIT_TEST(eachSinFailsItsOwnTestAlone);
    CPPUNIT_TEST(messageNamesWhereTheSecretStands);
    CPPUNIT_TEST(messageShowsWhatAnUnaskedWriteChanged);
    CPPUNIT_TEST(contextKeepsWhatTheTaskSays);
    CPPUNIT_TEST(contextHasTheZonesOfTheMachine);
    CPPUNIT_TEST_SUITE_END();

    struct Failures {
        std::set<std::string> tests{};
        std::string messages{};
    };

    /// Of the suite as CppUnit runs it.
    static Failures failuresWith(Sin sin) {
        SinfulTask::sin = sin;
        SinfulTask::isOver = false;
        SinfulTask::runs = 0;
        const std::unique_ptr<CppUnit::Test> suite(SinfulTaskTest::suite());
        CppUnit::TestResult result;
        CppUnit::TestResultCollector collector;
        result.addListener(&collector);
        suite->run(&result);
        CPPUNIT_ASSERT_EQUAL(7, collector.runTests());
        SinfulTask::isOver = true;
        Failures failures;
        for (const auto* failure : collector.failures()) {
            const std::string name = failure->failedTestName();
            failures.tests.insert(name.substr(name.rfind(':') + 1));
            failures.messages += failure->thrownException()->message().details();
        }
        return failures;
    }

public:
    void tearDown() override { SinfulTask::sin = Sin::None; }

    void taskWithoutFaultPasses() {
        const auto failures = failuresWith(Sin::None);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(failures.messages, std::size_t{0}, failures.tests.size());
    }

    void taskThatCannotStartFails() {
        const auto failures = failuresWith(Sin::WantsMore);

        CPPUNIT_ASSERT(failures.tests.contains("startsWithItsConfiguration"));
        CPPUNIT_ASSERT_MESSAGE(failures.messages,
                               failures.messages.find("task.more is missing or empty") != std::string::npos);
    }

    void eachSinFailsItsOwnTestAlone() {
        const std::vector<std::pair<Sin, std::string>> sins{{Sin::TakesMisspeltKey, "refusesAnUnknownKey"},
                                                            {Sin::IgnoresStop, "stopsWhenAsked"},
                                                            {Sin::LogsSecret, "concealsItsSecrets"},
                                                            {Sin::ReportsSecret, "concealsItsSecrets"},
                                                            {Sin::ChecksSecret, "concealsItsSecrets"},
                                                            {Sin::PlansSecret, "concealsItsSecrets"},
                                                            {Sin::ReadsSecretAsText, "concealsItsSecrets"},
                                                            {Sin::ShowsPassword, "concealsItsSecrets"},
                                                            {Sin::LeavesThread, "leavesNoThreadBehind"},
                                                            {Sin::WorksOnce, "survivesEachCallTwice"},
                                                            {Sin::FailsItsWork, "survivesEachCallTwice"},
                                                            {Sin::ChecksByWriting, "checkAndPreviewWriteNothing"},
                                                            {Sin::PreviewsByWriting, "checkAndPreviewWriteNothing"}};
        for (const auto& [sin, test] : sins) {
            auto failures = failuresWith(sin);
            // What never ends can neither do its work twice nor be searched for secrets.
            if (sin == Sin::IgnoresStop)
                for (const auto* other : {"concealsItsSecrets", "leavesNoThreadBehind", "survivesEachCallTwice"})
                    failures.tests.erase(other);

            CPPUNIT_ASSERT_MESSAGE(test + ": " + failures.messages, failures.tests == std::set<std::string>{test});
        }
    }

    void messageNamesWhereTheSecretStands() {
        const auto thrown = failuresWith(Sin::ThrowsSecret).messages;
        const auto logged = failuresWith(Sin::LogsSecret).messages;
        const auto unread = failuresWith(Sin::ReadsSecretAsText).messages;

        CPPUNIT_ASSERT_MESSAGE(thrown, thrown.find("the exception of run() has a secret in it") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(logged, logged.find("a log line of run() has a secret in it") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(
            unread, unread.find("run() does not conceal task.password: read it with secret()") != std::string::npos);
        CPPUNIT_ASSERT(logged.find("geheim") == std::string::npos);
    }

    void messageShowsWhatAnUnaskedWriteChanged() {
        SinfulTask::rows = 4;

        const auto messages = failuresWith(Sin::ChecksByWriting).messages;

        CPPUNIT_ASSERT_MESSAGE(messages, messages.find("check() changed something: \"") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(messages, messages.find(" rows\" became \"") != std::string::npos);
    }

    void contextKeepsWhatTheTaskSays() {
        FakeRunContext context;
        std::string heard;
        context.onProgress = [&heard](const std::string& what) { heard = what; };

        carillon::LogLine(context.log(), "batch.applied").field("items", 3);
        context.progress(1, 2, "batch");
        context.conceal("geheim");
        context.settableClock().advance(std::chrono::hours(1));
        context.requestStop();

        CPPUNIT_ASSERT(context.logged("batch.applied items=3"));
        CPPUNIT_ASSERT_EQUAL(std::string("batch"), heard);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, context.steps.at(0).total);
        CPPUNIT_ASSERT(context.concealed == std::vector<std::string>{"geheim"});
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-22T11:30:00.000Z"), carillon::toRfc3339(context.clock().now()));
        CPPUNIT_ASSERT_THROW(context.stop().throwIfRequested(), carillon::RunStopped);
    }

    void contextHasTheZonesOfTheMachine() {
        const FakeRunContext context;
        const auto noon = std::chrono::sys_days{std::chrono::year{2026} / 7 / 1} + std::chrono::hours(12);

        CPPUNIT_ASSERT(context.zone("Europe/Paris")->toLocal(noon).time_since_epoch() ==
                       noon.time_since_epoch() + std::chrono::hours(2));
        CPPUNIT_ASSERT_THROW(context.zone("Europe/Pariss"), Poco::NotFoundException);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConformanceTest);
