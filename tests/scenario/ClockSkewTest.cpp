#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "Town.h"
#include "support/ShiftedClock.h"

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kHour = 3'600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;

struct Skew {
    std::string name{};
    std::int64_t offset = 0;
};

const std::vector<Skew>& skews() {
    static const std::vector<Skew> all{{"5 minutes ahead", kHour / 12}, {"5 minutes behind", -kHour / 12},
                                       {"3 hours ahead", 3 * kHour},    {"3 hours behind", -3 * kHour},
                                       {"9 days ahead", 9 * kDay},      {"9 days behind", -9 * kDay},
                                       {"2 years behind", -730 * kDay}, {"2 years ahead", 730 * kDay}};
    return all;
}

std::string utc(std::int64_t microseconds) {
    const std::time_t seconds = microseconds / kSecond;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[20];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    return text;
}

}  // namespace

/// The clocks of the host, the gateway and Agora's database disagree. Whether an answer came in time, and when, is what
/// the gateway says against what Agora says; the host's clock tells only when it worked.
class ClockSkewTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ClockSkewTest);
    CPPUNIT_TEST(hostAheadOrBehindJudgesTheSame);
    CPPUNIT_TEST(gatewayAheadIsBelieved);
    CPPUNIT_TEST(clockIsMendedAfterARunThatDied);
    CPPUNIT_TEST(twoHostsWhoseClocksDisagree);
    CPPUNIT_TEST(cleaningByAWrongClockSparesWhatMayBeAnswered);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _scene = std::make_unique<Scene>();
        _scene->setSetting("app_timezone", "UTC");
        _clock = std::make_unique<ShiftedClock>((_scene->folder() / "clock").string());
        _campaigns = 0;
    }
    void tearDown() override {
        _scene.reset();
        _clock.reset();
    }

    void hostAheadOrBehindJudgesTheSame() {
        for (const auto& [name, offset] : skews()) {
            _clock->set(offset);
            const std::int64_t now = _clock->now() - offset;
            // By now the first two have long expired.
            const int inTime = ask(now - 2 * kDay);
            const int late = ask(now - 2 * kDay);
            const int open = ask(now + kDay);
            answer(inTime, now - 2 * kDay);
            answer(late, now - 2 * kDay + kSecond);
            answer(open, now - kHour);

            const std::int64_t before = _clock->now();
            assertExit(0, shiftedRun({"run", Scene::kJob}));
            const std::int64_t after = _clock->now();

            assertApplied(inTime, now - 2 * kDay, name);
            assertExpired(late, name);
            assertApplied(open, now - kHour, name);
            for (const int campaign : {inTime, open}) {
                const std::string used = cell("validation_tokens", "used_at", campaign);
                CPPUNIT_ASSERT_MESSAGE(name + ": " + used, used >= utc(before) && used <= utc(after));
            }
            assertAllAcknowledged(name);
        }
        tellEvidence("clock of the host ahead or behind, minutes to years", static_cast<long long>(skews().size()),
                     "expiry and moment of each answer as with the right clock");
    }

    void gatewayAheadIsBelieved() {
        for (const auto& [name, offset] : skews()) {
            const std::int64_t now = _clock->now();
            const std::int64_t gatewayNow = now + offset;
            const int inTime = ask(gatewayNow);
            const int late = ask(gatewayNow - kSecond);
            answer(inTime, gatewayNow);
            answer(late, gatewayNow);

            assertExit(0, shiftedRun({"run", Scene::kJob}));

            assertApplied(inTime, gatewayNow, name);
            assertExpired(late, name);
            assertAllAcknowledged(name);
        }
        tellEvidence("clock of the gateway ahead or behind, minutes to years", static_cast<long long>(skews().size()),
                     "its moment is stored, and decides about expiry");
    }

    /// Part of what the dead run saw comes no more, since the gateway holds it as acknowledged.
    void clockIsMendedAfterARunThatDied() {
        std::vector<Clocks> clocks;
        for (const auto& wrong : skews()) clocks.push_back({wrong, {"mended", 0}});
        const int times =
            killThenRun(clocks, {"commit.after:1", "request.before:2", "request.sent:2", "answer.begun:2"});
        tellEvidence("SIGKILL of a host whose clock is wrong, and mended then", times, "one run put all right");
    }

    void twoHostsWhoseClocksDisagree() {
        std::vector<Clocks> clocks;
        for (const auto& one : skews())
            for (const auto& other : skews()) clocks.push_back({one, other});
        const int times = killThenRun(clocks, {"answer.begun:2"});
        tellEvidence("SIGKILL of a host, the next run by another clock", times, "one run put all right");
    }

    void cleaningByAWrongClockSparesWhatMayBeAnswered() {
        for (const std::int64_t offset : {-9 * kDay, 9 * kDay}) {
            _clock->set(offset);
            const std::int64_t now = _clock->now() - offset;
            const int asked = ask(now + kHour);

            assertExit(0, shiftedRun({"run", "tokens-clean"}));
            answer(asked, now);
            assertExit(0, shiftedRun({"run", Scene::kJob}));
            assertExit(0, shiftedRun({"run", "tokens-clean"}));

            assertApplied(asked, now, std::to_string(offset));
            assertAllAcknowledged(std::to_string(offset));
        }
    }

