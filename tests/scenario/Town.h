#pragma once

#include <string>

#include "support/Scene.h"

/// CARILLON_SCENARIO=full in the environment asks for the long form of a scenario.
bool isFullScenario();

/// Prints a line of evidence: what was done to the program, how often, and how it went each time.
void tellEvidence(const std::string& fault, long long times, const std::string& outcome);

/// Agora and a gateway to which more answers come in each round, and what must have become of them in the end: told
/// from the numbers of the answers alone. One answer in eleven is to no question of Agora's.
class Town {
public:
    /// Of one round: two batches, eight campaigns.
    static constexpr long long kItems = 40;

    enum class Beginning { AfterARound, Empty };

    /// Empty: no table of the plugin and none of the host is there yet.
    explicit Town(Beginning beginning = Beginning::AfterARound);

    Scene& scene() { return _scene; }

    void offerMore();
    /// A run, to be started.
    Command command() const { return _scene.carillon({"run", Scene::kJob, "--json"}); }
    /// One run, which must put everything right.
    void recover();

    /// How many of all that was offered.
    long long toBeApplied() const;

    /// `when` stands before what is wrong.
    void assertNothingHalf(const std::string& when);
    /// All that was offered is stored once, decided as it should be, and acknowledged; and nothing else.
    void assertExact(const std::string& when);

private:
    std::string expectedValidations() const;
    std::string validations();

    Scene _scene{};
    long long _offered = 0;
};
