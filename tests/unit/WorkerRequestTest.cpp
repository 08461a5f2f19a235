#include "worker/WorkerRequest.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>

#include "Poco/Exception.h"

using namespace carillon;

class WorkerRequestTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WorkerRequestTest);
    CPPUNIT_TEST(requestArrivesAsItWas);
    CPPUNIT_TEST(beginArrivesAsItWas);
    CPPUNIT_TEST(eachIsOneLine);
    CPPUNIT_TEST(wrongFormsAreRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void requestArrivesAsItWas() {
        WorkerRequest request;
        request.verb = WorkerRequest::Verb::Replay;
        request.library = "/p/lib \"é\".so";
        request.task = "Task";
        request.config = ConfigSource("jobs/a.properties", {{"task.a", {"${X}\\\n", "x\x01y", 7}},
                                                            {"task.b", {"same", "same", 0}},
                                                            {"task.c", {"", "", 2, "jobs/a.instances.csv"}}});
        request.query = {-5, std::numeric_limits<std::size_t>::max(), "unknown_token",
                         TimePoint(TimePoint::duration(7))};
        request.replay.ids = {1, std::numeric_limits<std::int64_t>::min()};
        request.replay.corrections = {{"action", "valide"}, {"comment", "line 1\nline 2"}};
        request.memory = 64 << 20;

        const auto arrived = fromJson<WorkerRequest>(toJson(request));

        CPPUNIT_ASSERT(arrived.verb == request.verb);
        CPPUNIT_ASSERT_EQUAL(request.library, arrived.library);
        CPPUNIT_ASSERT_EQUAL(request.task, arrived.task);
        CPPUNIT_ASSERT_EQUAL(request.config.file(), arrived.config.file());
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, arrived.config.entries().size());
        for (const auto& [key, entry] : request.config.entries()) {
            CPPUNIT_ASSERT_EQUAL(entry.raw, arrived.config.find(key)->raw);
            CPPUNIT_ASSERT_EQUAL(entry.value, arrived.config.find(key)->value);
            CPPUNIT_ASSERT_EQUAL(entry.line, arrived.config.find(key)->line);
            CPPUNIT_ASSERT_EQUAL(entry.rowFile, arrived.config.find(key)->rowFile);
        }
        CPPUNIT_ASSERT_EQUAL(request.query.after, arrived.query.after);
        CPPUNIT_ASSERT_EQUAL(request.query.limit, arrived.query.limit);
        CPPUNIT_ASSERT_EQUAL(request.query.reason, arrived.query.reason);
        CPPUNIT_ASSERT(request.query.receivedBefore == arrived.query.receivedBefore);
        CPPUNIT_ASSERT(request.replay.ids == arrived.replay.ids);
        CPPUNIT_ASSERT(request.replay.corrections == arrived.replay.corrections);
        CPPUNIT_ASSERT_EQUAL(request.memory, arrived.memory);
    }

    void beginArrivesAsItWas() {
        const TimePoint at(std::chrono::microseconds(1'795'343'544'123'456));
        const RunBegin begin{{"job", "run", Trigger::Schedule, "host", 3, 42, at, at + std::chrono::seconds(1)},
                             std::chrono::milliseconds(90'000),
                             7};

        const auto arrived = fromJson<RunBegin>(toJson(begin));

        CPPUNIT_ASSERT_EQUAL(begin.identity.job, arrived.identity.job);
        CPPUNIT_ASSERT_EQUAL(begin.identity.run, arrived.identity.run);
        CPPUNIT_ASSERT(begin.identity.trigger == arrived.identity.trigger);
        CPPUNIT_ASSERT_EQUAL(begin.identity.host, arrived.identity.host);
        CPPUNIT_ASSERT_EQUAL(begin.identity.attempt, arrived.identity.attempt);
        CPPUNIT_ASSERT_EQUAL(begin.identity.fence, arrived.identity.fence);
        CPPUNIT_ASSERT(begin.identity.scheduledAt == arrived.identity.scheduledAt);
        CPPUNIT_ASSERT(begin.identity.startedAt == arrived.identity.startedAt);
        CPPUNIT_ASSERT(begin.timeout == arrived.timeout);
        CPPUNIT_ASSERT_EQUAL(begin.logLevel, arrived.logLevel);
    }

    void eachIsOneLine() {
        WorkerRequest request;
        request.library = "a\nb";

        for (const auto& line : {toJson("request", request), toJson("begin", RunBegin{}), toJson("drop", true)})
            CPPUNIT_ASSERT_EQUAL(std::string::npos, line.find('\n'));
    }

    void wrongFormsAreRefused() {
        for (const auto* text : {"{}", R"({"verb":"fly"})", R"({"verb":2})", R"({"verb":"run"})"})
            CPPUNIT_ASSERT_THROW_MESSAGE(text, fromJson<WorkerRequest>(text), Poco::DataFormatException);
        CPPUNIT_ASSERT_THROW(fromJson<RunBegin>("{}"), Poco::DataFormatException);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(WorkerRequestTest);
