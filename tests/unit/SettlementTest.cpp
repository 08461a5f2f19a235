#include "Settlement.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "carillon/testing/FakeRunContext.h"

using namespace passerelle;

/// What a batch does to the database.
class SettlementTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SettlementTest);
    CPPUNIT_TEST(answerIsWrittenUsedAndLogged);
    CPPUNIT_TEST(refusalIsLoggedAsOne);
    CPPUNIT_TEST(aUserWhoIsGoneIsUnknownInTheLog);
    CPPUNIT_TEST(campaignIsApprovedWhenEveryValidatorHasApproved);
    CPPUNIT_TEST(oneValidatorWhoAnswersTwiceCountsOnce);
    CPPUNIT_TEST(answersOfStrangersDoNotApprove);
    CPPUNIT_TEST(oneRefusalRefusesTheCampaignAtOnce);
    CPPUNIT_TEST(aRefusalFromBeforeWinsOverTheLastApproval);
    CPPUNIT_TEST(aCampaignWithoutValidatorsNeverChanges);
    CPPUNIT_TEST(onlyACampaignInValidationChanges);
    CPPUNIT_TEST(aCampaignChangesOnceInABatch);
    CPPUNIT_TEST(theSameItemTwiceInABatchIsADuplicate);
    CPPUNIT_TEST(aSecondAnswerForATokenConflictsAndIsKeptApart);
    CPPUNIT_TEST(aBetterAnswerReplacesARejectedOne);
    CPPUNIT_TEST(whatIsOnlyOnTheGatewayWholeIsNotAcknowledged);
    CPPUNIT_TEST(aLongCommentIsCutForAgoraAndSaidSo);
    CPPUNIT_TEST(warningsShowNoWholeTokenAndNoComment);
    CPPUNIT_TEST(sizesOfBatchesMakeNoDifference);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _facts = Facts{};
        addToken("ann", 10, 1, "Ann Arbor");
        addToken("bob", 10, 2, "Bob Bee");
        _facts.campaigns[10] = {"en_validation", {1, 2}, {}, false};
    }

    void answerIsWrittenUsedAndLogged() {
        const Effects effects = settle({item(7, "ann", "valide", "Très bien")}, _facts, _time);

        CPPUNIT_ASSERT_EQUAL(std::string("10/1/valide/Très bien/2026-11-22 11:00:00"),
                             describe(effects.validations.at(0)));
        CPPUNIT_ASSERT_EQUAL(_facts.tokens.at("ann").id, effects.usedTokens.at(0));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, effects.logs.size());
        CPPUNIT_ASSERT_EQUAL(
            std::string("10/1/validated/Validation par Ann Arbor (synchronisé depuis la passerelle)/-/-"),
            describe(effects.logs.at(0)));
        CPPUNIT_ASSERT(effects.statuses.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("ann"), effects.received.at(0).identity);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, effects.received.at(0).gatewayId);
        CPPUNIT_ASSERT_EQUAL(std::string("{7}"), effects.received.at(0).payload);
    }

    void refusalIsLoggedAsOne() {
        const Effects effects = settle({item(1, "bob", "refuse")}, _facts, _time);

        CPPUNIT_ASSERT_EQUAL(std::string("10/2/rejected/Refus par Bob Bee (synchronisé depuis la passerelle)/-/-"),
                             describe(effects.logs.at(0)));
        CPPUNIT_ASSERT_EQUAL(std::string("10/2/status_changed/Changement de statut : En validation → Refusée/"
                                         R"({"statut":"en_validation"}/{"statut":"refusee"})"),
                             describe(effects.logs.at(1)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, effects.logs.size());
    }

    void aUserWhoIsGoneIsUnknownInTheLog() {
        addToken("ghost", 10, 9, "");

        const Effects effects = settle({item(1, "ghost", "valide"), item(2, "bob", "valide")}, _facts, _time);

        CPPUNIT_ASSERT_EQUAL(std::string("Validation par Validateur inconnu (synchronisé depuis la passerelle)"),
                             effects.logs.at(0).description);
    }

    void campaignIsApprovedWhenEveryValidatorHasApproved() {
        const Effects first = settle({item(1, "ann", "valide")}, _facts, _time);
        const Effects second = settle({item(2, "bob", "valide")}, _facts, _time);

        CPPUNIT_ASSERT(first.statuses.empty());
        CPPUNIT_ASSERT(second.statuses == (Statuses{{"validee", {10}}}));
        CPPUNIT_ASSERT_EQUAL(std::string("10/2/status_changed/Changement de statut : En validation → Validée/"
                                         R"({"statut":"en_validation"}/{"statut":"validee"})"),
                             describe(second.logs.at(1)));
    }

    void oneValidatorWhoAnswersTwiceCountsOnce() {
        addToken("ann2", 10, 1, "Ann Arbor");

        const Effects effects = settle({item(1, "ann", "valide"), item(2, "ann2", "valide")}, _facts, _time);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, effects.applied);
        CPPUNIT_ASSERT(effects.statuses.empty());
    }

    void answersOfStrangersDoNotApprove() {
        addToken("eve", 10, 5, "Eve");

        const Effects effects = settle({item(1, "ann", "valide"), item(2, "eve", "valide")}, _facts, _time);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, effects.applied);
        CPPUNIT_ASSERT(effects.statuses.empty());
    }

    void oneRefusalRefusesTheCampaignAtOnce() {
        const Effects effects = settle({item(1, "ann", "refuse"), item(2, "bob", "valide")}, _facts, _time);

        CPPUNIT_ASSERT(effects.statuses == (Statuses{{"refusee", {10}}}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, effects.applied);
    }

    void aRefusalFromBeforeWinsOverTheLastApproval() {
        _facts.campaigns[10] = {"en_validation", {1, 2}, {1}, true};

        const Effects effects = settle({item(1, "bob", "valide")}, _facts, _time);

        CPPUNIT_ASSERT(effects.statuses == (Statuses{{"refusee", {10}}}));
    }

    void aCampaignWithoutValidatorsNeverChanges() {
        for (const auto* action : {"valide", "refuse"}) {
            setUp();
            _facts.campaigns[10].validators.clear();

            const Effects effects = settle({item(1, "ann", action)}, _facts, _time);

            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, effects.applied);
            CPPUNIT_ASSERT(effects.statuses.empty());
        }
    }

    void onlyACampaignInValidationChanges() {
        for (const auto* status : {"brouillon", "validee", "publiee", "archivee", "refusee", "annulee"}) {
            for (const auto* action : {"valide", "refuse"}) {
                setUp();
                _facts.campaigns[10] = {status, {1}, {}, false};

                const Effects effects = settle({item(1, "ann", action)}, _facts, _time);

                CPPUNIT_ASSERT_EQUAL_MESSAGE(status, std::int64_t{1}, effects.applied);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(status, std::size_t{1}, effects.logs.size());
                CPPUNIT_ASSERT_MESSAGE(status, effects.statuses.empty());
            }
        }
    }

    void aCampaignChangesOnceInABatch() {
        addToken("ann2", 10, 1, "Ann Arbor");

        const Effects effects =
            settle({item(1, "ann", "refuse"), item(2, "bob", "refuse"), item(3, "ann2", "valide")}, _facts, _time);

        CPPUNIT_ASSERT(effects.statuses == (Statuses{{"refusee", {10}}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, effects.logs.size());
    }

    void theSameItemTwiceInABatchIsADuplicate() {
        auto again = item(2, "ann", "valide");
        again.payload = item(1, "ann", "valide").payload;

        const Effects effects = settle({item(1, "ann", "valide"), again}, _facts, _time);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, effects.applied);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, effects.duplicate);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, effects.validations.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, effects.redelivered.at(0).gatewayId);
        CPPUNIT_ASSERT_EQUAL(std::string("ann"), effects.redelivered.at(0).identity);
    }

    void aSecondAnswerForATokenConflictsAndIsKeptApart() {
        const Validation other = item(2, "ann", "refuse");

        const Effects effects = settle({item(1, "ann", "valide"), other, other}, _facts, _time);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, effects.applied);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, effects.duplicate);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, effects.reasons.at("conflicting_answer"));
        CPPUNIT_ASSERT_EQUAL(conflictIdentity("ann", answerDigest(other)), effects.received.at(1).identity);
        CPPUNIT_ASSERT_EQUAL(conflictIdentity("ann", answerDigest(other)), effects.redelivered.at(0).identity);
        CPPUNIT_ASSERT(effects.statuses.empty());
    }

    void aBetterAnswerReplacesARejectedOne() {
        const Effects effects =
            settle({item(1, "ann", "nonsense"), item(2, "ann", "valide"), item(3, "ann", "refuse")}, _facts, _time);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, effects.applied);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, effects.rejected);
        CPPUNIT_ASSERT_EQUAL(std::string("valide"), action(effects.validations.at(0)));
        std::set<std::string> identities;
        for (const auto& row : effects.received) identities.insert(row.identity);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, identities.size());
    }

    void whatIsOnlyOnTheGatewayWholeIsNotAcknowledged() {
        auto cut = item(5, "ann", "valide");
        cut.cut = true;

        const Effects first = settle({cut}, _facts, _time);
        const Effects again = settle({cut}, _facts, _time);
        _facts.known["ann"].applied = true;  // by a person, with what there is of it
        const Effects afterwards = settle({cut}, _facts, _time);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, first.reasons.at("too_large"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, first.received.at(0).gatewayId);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, again.redelivered.at(0).gatewayId);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, afterwards.redelivered.at(0).gatewayId);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, first.applied + again.applied + afterwards.applied);
    }

    void aLongCommentIsCutForAgoraAndSaidSo() {
        const Effects effects = settle({item(1, "ann", "valide", std::string(70'000, 'x'))}, _facts, _time);

        CPPUNIT_ASSERT_EQUAL(std::size_t{65'535}, effects.validations.at(0).comment.value().size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, effects.warnings.size());
        CPPUNIT_ASSERT(effects.warnings.at(0).text.find("70000 bytes is cut") != std::string::npos);
    }

    void warningsShowNoWholeTokenAndNoComment() {
        const Effects effects =
            settle({item(1, "5feceb66ffc86f38d952786c6d696c79", "valide", "private matter")}, _facts, _time);

        CPPUNIT_ASSERT_EQUAL(std::string("token 5feceb66 rejected as unknown_token: Agora has no such token"),
                             effects.warnings.at(0).text);
    }

    void sizesOfBatchesMakeNoDifference() {
        for (unsigned seed = 1; seed <= 400; ++seed) {
            std::mt19937 random(seed);
            const auto items = randomItems(random);
            const Facts facts = randomFacts(random);
            const std::string message = "seed " + std::to_string(seed);

            const Effects whole = settleInPieces(items, facts, [&] { return items.size(); });
            const Effects single = settleInPieces(items, facts, [] { return std::size_t{1}; });
            const Effects pieces = settleInPieces(items, facts, [&] { return 1 + random() % 7; });

            CPPUNIT_ASSERT_EQUAL_MESSAGE(message, describe(whole), describe(single));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(message, describe(whole), describe(pieces));
            requireThatItAddsUp(whole, items, message);
        }
    }

private:
    using Statuses = std::map<std::string, std::vector<std::int64_t>>;

    static Validation item(std::int64_t id, const std::string& token, const std::string& action,
                           std::optional<std::string> comment = {}) {
        Validation item;
        item.gatewayId = id;
        item.token = token;
        item.action = action;
        item.comment = std::move(comment);
        item.validatedAt = "2026-11-22 10:00:00";
        item.payload = "{" + std::to_string(id) + "}";
        identify(item);
        return item;
    }
    void addToken(const std::string& token, std::int64_t campaign, std::int64_t user, const std::string& name) {
        const auto id = static_cast<std::int64_t>(100 + _facts.tokens.size());
        _facts.tokens[token] = {id, campaign, user, token, "2026-12-01 00:00:00", "", name};
    }

    static std::vector<Validation> randomItems(std::mt19937& random) {
        const std::vector<std::string> actions{"valide", "valide", "valide", "refuse", "nonsense"};
        const std::vector<std::string> moments{"2026-11-22 10:00:00", "2026-11-22 10:00:01", "2026-12-31 10:00:00",
                                               "?"};
        std::vector<Validation> items(1 + random() % 40);
        for (auto& item : items) {
            item.token = "t" + std::to_string(random() % 12);
            item.action = actions[random() % actions.size()];
            item.validatedAt = moments[random() % 20 < 15 ? 0 : random() % moments.size()];
            item.gatewayId = static_cast<std::int64_t>(random() % 50);  // 0: none
            if (random() % 3 == 0) item.comment = std::string(random() % 30 == 0 ? 70'000 : random() % 3, 'c');
            item.cut = random() % 15 == 0;
            if (random() % 15 == 0) item.token.clear();
            item.fingerprint = item.action + std::to_string(random() % 3);
            item.payload = std::to_string(random());
            identify(item);
        }
        return items;
    }
    static Facts randomFacts(std::mt19937& random) {
        Facts facts;
        const std::vector<std::string> statuses{"en_validation", "en_validation", "en_validation", "archivee"};
        for (std::int64_t campaign = 1; campaign <= 3; ++campaign) {
            auto& state = facts.campaigns[campaign];
            state.status = statuses[random() % statuses.size()];
            for (std::int64_t user = 1; user <= 3; ++user) {
                if (random() % 4 != 0) state.validators.insert(user);
                if (random() % 4 == 0) state.approvedBy.insert(user);
            }
            state.refused = random() % 8 == 0;
        }
        for (int i = 0; i < 10; ++i) {
            const std::string token = "t" + std::to_string(i);
            TokenRow& row = facts.tokens[token];
            row = {i + 1,
                   static_cast<std::int64_t>(1 + random() % 4),
                   static_cast<std::int64_t>(1 + random() % 3),
                   token,
                   "2026-12-01 00:00:00",
                   random() % 8 == 0 ? "2026-11-01 00:00:00" : "",
                   random() % 5 == 0 ? "" : "N"};
        }
        if (random() % 2 == 0) facts.known["t3"] = {std::string(32, '0'), random() % 2 == 0};
        return facts;
    }

    Effects settleInPieces(const std::vector<Validation>& items, Facts facts,
                           const std::function<std::size_t()>& nextSize) const {
        Effects all;
        for (std::size_t first = 0; first < items.size();) {
            const std::size_t size = std::min(nextSize(), items.size() - first);
            const auto begin = items.begin() + static_cast<std::ptrdiff_t>(first);
            append(all, settle({begin, begin + static_cast<std::ptrdiff_t>(size)}, facts, _time));
            first += size;
        }
        return all;
    }
    template <typename Row>
    static void join(std::vector<Row>& all, const std::vector<Row>& more) {
        all.insert(all.end(), more.begin(), more.end());
    }
    static void append(Effects& all, const Effects& more) {
        join(all.received, more.received);
        join(all.redelivered, more.redelivered);
        join(all.validations, more.validations);
        join(all.usedTokens, more.usedTokens);
        join(all.logs, more.logs);
        join(all.warnings, more.warnings);
        for (const auto& [status, campaigns] : more.statuses) join(all.statuses[status], campaigns);
        for (const auto& [reason, times] : more.reasons) all.reasons[reason] += times;
        all.applied += more.applied;
        all.duplicate += more.duplicate;
        all.rejected += more.rejected;
    }

    static void requireThatItAddsUp(const Effects& effects, const std::vector<Validation>& items,
                                    const std::string& message) {
        const auto size = [](const auto& rows) { return static_cast<std::int64_t>(rows.size()); };
        std::int64_t reasons = 0;
        for (const auto& [reason, times] : effects.reasons) reasons += times;
        std::multiset<std::int64_t> changed;
        for (const auto& [status, campaigns] : effects.statuses) changed.insert(campaigns.begin(), campaigns.end());
        std::set<std::string> identities;
        for (const auto& row : effects.received) identities.insert(row.identity);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(message, size(items), effects.applied + effects.duplicate + effects.rejected);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(message, effects.rejected, reasons);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(message, effects.applied + effects.rejected, size(effects.received));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(message, effects.duplicate, size(effects.redelivered));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(message, effects.applied, size(effects.validations));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(message, effects.applied + size(changed), size(effects.logs));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(message, size(effects.received), size(identities));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(message, size(effects.usedTokens),
                                     size(std::set(effects.usedTokens.begin(), effects.usedTokens.end())));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(message, size(changed), size(std::set(changed.begin(), changed.end())));
    }

    static std::string action(const ValidationRow& row) { return row.action == Action::Refuse ? "refuse" : "valide"; }
    static std::string describe(const ValidationRow& row) {
        return std::to_string(row.campaign) + "/" + std::to_string(row.user) + "/" + action(row) + "/" +
               row.comment.value_or("-") + "/" + row.answeredAt;
    }
    static std::string describe(const LogRow& row) {
        return std::to_string(row.campaign) + "/" + std::to_string(row.user) + "/" + row.action + "/" +
               row.description + "/" + row.oldValues.value_or("-") + "/" + row.newValues.value_or("-");
    }
    static std::string describe(const InboxRow& row) {
        return row.identity + "/" + row.digest + "/" + std::to_string(row.gatewayId) + "/" + row.payload + "/" +
               std::to_string(static_cast<int>(row.decision.ending)) + "/" +
               std::string(reasonName(row.decision.reason)) + "/" + row.decision.detail + "/" + row.decision.answeredAt;
    }
    static std::string describe(const Effects& effects) {
        std::string text = std::to_string(effects.applied) + " applied, " + std::to_string(effects.duplicate) +
                           " duplicate, " + std::to_string(effects.rejected) + " rejected\n";
        for (const auto& row : effects.received) text += "received " + describe(row) + "\n";
        for (const auto& row : effects.redelivered) text += "redelivered " + describe(row) + "\n";
        for (const auto& row : effects.validations) text += "validation " + describe(row) + "\n";
        for (const auto id : effects.usedTokens) text += "used " + std::to_string(id) + "\n";
        for (const auto& row : effects.logs) text += "log " + describe(row) + "\n";
        for (const auto& [status, campaigns] : effects.statuses)
            for (const auto id : campaigns) text += status + " " + std::to_string(id) + "\n";
        for (const auto& [reason, times] : effects.reasons) text += reason + " " + std::to_string(times) + "\n";
        for (const auto& warning : effects.warnings) text += "warning " + warning + "\n";
        return text;
    }

    Facts _facts{};
    const carillon::testing::FakeRunContext _context{};
    const AgoraTime _time{_context, "Europe/Paris", "UTC"};
};

CPPUNIT_TEST_SUITE_REGISTRATION(SettlementTest);
