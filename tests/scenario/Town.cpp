#include "Town.h"

#include <cppunit/TestAssert.h>

#include <cstdlib>
#include <iostream>
#include <vector>

#include "Poco/Data/Session.h"

namespace {

using namespace Poco::Data::Keywords;

bool isUnknown(long long number) {
    return number % 11 == 3;
}

std::string lineOf(long long campaign, long long user, const std::string& action) {
    return std::to_string(campaign) + '/' + std::to_string(user) + ' ' + action + '\n';
}

}  // namespace

bool isFullScenario() {
    const char* form = std::getenv("CARILLON_SCENARIO");
    return form != nullptr && std::string(form) == "full";
}

void tellEvidence(const std::string& fault, long long times, const std::string& outcome) {
    std::cout << "evidence\t" << fault << '\t' << times << '\t' << outcome << std::endl;
}

Town::Town(Beginning beginning) {
    _scene.setJobKey("task.batch", "20");
    if (beginning == Beginning::Empty) return;
    offerMore();
    recover();
}

void Town::offerMore() {
    _scene.addBacklogTokens(_offered, kItems);
    std::string unknown;
    for (long long number = _offered; number < _offered + kItems; ++number)
        if (isUnknown(number)) unknown += (unknown.empty() ? "'" : ", '") + Scene::backlogToken(number) + "'";
    _scene.agora().execute("DELETE FROM validation_tokens WHERE token IN (" + unknown + ")");
    _scene.offerBacklog(kItems, R"("first":)" + std::to_string(_offered));
    _offered += kItems;
}

void Town::recover() {
    assertExit(0, _scene.sync().command);
}

void Town::assertNothingHalf(const std::string& when) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, std::string(), _scene.findHalfDone());
}

void Town::assertExact(const std::string& when) {
    assertNothingHalf(when);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, expectedValidations(), validations());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, _offered, _scene.rows("passerelle_inbox"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, _offered - toBeApplied(),
                                 _scene.rows("passerelle_inbox WHERE state = 'rejected' AND reason = 'unknown_token'"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, 0LL, _scene.rows(kUnacknowledged));
    const GatewayState gateway = _scene.gatewayState();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, 0LL, gateway.pending);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, _offered, gateway.synced);
}

long long Town::toBeApplied() const {
    long long count = 0;
    for (long long number = 0; number < _offered; ++number) count += isUnknown(number) ? 0 : 1;
    return count;
}

std::string Town::expectedValidations() const {
    std::string text;
    for (long long number = 0; number < _offered; ++number)
        if (!isUnknown(number)) text += lineOf(number / 5 + 1, number % 5 + 1, number % 20 == 19 ? "refuse" : "valide");
    return text;
}

std::string Town::validations() {
    std::vector<int> campaigns;
    std::vector<int> users;
    std::vector<std::string> actions;
    _scene.agora().session() << "SELECT campaign_id, user_id, CAST(action AS CHAR) FROM validations ORDER BY 1, 2, 3",
        into(campaigns), into(users), into(actions), now;
    std::string text;
    for (std::size_t i = 0; i < actions.size(); ++i) text += lineOf(campaigns[i], users[i], actions[i]);
    return text;
}
