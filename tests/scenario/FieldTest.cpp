#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <map>
#include <string>

#include "FieldList.h"
#include "FieldOracle.h"
#include "FieldTown.h"
#include "Town.h"

namespace {

/// Of Agora's tables.
constexpr const char* kCollation = "utf8mb4_unicode_ci";

std::chrono::sys_seconds thisSecond() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string describe(unsigned seed, const PhpStyle& style) {
    return "seed " + std::to_string(seed) + (style.unescapedUnicode ? ", unescaped" : ", escaped") +
           (style.numbersAreTexts ? ", numbers as texts" : "");
}

void assertNothingPending(Scene& scene, const std::string& when) {
    const RunEnd again = scene.sync();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when + ": " + textOf(again.command), 0, again.command.exitCode);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, std::string("nothing_to_do"), again.member("outcome"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, std::string("nothing pending on the gateway"), again.member("message"));
}

}  // namespace

/// Whatever the gateways in the field list.
class FieldTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FieldTest);
    CPPUNIT_TEST(allThatTheOriginalGatewayStoresBecomesTheRightRows);
    CPPUNIT_TEST(poisonHoldsBackNoOtherItem);
    CPPUNIT_TEST_SUITE_END();

public:
    void allThatTheOriginalGatewayStoresBecomesTheRightRows() {
        const unsigned seeds = isFullScenario() ? 20 : 5;
        long long answers = 0;
        for (unsigned seed = 1; seed <= seeds; ++seed, answers += FieldTown::kAnswers) synchronise(seed);
        tellEvidence("an answer that the original gateway may store", answers,
                     "every row is as the rules alone make it, over " + std::to_string(seeds) + " towns");
    }

    void poisonHoldsBackNoOtherItem() {
        const unsigned seeds = isFullScenario() ? 5 : 1;
        for (unsigned seed = 1; seed <= seeds; ++seed) synchronisePoison(seed);
        tellEvidence("an item that no parser or no database takes, among 9,900 sound ones", seeds * kPoisoned,
                     "put aside with its reason; the others are applied by the same run");
    }

private:
    static constexpr long long kItems = 10'000;
    static constexpr int kPoisoned = 100;

    static void synchronise(unsigned seed) {
        const PhpStyle style{seed % 2 == 0, seed % 3 == 0};
        const std::string when = describe(seed, style);
        const FieldTown town(seed);
        const FieldOracle oracle(town);
        Scene scene;
        town.install(scene, kCollation);
        scene.setJobKey("task.rejects.max_ratio", "1");
        scene.offerBacklog(FieldTown::kAnswers);
        scene.answerPending(phpList(town.answers(), style));

        const auto from = thisSecond();
        const RunEnd end = scene.sync();
        const auto until = thisSecond();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(when + ": " + textOf(end.command), 0, end.command.exitCode);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, oracle.applied(), end.counter("applied"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, oracle.duplicate(), end.counter("duplicate"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, oracle.rejected(), end.counter("rejected"));
        assertManifold(oracle, when);
        assertRows(scene, oracle, from, until, when);
        assertNothingPending(scene, when);
        assertRows(scene, oracle, from, until, when + ", after another run");
    }

    /// A town in which nothing ever happens proves nothing.
    static void assertManifold(const FieldOracle& oracle, const std::string& when) {
        CPPUNIT_ASSERT_MESSAGE(when, oracle.applied() > 80 && oracle.duplicate() > 5);
        for (const auto* reason :
             {"malformed", "unknown_token", "token_already_used", "token_expired", "conflicting_answer"})
            CPPUNIT_ASSERT_MESSAGE(when + ": " + reason, oracle.count("inbox", std::string("rejected ") + reason) > 0);
        for (const auto* status : {" validee", " refusee", " en_validation"})
            CPPUNIT_ASSERT_MESSAGE(when + ": " + status, oracle.count("campaigns", status) > 0);
    }

    static void assertRows(Scene& scene, const FieldOracle& oracle, std::chrono::sys_seconds from,
                           std::chrono::sys_seconds until, const std::string& when) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, std::string(),
                                     fieldDifference(oracle.tables(), fieldTablesIn(scene, from, until)));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, 0LL, scene.rows(kUnacknowledged));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, 0LL, scene.gatewayState().pending);
    }

    static void synchronisePoison(unsigned seed) {
        const std::string when = "seed " + std::to_string(seed);
        const PoisonedList list = poisonedList(kItems, kPoisoned, seed);
        Scene scene;
        scene.addBacklogTokens(0, kItems);
        poisonAgora(scene, list);
        scene.offerBacklog(kItems);
        scene.answerPending(list.body);

        const RunEnd end = scene.sync();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(when + ": " + textOf(end.command), 0, end.command.exitCode);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, kItems, end.counter("acknowledged"));
        const long long asText = assertPutAside(scene, list, when);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, kItems - kPoisoned + asText, scene.rows("validations"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, std::string(), scene.findHalfDone());
        assertNothingPending(scene, when);
    }

    /// Each poisoned item, and no other, is a reject with its reason in words; but for numbers, which may be read as
    /// the texts that they were: returns how many of them are.
    static long long assertPutAside(Scene& scene, const PoisonedList& list, const std::string& when) {
        long long asText = 0;
        for (const auto& [number, kind] : list.poison) {
            const std::string item = "passerelle_inbox WHERE gateway_id = " + std::to_string(number + 1);
            const std::string what = when + ", item " + std::to_string(number) + ": " + kind;
            const bool isNumber = kind.starts_with("number");
            if (isNumber && scene.rows(item + " AND state = 'applied'") == 1) {
                ++asText;
                continue;
            }
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, 1LL, scene.rows(item + " AND state = 'rejected' AND reason <> ''"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, 1LL, scene.rows(item + " AND LENGTH(detail) > 10"));
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, kPoisoned - asText, scene.rows("passerelle_inbox WHERE state = 'rejected'"));
        return asText;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FieldTest);
