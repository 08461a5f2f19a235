#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "Town.h"

namespace {

constexpr int kFullMixtures = 200;
constexpr int kShortMixtures = 30;

/// A fault and the further members that it needs; one of the list alone meets no other call.
struct Trouble {
    std::string name{};
    std::string more{};
    bool ofTheListAlone = false;
};

const std::vector<Trouble>& troubles() {
    static const std::vector<Trouble> all{
        {"string_numbers", "", true},
        {"php_warning", ""},
        {"html", ""},
        {"unauthorized", ""},
        {"status", R"("status":500)"},
        {"status", R"("status":503)"},
        {"too_many", R"("retryAfter":3600)"},
        {"slow", R"("milliseconds":50)"},
        {"drip", R"("milliseconds":1,"bytes":512)"},
        {"cut", R"("afterBytes":1)"},
        {"cut", R"("afterBytes":2500,"chunked":true)"},
        {"cut", R"("afterBytes":5000,"reset":true)"},
        {"lost_answer", ""},
        {"refused_connection_after_accept", ""},
        {"not_json", ""},
        {"wrong_type", ""},
        {"wrong_type", R"("variant":"array")"},
        {"redirect", R"("location":"https://elsewhere.example/agora")"},
        {"success_false", ""},
        {"count_wrong", "", true},
        {"duplicate", "", true},
        {"reversed", "", true},
        {"missing_end", ""},
        {"empty_body", ""},
    };
    return all;
}

constexpr std::array<const char*, 3> kCalls{"pending", "acknowledge", "stats"};

}  // namespace

/// Whatever the gateway answers: nothing is lost, nothing is there twice or by half, and once it answers well again one
/// run acknowledges all.
class GatewayFaultsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GatewayFaultsTest);
    CPPUNIT_TEST(eachFaultOfEachCallAlone);
    CPPUNIT_TEST(randomMixtures);
    CPPUNIT_TEST_SUITE_END();

public:
    void eachFaultOfEachCallAlone() {
        Town town;
        int times = 0;
        for (const auto& trouble : troubles())
            for (const std::string call : kCalls) {
                if (trouble.ofTheListAlone && call != "pending") continue;
                const std::string when = trouble.name + " (" + trouble.more + ") of " + call;
                town.offerMore();
                town.scene().fault(trouble.name, call, trouble.more);
                town.command().run();
                town.assertNothingHalf(when);

                town.scene().control("/control/clear");
                town.recover();
                town.assertExact(when);
                ++times;
            }
        tellEvidence("each fault of the gateway, in each call", times, "stored or failed, then one run put all right");
    }

    /// Some runs in a row, each with up to three faults, before the gateway is well.
    void randomMixtures() {
        const int mixtures = isFullScenario() ? kFullMixtures : kShortMixtures;
        const unsigned seed = 20260116;
        std::mt19937 random(seed);
        const auto oneOf = [&random](const auto& all) { return all[random() % all.size()]; };
        Town town;
        int failed = 0;
        for (int run = 1; run <= mixtures; ++run) {
            std::string when = "run " + std::to_string(run) + " of seed " + std::to_string(seed) + ":";
            town.offerMore();
            for (unsigned faults = random() % 4; faults > 0; --faults) {
                const Trouble trouble = oneOf(troubles());
                const std::string call = trouble.ofTheListAlone ? "pending" : oneOf(kCalls);
                town.scene().fault(trouble.name, call, trouble.more);
                when += " " + trouble.name + "/" + call;
            }
            if (town.command().run().exitCode != 0) ++failed;
            town.assertNothingHalf(when);
            if (random() % 4 != 0 && run != mixtures) continue;
            town.scene().control("/control/clear");
            town.recover();
            town.assertExact(when);
        }
        tellEvidence("random mixtures of up to three of them", mixtures,
                     std::to_string(failed) + " runs failed, then one run put all right");
        CPPUNIT_ASSERT(failed > mixtures / 10);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(GatewayFaultsTest);
