#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <string>
#include <vector>

#include "Town.h"

namespace {

constexpr int kInstallations = 4;
constexpr int kFullRounds = 50;
constexpr int kShortRounds = 8;

}  // namespace

/// Four hosts that know nothing of each other, on the same database and gateway: each validation has one effect.
class FourAtOnceTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FourAtOnceTest);
    CPPUNIT_TEST(eachValidationHasOneEffect);
    CPPUNIT_TEST_SUITE_END();

public:
    void eachValidationHasOneEffect() {
        const int rounds = isFullScenario() ? kFullRounds : kShortRounds;
        Town town;
        std::vector<std::string> configurations;
        for (int i = 0; i < kInstallations; ++i) configurations.push_back(addInstallation(town.scene(), i));
        const long long before = town.toBeApplied();
        long long applied = 0;
        int together = 0;
        for (int round = 1; round <= rounds; ++round) {
            const std::string when = "round " + std::to_string(round);
            for (int i = 0; i < 10; ++i) town.offerMore();
            // Two begin at the other end of the list: they meet the others half-way, with their locks in another order.
            town.scene().fault("reversed", "pending", R"("times":2)");
            std::vector<RunningCommand> runs;
            for (const auto& configuration : configurations)
                runs.push_back(Command({CARILLON_TEST_PROGRAM, "--config", configuration, "run", Scene::kJob, "--json"})
                                   .start());
            int working = 0;
            for (auto& run : runs) {
                const RunEnd end = Scene::endOf(run.wait());
                assertExit(0, end.command);
                applied += end.counter("applied");
                working += end.counter("applied") > 0 ? 1 : 0;
            }
            if (working > 1) ++together;
            town.assertNothingHalf(when);
            town.scene().control("/control/clear");
            // Who listed an item that another one had acknowledged meanwhile learns of it in the next listing.
            town.recover();
            town.assertExact(when);
        }
        tellEvidence("four installations at once", rounds, "each validation had one effect");
        CPPUNIT_ASSERT_EQUAL(town.toBeApplied() - before, applied);
        CPPUNIT_ASSERT(together > 0);
    }

private:
    /// With a state, a lock and a history of its own.
    static std::string addInstallation(Scene& scene, int number) {
        const auto folder = scene.folder() / ("installation-" + std::to_string(number));
        std::filesystem::create_directory(folder);
        std::filesystem::copy(scene.folder() / "jobs", folder / "jobs");
        std::filesystem::copy(scene.configFile(), folder / "carillon.properties");
        return folder / "carillon.properties";
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FourAtOnceTest);
