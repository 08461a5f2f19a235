#include "record/TaskMessage.h"

#include "base/EachText.h"
#include "base/LogText.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "Poco/Exception.h"

using namespace carillon;

namespace {

TaskMessage readLine(const std::string& line) {
    const auto json = JsonValue::parse(line);
    const auto& member = json.members().at(0);
    return taskMessageOf(member.name, member.value);
}

template <class Message>
Message throughALine(const Message& message) {
    return std::get<Message>(readLine(lineOf(message)));
}

}  // namespace

class TaskMessageTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TaskMessageTest);
    CPPUNIT_TEST(everyMessageArrivesAsItWas);
    CPPUNIT_TEST(reportArrivesAsItWas);
    CPPUNIT_TEST(checkArrivesAsItWas);
    CPPUNIT_TEST(momentsArriveToTheMicrosecond);
    CPPUNIT_TEST(publicFormIsForPeople);
    CPPUNIT_TEST(everyTextIsHandedOver);
    CPPUNIT_TEST(onlyTheHandlerOfAMessageHearsIt);
    CPPUNIT_TEST(aTriggerOfAnotherVersionIsOther);
    CPPUNIT_TEST(lineIsOneWhateverTheText);
    CPPUNIT_TEST(charactersBeyondTheFirstPlaneArriveAsTheyWere);
    CPPUNIT_TEST(momentsThatNoCalendarHasAreCut);
    CPPUNIT_TEST(bytesThatAreNoTextAreEscaped);
    CPPUNIT_TEST(anyBytesCanBeRead);
    CPPUNIT_TEST(wrongFormsAreRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyMessageArrivesAsItWas() {
        const std::vector<TaskMessage> messages{
            LogMessage{3, 1'795'343'544'123'456, "a.b c=\"d\"\n"},
            Progress{std::numeric_limits<std::uint64_t>::max(), 0, "half"},
            Secret{"p\"ß\\"},
            ConfigFault{"a.properties", 14, "task.x", " = 5, expected 6"},
            Check{"gateway", CheckState::Warning, "slow", {{"z", "1"}, {"a", "2"}}, "look"},
            Reject{std::numeric_limits<std::int64_t>::min(), TimePoint(TimePoint::duration(7)), "w", "r", "d", "run"},
            PlannedItem{"w", "applied", "", "d"},
            MailAccount{"smtp.example.com", 465, MailAccount::Security::Tls, "me", "p\"ß\\", "a@b.c", "é"},
            PluginDescription{"/p/libA.so", "A", "1.2", 1, "abi", {"Z", "B"}, "00ff", "no"},
            TaskAbilities{false, true},
            Item{7,
                 ItemState::Dismissed,
                 TimePoint(TimePoint::duration(8)),
                 "w",
                 "r",
                 "d",
                 "run",
                 "row 1",
                 true,
                 {{"b", "1"}, {"a", "2"}},
                 Item::Facts{{"z", "é"}},
                 Dismissal{"why", "anna", TimePoint(TimePoint::duration(9))}},
            RunReport::failed("no").total("z", -1, {{"l", "m"}}).gauge("y", 2, FigureRole::Lag).warn("w"),
            TaskFailure{"thrown"},
            TaskReturned{}};
        CPPUNIT_ASSERT_EQUAL(std::variant_size_v<TaskMessage>, messages.size());

        for (std::size_t i = 0; i < messages.size(); ++i) {
            const std::string line = lineOf(messages[i]);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(line, i, readLine(line).index());
            CPPUNIT_ASSERT_EQUAL(line, lineOf(readLine(line)));
        }
    }

    void reportArrivesAsItWas() {
        auto report = RunReport::nothingToDo("rien à faire \"ici\"\n");
        report.counter("zebra", 1).gauge("applied", -2, FigureRole::Lag);
        report.total("bytes", std::numeric_limits<std::int64_t>::max(), {{"z", "1"}, {"a", "2"}});
        report.warn("first").warn("");
        report.warningsOmitted = 7;
        report.retryAfter = std::chrono::seconds(90);
        report.givenUp = true;

        const RunReport arrived = throughALine(report);

        CPPUNIT_ASSERT(arrived.outcome == Outcome::NothingToDo);
        CPPUNIT_ASSERT_EQUAL(report.message, arrived.message);
        CPPUNIT_ASSERT(report.figures == arrived.figures);
        CPPUNIT_ASSERT(report.warnings == arrived.warnings);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, arrived.warningsOmitted);
        CPPUNIT_ASSERT(arrived.retryAfter == report.retryAfter && arrived.givenUp);
    }

    void checkArrivesAsItWas() {
        const Check check{"gateway", CheckState::Warning, "slow", {{"z", "1"}, {"a", "2"}}, "look"};

        const Check arrived = throughALine(check);

        CPPUNIT_ASSERT_EQUAL(check.name, arrived.name);
        CPPUNIT_ASSERT(check.state == arrived.state);
        CPPUNIT_ASSERT_EQUAL(check.message, arrived.message);
        CPPUNIT_ASSERT(check.details == arrived.details);
        CPPUNIT_ASSERT_EQUAL(check.recommendation, arrived.recommendation);
    }

    void momentsArriveToTheMicrosecond() {
        for (const auto at : {kMoment, TimePoint{}, kNever, -kMoment.time_since_epoch() + TimePoint{}})
            CPPUNIT_ASSERT(throughALine(Reject{1, at, "", "", "", ""}).receivedAt == at);
    }

    void publicFormIsForPeople() {
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"id":7,"received_at":"2026-11-22T10:32:24.123Z","item":"w",)"
                                         R"("reason":"r","detail":"d","run":null})"),
                             toPublicJson(Reject{7, kMoment, "w", "r", "d", ""}));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"id":7,"received_at":null,"item":"","reason":"","detail":"","run":"x"})"),
                             toPublicJson(Reject{7, {}, "", "", "", "x"}));
    }

    void everyTextIsHandedOver() {
        Check check{"n", CheckState::Failed, "m", {{"a", "1"}, {"b", "2"}}, "r"};

        eachText(check, [](std::string& text) { text += '!'; });

        CPPUNIT_ASSERT_EQUAL(std::string("n!m!r!"), check.name + check.message.text + check.recommendation.text);
        CPPUNIT_ASSERT((Message::Values{{"a!", "1!"}, {"b!", "2!"}}) == check.details);
        RunReport report = RunReport::failed("m").counter("c", 1, {{"l", "v"}}).warn("w");
        eachText(report, [](std::string& text) { text += '!'; });
        CPPUNIT_ASSERT_EQUAL(std::string("m!c!.v!w!"),
                             report.message.text + report.figures.at(0).key() + report.warnings.at(0).text);
    }

    void onlyTheHandlerOfAMessageHearsIt() {
        std::string heard;
        Hearing hearing([&heard](const Check& check) { heard += "check " + check.name; },
                        [&heard](const ConfigFault& fault) { heard += "fault " + fault.key; });

        hearing(Secret{"s"});
        hearing(ConfigFault{"f", 1, "k", "p"});

        CPPUNIT_ASSERT_EQUAL(std::string("fault k"), heard);
    }

    void aTriggerOfAnotherVersionIsOther() {
        CPPUNIT_ASSERT(triggerOf("pigeon") == Trigger::Other);
        CPPUNIT_ASSERT(triggerOf("misfire") == Trigger::Misfire);
    }

    void lineIsOneWhateverTheText() {
        std::string all;
        for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
        all += "é€𝄞\u2028";

        const std::string line = lineOf(RunReport::failed(all));

        CPPUNIT_ASSERT_EQUAL(line.size() - 1, line.find('\n'));
        CPPUNIT_ASSERT_EQUAL(all, throughALine(RunReport::failed(all)).message.text);
    }

    /// Also hidden ones, as in some flags.
    void charactersBeyondTheFirstPlaneArriveAsTheyWere() {
        const std::string flag = "\U0001f3f4\U000e0067\U000e0062\U000e007f \U0010fffd";

        CPPUNIT_ASSERT_EQUAL(flag, throughALine(Secret{flag}).text);
        CPPUNIT_ASSERT_EQUAL(
            flag, JsonValue::parse(visibleJson(toPublicJson(Reject{1, {}, flag, "", "", ""})))["item"].text());
        CPPUNIT_ASSERT(lineOf(Secret{flag}).find("\\udb40\\udc67") != std::string::npos);
    }

    void momentsThatNoCalendarHasAreCut() {
        CPPUNIT_ASSERT_EQUAL(std::string("0000-01-01T00:00:00.000Z"), toRfc3339(TimePoint::min()));
        CPPUNIT_ASSERT_EQUAL(std::string("9999-12-31T23:59:59.999Z"), toRfc3339(TimePoint::max()));
    }

    void bytesThatAreNoTextAreEscaped() {
        CPPUNIT_ASSERT_EQUAL(std::string("caf\\xe9 \"é\" \\xff"),
                             throughALine(RunReport::failed("caf\xe9 \"é\" \xff")).message.text);
    }

    void anyBytesCanBeRead() {
        std::mt19937 random(20261122);
        for (int i = 0; i < 2'000; ++i) {
            std::string bytes;
            for (auto length = random() % 12; length > 0; --length)
                bytes += static_cast<char>(random() % 3 == 0 ? random() : 0xc0 + random() % 64);

            const auto arrived = throughALine(RunReport::failed(bytes).counter(bytes, 1).warn(bytes));

            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, arrived.warnings.size());
        }
    }

    void wrongFormsAreRefused() {
        for (const auto* line :
             {R"({"report":{}})", R"({"report":{"outcome":"none","message":"","counters":{},"warnings":[]}})",
              R"({"report":{"outcome":0,"message":"","counters":{},"warnings":[]}})",
              R"({"report":{"outcome":"failed","message":"","counters":{"a":"x"},"warnings":[]}})",
              R"({"report":{"outcome":"failed","message":7,"counters":{},"warnings":[]}})",
              R"({"check":{"name":"a","state":"great","message":"","details":{},"recommendation":""}})",
              R"({"reject":{}})", R"({"fault":{}})", R"({"plugin":{}})", R"({"fault":7})", R"({"unknown":{}})",
              R"({"log":{"level":99999999999999,"at":1,"text":""}})"})
            CPPUNIT_ASSERT_THROW_MESSAGE(line, readLine(line), Poco::DataFormatException);
    }

private:
    const TimePoint kMoment{std::chrono::microseconds(1'795'343'544'123'456)};
};

CPPUNIT_TEST_SUITE_REGISTRATION(TaskMessageTest);
