#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "AnswerLedger.h"
#include "Poco/Data/Session.h"
#include "Poco/JSON/Array.h"
#include "Town.h"

namespace {

using namespace Poco::Data::Keywords;

constexpr int kFullRounds = 150;
constexpr int kShortRounds = 12;

/// More than one call acknowledges.
constexpr long long kItems = 600;

/// A place in a run and how often it is passed before the run ends there.
struct Crash {
    std::string place{};
    int passing = 1;
    std::string name() const { return place + ':' + std::to_string(passing); }
};

/// The first request is the list, the next two acknowledge; the list of 600 is six batches.
const std::vector<Crash>& crashes() {
    static const std::vector<Crash> all{
        {"request.before", 2}, {"request.sent", 2}, {"answer.begun", 2}, {"request.before", 3}, {"request.sent", 3},
        {"answer.begun", 3},   {"answer.begun", 1}, {"commit.after", 1}, {"commit.after", 4},   {"commit.before", 6}};
    return all;
}

}  // namespace

/// The gateway is set up anew, from a copy that may lack what was acknowledged and may not, while a run has not come to
/// its end: its row numbers begin at 1, and those that an earlier run saw now belong to other answers.
class ReinstalledGatewayTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ReinstalledGatewayTest);
    CPPUNIT_TEST(inEachPlaceOfAnUnfinishedRun);
    CPPUNIT_TEST(againAndAgainBeforeARunSucceeds);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _scene = std::make_unique<Scene>();
        _scene->setJobKey("task.batch", "100");
        _ledger = {};
        _answers.clear();
        _tokens = 0;
        _random.seed(kSeed);
    }
    void tearDown() override { _scene.reset(); }

    void inEachPlaceOfAnUnfinishedRun() {
        int times = 0;
        for (const Crash& crash : crashes()) {
            const std::string when = crash.name() + ", then reinstalled";
            _scene->control("/control/reset");
            offer(makeAnswers(kItems));
            CPPUNIT_ASSERT_MESSAGE(when, crashAt(crash, when));
            reinstall();
            failBeforeTheEnd(when);
            recover(when);
            ++times;
        }
        tellEvidence("gateway reinstalled after a SIGKILL, in each place of an unfinished run", times,
                     "nothing unstored was acknowledged, one run put all right");
    }

    void againAndAgainBeforeARunSucceeds() {
        const int rounds = isFullScenario() ? kFullRounds : kShortRounds;
        int crashed = 0;
        offer(makeAnswers(kItems));
        for (int round = 1; round <= rounds; ++round) {
            const std::string when = "reinstallation " + std::to_string(round) + " of seed " + std::to_string(kSeed);
            crashed += crashAt(crashes()[_random() % crashes().size()], when) ? 1 : 0;
            reinstall();
            if (_random() % 3 != 0 && round != rounds) continue;
            recover(when);
        }
        tellEvidence(
            "gateway reinstalled again and again, row numbers now of others", rounds,
            std::to_string(crashed) + " runs killed, nothing unstored was acknowledged, then one run put all right");
        CPPUNIT_ASSERT(crashed > rounds / 2);
    }

private:
    static constexpr unsigned kSeed = 20260202;

    /// To the next tokens; one in eleven is to no question of Agora's.
    std::vector<Answer> makeAnswers(long long count) {
        _scene->addBacklogTokens(_tokens, count);
        std::vector<Answer> answers;
        std::string unknown;
        for (const long long end = _tokens + count; _tokens < end; ++_tokens) {
            const std::string token = Scene::backlogToken(_tokens);
            answers.push_back({token, _tokens % 20 == 19 ? "refuse" : "valide", "remarque " + std::to_string(_tokens),
                               AnswerLedger::momentOf(static_cast<unsigned>(_random() % 600))});
            _answers[token] = answers.back();
            if (_tokens % 11 != 3) continue;
            _ledger.setUnknown(token);
            unknown += (unknown.empty() ? "'" : ", '") + token + "'";
        }
        _scene->agora().execute("DELETE FROM validation_tokens WHERE token IN (" + unknown + ")");
        return answers;
    }

    void offer(const std::vector<Answer>& answers) {
        _scene->offer(answers);
        _ledger.deliver(answers);
    }

    /// False: it had less to do.
    bool crashAt(const Crash& crash, const std::string& when) {
        const auto result = _scene->carillon({"run", Scene::kJob}).set("CARILLON_CRASH_AT", crash.name()).run();
        assertOnlyStoredIsAcknowledged(when + ", " + crash.name());
        return result.exitCode != 0;
    }

    /// Holds all that was pending, some of what was acknowledged, and further answers, in another order.
    void reinstall() {
        std::vector<Answer> answers;
        for (const auto& [token, isAcknowledged] : gatewayItems())
            if (!isAcknowledged || _random() % 3 == 0) answers.push_back(_answers.at(token));
        const auto kept = static_cast<long long>(answers.size());
        const auto added = makeAnswers(std::max(20LL, (kItems - kept) / 5 * 5));
        answers.insert(answers.end(), added.begin(), added.end());
        std::shuffle(answers.begin(), answers.end(), _random);
        _scene->control("/control/reset");
        offer(answers);
    }

    /// In its list, of which it has seen the beginning.
    void failBeforeTheEnd(const std::string& when) {
        _scene->fault("cut", "pending", R"("afterBytes":40000)");
        assertExit(1, _scene->sync().command);
        assertOnlyStoredIsAcknowledged(when + ", list cut");
        _scene->control("/control/clear");
    }

    void recover(const std::string& when) {
        assertExit(0, _scene->sync().command);
        assertOnlyStoredIsAcknowledged(when);
        _ledger.assertExact(*_scene, when);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, static_cast<long long>(_answers.size()), _scene->rows("passerelle_inbox"));
    }

    void assertOnlyStoredIsAcknowledged(const std::string& when) {
        std::vector<std::string> identities;
        _scene->agora().session() << "SELECT identity FROM passerelle_inbox", into(identities), now;
        const std::set<std::string> stored(identities.begin(), identities.end());
        for (const auto& [token, isAcknowledged] : gatewayItems())
            CPPUNIT_ASSERT_MESSAGE(when + ": acknowledged and not stored: " + token,
                                   !isAcknowledged || stored.contains(token));
    }

    /// Tokens, and whether the gateway holds them as acknowledged.
    std::map<std::string, bool> gatewayItems() {
        const auto state = _scene->control("/control/state");
        const auto items = state->getArray("items");
        CPPUNIT_ASSERT_EQUAL(state->getValue<std::size_t>("total"), items->size());
        std::map<std::string, bool> found;
        for (unsigned i = 0; i < items->size(); ++i) {
            const auto item = items->getObject(i);
            found[item->getValue<std::string>("token")] = item->getValue<bool>("synced");
        }
        return found;
    }

    std::unique_ptr<Scene> _scene{};
    AnswerLedger _ledger{};
    std::map<std::string, Answer> _answers{};  // by token
    long long _tokens = 0;
    std::mt19937 _random{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReinstalledGatewayTest);
