#include "runner/WorkerMessages.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "Poco/Exception.h"

using namespace carillon;
using Poco::JSON::Object;

class WorkerMessagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WorkerMessagesTest);
    CPPUNIT_TEST(reportArrivesAsItWas);
    CPPUNIT_TEST(reportKeepsFewWarningsHoweverManyItHolds);
    CPPUNIT_TEST(checkArrivesAsItWas);
    CPPUNIT_TEST(rejectArrivesAsItWas);
    CPPUNIT_TEST(mailAccountArrivesAsItWas);
    CPPUNIT_TEST(faultArrivesAsItWas);
    CPPUNIT_TEST(pluginArrivesAsItWas);
    CPPUNIT_TEST(lineIsOneWhateverTheText);
    CPPUNIT_TEST(bytesThatAreNoTextAreEscaped);
    CPPUNIT_TEST(anyBytesCanBeRead);
    CPPUNIT_TEST(wrongFormsAreRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void reportArrivesAsItWas() {
        auto report = RunReport::nothingToDo("rien à faire \"ici\"\n");
        report.count("zebra", 1).count("applied", -2).count("bytes", std::numeric_limits<std::int64_t>::max());
        report.warn("first").warn("");
        report.warningsOmitted = 7;

        const RunReport arrived = reportFromJson(throughALine(toJson(report)));

        CPPUNIT_ASSERT(arrived.outcome == Outcome::NothingToDo);
        CPPUNIT_ASSERT_EQUAL(report.message, arrived.message);
        CPPUNIT_ASSERT(report.counters == arrived.counters);
        CPPUNIT_ASSERT(report.warnings == arrived.warnings);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, arrived.warningsOmitted);
    }

    void reportKeepsFewWarningsHoweverManyItHolds() {
        auto report = RunReport::succeeded("done");
        report.warnings.assign(1'000, "again");
        report.warningsOmitted = 3;

        const RunReport arrived = reportFromJson(throughALine(toJson(report)));

        CPPUNIT_ASSERT_EQUAL(RunReport::kMaxWarnings, arrived.warnings.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{953}, arrived.warningsOmitted);
    }

    void checkArrivesAsItWas() {
        const Check check{"gateway", CheckState::Warning, "slow", {{"z", "1"}, {"a", "2"}}, "look"};

        const Check arrived = checkFromJson(throughALine(toJson(check)));

        CPPUNIT_ASSERT_EQUAL(check.name, arrived.name);
        CPPUNIT_ASSERT(check.state == arrived.state);
        CPPUNIT_ASSERT_EQUAL(check.message, arrived.message);
        CPPUNIT_ASSERT(check.details == arrived.details);
        CPPUNIT_ASSERT_EQUAL(check.recommendation, arrived.recommendation);
    }

    void rejectArrivesAsItWas() {
        const Reject reject{42,   TimePoint(std::chrono::microseconds(1'795'343'544'123'456)), "item", "why", "how",
                            "run"};

        const Reject arrived = rejectFromJson(throughALine(toJson(reject)));

        CPPUNIT_ASSERT_EQUAL(reject.id, arrived.id);
        CPPUNIT_ASSERT(reject.receivedAt == arrived.receivedAt);
        CPPUNIT_ASSERT_EQUAL(reject.what, arrived.what);
        CPPUNIT_ASSERT_EQUAL(reject.reason, arrived.reason);
        CPPUNIT_ASSERT_EQUAL(reject.detail, arrived.detail);
        CPPUNIT_ASSERT_EQUAL(reject.run, arrived.run);
    }

    void mailAccountArrivesAsItWas() {
        const MailAccount account{"smtp.example.com", 465, MailAccount::Security::Tls, "me", "p\"ß\\", "a@b.c", "é"};

        const MailAccount arrived = mailAccountFromJson(throughALine(toJson(account)));

        CPPUNIT_ASSERT_EQUAL(account.host, arrived.host);
        CPPUNIT_ASSERT_EQUAL(account.port, arrived.port);
        CPPUNIT_ASSERT(account.security == arrived.security);
        CPPUNIT_ASSERT_EQUAL(account.user + account.password, arrived.user + arrived.password);
        CPPUNIT_ASSERT_EQUAL(account.from + account.name, arrived.from + arrived.name);
    }

    void faultArrivesAsItWas() {
        const ConfigFault fault{"a.properties", 14, "task.x", " = 5, expected 6"};

        const ConfigFault arrived = faultFromJson(throughALine(toJson(fault)));

        CPPUNIT_ASSERT_EQUAL(std::string("a.properties:14: task.x = 5, expected 6"), arrived.sentence());
    }

    void pluginArrivesAsItWas() {
        const PluginDescription plugin{"/p/libA.so", "A", "1.2", 1, "abi", {"Z", "B"}, "00ff", "no"};

        const PluginDescription arrived = pluginFromJson(throughALine(toJson(plugin)));

        CPPUNIT_ASSERT_EQUAL(plugin.path, arrived.path);
        CPPUNIT_ASSERT_EQUAL(plugin.name, arrived.name);
        CPPUNIT_ASSERT_EQUAL(plugin.version, arrived.version);
        CPPUNIT_ASSERT_EQUAL(plugin.sdkVersion, arrived.sdkVersion);
        CPPUNIT_ASSERT_EQUAL(plugin.abi, arrived.abi);
        CPPUNIT_ASSERT(plugin.tasks == arrived.tasks);
        CPPUNIT_ASSERT_EQUAL(plugin.fingerprint, arrived.fingerprint);
        CPPUNIT_ASSERT_EQUAL(plugin.refusal, arrived.refusal);
    }

    void lineIsOneWhateverTheText() {
        std::string all;
        for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
        all += "é€𝄞\u2028";

        const std::string line = toLine(*toJson(RunReport::failed(all)));

        CPPUNIT_ASSERT(line.find('\n') == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(all, reportFromJson(JsonValue::parse(line)).message);
    }

    void bytesThatAreNoTextAreEscaped() {
        const std::string line = toLine(*toJson(RunReport::failed("caf\xe9 \"é\" \xff")));

        CPPUNIT_ASSERT_EQUAL(std::string("caf\\xe9 \"é\" \\xff"), reportFromJson(JsonValue::parse(line)).message);
    }

    void anyBytesCanBeRead() {
        std::mt19937 random(20261122);
        for (int i = 0; i < 2'000; ++i) {
            std::string bytes;
            for (auto length = random() % 12; length > 0; --length)
                bytes += static_cast<char>(random() % 3 == 0 ? random() : 0xc0 + random() % 64);

            const std::string line = toLine(*toJson(RunReport::failed(bytes).count(bytes, 1).warn(bytes)));

            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, reportFromJson(JsonValue::parse(line)).warnings.size());
        }
    }

    void wrongFormsAreRefused() {
        for (const auto* line :
             {"{}", R"({"outcome":3,"message":""})", R"({"outcome":-1,"message":""})",
              R"({"outcome":"x","message":""})", R"({"outcome":0})",
              R"({"outcome":0,"message":"","counters":{"a":"x"}})", R"({"outcome":99999999999999,"message":""})"})
            CPPUNIT_ASSERT_THROW_MESSAGE(line, reportFromJson(JsonValue::parse(line)), Poco::Exception);
        CPPUNIT_ASSERT_THROW(
            checkFromJson(JsonValue::parse(R"({"name":"a","state":3,"message":"","recommendation":""})")),
            Poco::Exception);
        CPPUNIT_ASSERT_THROW(rejectFromJson(JsonValue::parse("{}")), Poco::Exception);
        CPPUNIT_ASSERT_THROW(faultFromJson(JsonValue::parse("{}")), Poco::Exception);
        CPPUNIT_ASSERT_THROW(pluginFromJson(JsonValue::parse("{}")), Poco::Exception);
    }

private:
    static JsonValue throughALine(const Object::Ptr& json) { return JsonValue::parse(toLine(*json)); }
};

CPPUNIT_TEST_SUITE_REGISTRATION(WorkerMessagesTest);