private:
    /// The first run's, which is killed, and the second one's.
    struct Clocks {
        Skew first{};
        Skew second{};
    };

    /// With each of the clocks, at each place; the short form takes some of these only. Returns how many.
    static int killThenRun(const std::vector<Clocks>& clocks, const std::vector<std::string>& places) {
        const std::size_t step = isFullScenario() ? 1 : 5;
        Town town;
        ShiftedClock clock((town.scene().folder() / "clock").string());
        int times = 0;
        for (std::size_t i = 0; i < clocks.size() * places.size(); i += step, ++times) {
            const auto& [first, second] = clocks[i / places.size()];
            const std::string& place = places[i % places.size()];
            const std::string when = first.name + ", " + place + ", then " + second.name + ": ";
            town.offerMore();
            clock.set(first.offset);
            const auto killed = clock.shifted(town.command()).set("CARILLON_CRASH_AT", place).run();
            CPPUNIT_ASSERT_MESSAGE(when + textOf(killed), killed.exitCode != 0);
            town.assertNothingHalf(when);

            clock.set(second.offset);
            const auto recovered = clock.shifted(town.command()).run();
            CPPUNIT_ASSERT_EQUAL_MESSAGE(when + textOf(recovered), 0, recovered.exitCode);
            town.assertExact(when);
        }
        return times;
    }

    /// A campaign of one validator, whose token is good until then. Returns its number.
    int ask(std::int64_t expiresAt) {
        const int campaign = ++_campaigns;
        _scene->addCampaign(campaign, {1});
        _scene->agora().execute("UPDATE validation_tokens SET expires_at = '" + utc(expiresAt) +
                                "' WHERE campaign_id = " + std::to_string(campaign));
        return campaign;
    }

    void answer(int campaign, std::int64_t at) {
        _scene->offer({Answer{Scene::tokenOf(campaign, 1), "valide", {}, utc(at)}});
    }

    CommandResult shiftedRun(const std::vector<std::string>& words) const {
        return _clock->shifted(_scene->carillon(words)).run();
    }

    std::string cell(const std::string& table, const std::string& column, int campaign) {
        return _scene->agora().text("SELECT " + column + " FROM " + table +
                                    " WHERE campaign_id = " + std::to_string(campaign));
    }

    void assertApplied(int campaign, std::int64_t at, const std::string& when) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, utc(at), cell("validations", "validated_at", campaign));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            when, std::string("validee"),
            _scene->agora().text("SELECT statut FROM campaigns WHERE id = " + std::to_string(campaign)));
    }

    void assertExpired(int campaign, const std::string& when) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, std::string(), cell("validations", "validated_at", campaign));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, std::string(), cell("validation_tokens", "used_at", campaign));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            when, std::string("rejected token_expired"),
            _scene->agora().text("SELECT CONCAT(state, ' ', reason) FROM passerelle_inbox WHERE identity = '" +
                                 Scene::tokenOf(campaign, 1) + "'"));
    }

    void assertAllAcknowledged(const std::string& when) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, std::string(), _scene->findHalfDone());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, 0LL, _scene->rows(kUnacknowledged));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, 0LL, _scene->gatewayState().pending);
    }

    std::unique_ptr<Scene> _scene{};
    std::unique_ptr<ShiftedClock> _clock{};
    int _campaigns = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClockSkewTest);
