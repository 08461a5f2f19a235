#include "Synchronisation.h"

#include "Preview.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "AgoraTestFixture.h"
#include "Poco/Data/Session.h"

using namespace passerelle;
using namespace Poco::Data::Keywords;
using namespace std::chrono_literals;

/// Whole runs over a real database, with a gateway in memory.
class SynchronisationTest : public AgoraTestFixture {  // on SQLite
    CPPUNIT_TEST_SUITE(SynchronisationTest);
    CPPUNIT_TEST(answersArriveInAgora);
    CPPUNIT_TEST(nothingPendingIsNothingToDo);
    CPPUNIT_TEST(sizesOfBatchesMakeNoDifference);
    CPPUNIT_TEST(moreThanOneCallAcknowledgesMany);
    CPPUNIT_TEST(aFailedAcknowledgementIsMadeUpForByTheNextRun);
    CPPUNIT_TEST(aFailureSaysWhetherAndWhenToTryAgain);
    CPPUNIT_TEST(anAcknowledgementWhoseAnswerWasLostIsHarmless);
    CPPUNIT_TEST(answersDeliveredAgainHaveNoSecondEffect);
    CPPUNIT_TEST(aReinstalledGatewaysNumbersMeanNothing);
    CPPUNIT_TEST(idsOfAnEarlierListingAreNeverAcknowledged);
    CPPUNIT_TEST(anotherGatewaysItemsAreLeftAlone);
    CPPUNIT_TEST(rejectedItemsAreKeptWholeAndAcknowledged);
    CPPUNIT_TEST(oneRejectIsReplayedAfterItsCauseIsMended);
    CPPUNIT_TEST(allRejectsAreReplayed);
    CPPUNIT_TEST(replayOfTheUnknownFailsByItsNumber);
    CPPUNIT_TEST(replayOfNothingIsNothingToDo);
    CPPUNIT_TEST(aConflictingAnswerIsKeptApartAndStaysRejected);
    CPPUNIT_TEST(conflictsAreRecognisedAlsoWithoutTheFirstAnswersRow);
    CPPUNIT_TEST(itemsWithoutATokenAreKeptOnceEach);
    CPPUNIT_TEST(malformedItemsDoNotStopTheOthers);
    CPPUNIT_TEST(aRejectListedAgainInALaterBatchLosesNothing);
    CPPUNIT_TEST(whatIsTooLargeStaysOnTheGateway);
    CPPUNIT_TEST(largeTextsPassWhole);
    CPPUNIT_TEST(theSafetyValveTakesBackAndAcknowledgesNothing);
    CPPUNIT_TEST(theSafetyValveLeavesWhatWasPutAsideBefore);
    CPPUNIT_TEST(strangersCannotOpenTheSafetyValve);
    CPPUNIT_TEST(theSafetyValveJudgesWhatComesAgain);
    CPPUNIT_TEST(whatStrangersSendIsAcknowledgedWhateverItsSize);
    CPPUNIT_TEST(ofAStrangersCommentIsKeptWhatAgoraCouldTake);
    CPPUNIT_TEST(rejectsOfUnknownTokensHaveAnAge);
    CPPUNIT_TEST(rejectsOfUnknownTokensAreBoundedInNumber);
    CPPUNIT_TEST(theSafetyValveCountsOverSmallBatches);
    CPPUNIT_TEST(theSafetyValveDoesNotWearOut);
    CPPUNIT_TEST(fewRejectionsDoNotOpenTheSafetyValve);
    CPPUNIT_TEST(aCutAnswerIsAppliedUpToTheCutAndReported);
    CPPUNIT_TEST(aDatabaseFaultInMidBatchLeavesNothing);
    CPPUNIT_TEST(whatATriggerRefusesIsPutAsideAlone);
    CPPUNIT_TEST(aDatabaseThatRefusesEveryAnswerFailsTheRun);
    CPPUNIT_TEST(refusedAnswersInFrontDoNotHoldBackTheOthers);
    CPPUNIT_TEST(whatOnlyTheGatewayHasWholeIsNotReplayedAsItIs);
    CPPUNIT_TEST(anIdOfAnItemThatStaysIsNotAcknowledgedForAnother);
    CPPUNIT_TEST(inAListInDoubtOnlyWhatAgoraKnowsIsAcknowledged);
    CPPUNIT_TEST(rejectsThatWereNotAcknowledgedDoNotOpenTheSafetyValve);
    CPPUNIT_TEST(brokenItemsArePutAsideAndCorrectedByHand);
    CPPUNIT_TEST(correctionsOfOtherMembersAreRefused);
    CPPUNIT_TEST(aRivalWhoUsesTheTokenFirstWins);
    CPPUNIT_TEST(aStopRequestEndsTheRunBetweenTwoBatches);
    CPPUNIT_TEST(previewTellsEachItemAndWritesNothing);
    CPPUNIT_TEST(previewPlansWhatTheRunThenDoes);
    CPPUNIT_TEST(previewFailsWhereTheSafetyValveWouldOpen);
    CPPUNIT_TEST(previewNeedsNoInbox);
    CPPUNIT_TEST(aConfirmedAcknowledgementThatIsNotKeptIsAWarning);
    CPPUNIT_TEST(whatArrivesDuringTheRunIsNoDifference);
    CPPUNIT_TEST(whatARivalAcknowledgesIsNamed);
    CPPUNIT_TEST(aZoneThatIsNotThereFailsByItsName);
    CPPUNIT_TEST(aGatewayWithoutStatisticsIsNoFault);
    CPPUNIT_TEST(monitoringLearnsWhatBecameOfItems);
    CPPUNIT_TEST(monitoringLearnsHowLongWhatIsLeftHasWaited);
    CPPUNIT_TEST(monitoringLearnsNothingOfAPreview);
    CPPUNIT_TEST_SUITE_END();

public:
    void answersArriveInAgora() {
        gateway().add({.id = 1, .token = "ann", .comment = "Très bien 😀"});
        gateway().add({.id = 2, .token = "bob"});

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=2 applied=2 acknowledged=2"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("2 fetched, 2 applied, 2 acknowledged"), report.message.text);
        CPPUNIT_ASSERT_EQUAL(
            std::string("10 1 valide Très bien 😀 2026-11-22 10:00:00 2026-11-22 11:30:00\n"
                        "10 2 valide - 2026-11-22 10:00:00 2026-11-22 11:30:00"),
            rows("campaign_id || ' ' || user_id || ' ' || action || ' ' || COALESCE(commentaire, '-') || "
                 "' ' || validated_at || ' ' || created_at",
                 "validations ORDER BY id"));
        CPPUNIT_ASSERT_EQUAL(std::string("ann 2026-11-22 11:30:00\nbob 2026-11-22 11:30:00"),
                             rows("token || ' ' || used_at", "validation_tokens ORDER BY id"));
        CPPUNIT_ASSERT_EQUAL(
            std::string(
                "1 validated Validation par Ann Arbor (synchronisé depuis la passerelle) - - 2026-11-22 11:30:00\n"
                "2 validated Validation par Bob Bée (synchronisé depuis la passerelle) - - 2026-11-22 11:30:00\n"
                "2 status_changed Changement de statut : En validation → Validée {\"statut\":\"en_validation\"} "
                "{\"statut\":\"validee\"} 2026-11-22 11:30:00"),
            rows("user_id || ' ' || action || ' ' || description || ' ' || COALESCE(old_values, '-') || ' ' || "
                 "COALESCE(new_values, '-') || ' ' || created_at",
                 "campaign_logs ORDER BY id"));
        CPPUNIT_ASSERT_EQUAL(std::string("validee"), campaignStatus());
        CPPUNIT_ASSERT_EQUAL(std::string("ann applied - 1 acked\nbob applied - 2 acked"), inbox());
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-22 10:30:00"),
                             db().text("SELECT received_at FROM passerelle_inbox WHERE identity = 'ann'"));
    }

    void nothingPendingIsNothingToDo() {
        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing pending on the gateway"), report.message.text);
    }

    void sizesOfBatchesMakeNoDifference() {
        addManyTokens(600);
        const auto fill = [this] {
            for (int i = 1; i <= 600; ++i)
                gateway().add({.id = i,
                               .token = "t" + std::to_string(i % 7 == 0    ? i + 10'000
                                                             : i % 11 == 0 ? i - 1
                                                                           : i),
                               .action = i % 13 == 0 ? "refuse" : "valide",
                               .comment = "n° " + std::to_string(i)});
        };
        std::vector<std::string> results;
        for (const std::size_t batch : {std::size_t{1'000}, std::size_t{7}, std::size_t{1}}) {
            fill();

            const auto report = run(batch);

            results.push_back(counted(report) + "\n" + withoutRun());
            CPPUNIT_ASSERT(report.outcome == carillon::Outcome::Succeeded);
            CPPUNIT_ASSERT(gateway().items.empty());
            forget();
        }

        CPPUNIT_ASSERT_EQUAL(results[0], results[1]);
        CPPUNIT_ASSERT_EQUAL(results[0], results[2]);
        CPPUNIT_ASSERT(results[0].find("rejected=") != std::string::npos);
    }

    void moreThanOneCallAcknowledgesMany() {
        addManyTokens(1'201);
        for (int i = 1; i <= 1'201; ++i) gateway().add({.id = i, .token = "t" + std::to_string(i)});

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1201 applied=1201 acknowledged=1201"), counted(report));
        CPPUNIT_ASSERT_EQUAL(0LL, db().count(std::string("SELECT COUNT(*) FROM ") + kUnacknowledged));
    }

    void aFailedAcknowledgementIsMadeUpForByTheNextRun() {
        gateway().add({.id = 1, .token = "ann"});
        gateway().acknowledgesUntilFault = 0;
        const auto failed = run();
        gateway().acknowledgesUntilFault = -1;

        const auto next = run();

        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=1 applied=1"), counted(failed));
        CPPUNIT_ASSERT_EQUAL(std::string("the gateway http://gateway.example.com/p answers 503; what is stored will be "
                                         "acknowledged by the next run (1 fetched, 1 applied, 0 acknowledged)"),
                             failed.message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 duplicate=1 acknowledged=1"), counted(next));
        CPPUNIT_ASSERT_EQUAL(1LL, countRows("validations"));
        CPPUNIT_ASSERT_EQUAL(std::string("ann applied - 1 acked"), inbox());
    }

    void aFailureSaysWhetherAndWhenToTryAgain() {
        gateway().beforeAnswer = [] { throw passerelle::GatewayUnavailable("busy", std::chrono::seconds(90)); };
        const auto busy = run();
        gateway().beforeAnswer = [] { throw passerelle::GatewayRefused("wrong key"); };
        const auto refused = run();
        gateway().beforeAnswer = [] { throw passerelle::GatewayRefused("not found", true); };
        const auto unknown = run();
        gateway().beforeAnswer = {};
        const auto next = run();

        CPPUNIT_ASSERT(busy.retryAfter == std::chrono::seconds(90) && !busy.givenUp);
        CPPUNIT_ASSERT(refused.givenUp && refused.retryAfter.count() == 0);
        CPPUNIT_ASSERT(unknown.outcome == carillon::Outcome::Failed && !unknown.givenUp);
        CPPUNIT_ASSERT(next.outcome == carillon::Outcome::NothingToDo && !next.givenUp);
    }

    void anAcknowledgementWhoseAnswerWasLostIsHarmless() {
        gateway().add({.id = 1, .token = "ann"});
        gateway().losesAnswers = true;
        const auto failed = run();
        const std::string between = inbox();
        gateway().losesAnswers = false;

        const auto next = run();

        CPPUNIT_ASSERT(failed.outcome == carillon::Outcome::Failed);
        CPPUNIT_ASSERT_EQUAL(std::string("ann applied - 1 open"), between);
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(next));
        CPPUNIT_ASSERT_EQUAL(std::string("ann applied - 1 acked"), inbox());  // no more listed
        CPPUNIT_ASSERT_EQUAL(1LL, countRows("validations"));
    }

    void answersDeliveredAgainHaveNoSecondEffect() {
        gateway().add({.id = 1, .token = "ann"});
        gateway().add({.id = 2, .token = "nobody"});
        run();
        const std::string before = everything(false);
        gateway().add({.id = 1, .token = "ann"});
        gateway().add({.id = 2, .token = "nobody"});

        const auto again = run();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=2 duplicate=2 acknowledged=2"), counted(again));
        CPPUNIT_ASSERT_EQUAL(before, everything(false));
        CPPUNIT_ASSERT_EQUAL(std::string("ann applied - 1 acked\nnobody rejected unknown_token 2 acked"), inbox());
    }

    void aReinstalledGatewaysNumbersMeanNothing() {
        gateway().add({.id = 1, .token = "ann"});
        run();
        gateway().add({.id = 1, .token = "bob", .action = "refuse"});  // another token, the same number
        gateway().add({.id = 2, .token = "ann"});                      // the same token, another number

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=2 applied=1 duplicate=1 acknowledged=2"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("ann applied - 2 acked\nbob applied - 1 acked"), inbox());
        CPPUNIT_ASSERT_EQUAL(std::string("refusee"), campaignStatus());
    }

    void idsOfAnEarlierListingAreNeverAcknowledged() {
        gateway().add({.id = 5, .token = "ann"});
        gateway().acknowledgesUntilFault = 0;
        run();
        gateway().acknowledgesUntilFault = -1;
        gateway().items = {{.id = 7, .token = "bob"}};  // reinstalled: 5 may be anybody's now

        run();

        CPPUNIT_ASSERT(gateway().acknowledged == std::vector<std::int64_t>{7});
        CPPUNIT_ASSERT_EQUAL(std::string("ann applied - 5 acked\nbob applied - 7 acked"), inbox());
    }

    void anotherGatewaysItemsAreLeftAlone() {
        gateway().add({.id = 5, .token = "ann"});
        gateway().acknowledgesUntilFault = 0;
        run();
        gateway().acknowledgesUntilFault = -1;
        gateway().setAddress("http://other.example.com/p");
        gateway().items = {{.id = 7, .token = "bob"}};

        run();

        CPPUNIT_ASSERT_EQUAL(std::string("ann applied - 5 open\nbob applied - 7 acked"), inbox());
    }

    void rejectedItemsAreKeptWholeAndAcknowledged() {
        db().addToken("late", 10, 1, "2026-11-22 09:59:59");
        db().addToken("used", 10, 1, "2026-12-01 00:00:00", "2026-11-01 08:00:00");
        gateway().add({.id = 1, .token = "nobody", .comment = "Où est mon jeton ? 😀"});
        gateway().add({.id = 2, .token = "late"});
        gateway().add({.id = 3, .token = "used"});
        gateway().add({.id = 4, .token = "ann", .action = "demande_modification"});

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=4 rejected=4 acknowledged=4"), counted(report));
        CPPUNIT_ASSERT_EQUAL(
            std::string("4 fetched, 0 applied, 4 rejected (malformed, token_already_used, token_expired, "
                        "unknown_token), 4 acknowledged"),
            report.message.text);
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, report.warnings.size());
        CPPUNIT_ASSERT_EQUAL(std::string("nobody rejected unknown_token 1 acked\nlate rejected token_expired 2 acked\n"
                                         "used rejected token_already_used 3 acked\nann rejected malformed 4 acked"),
                             inbox());
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"id":1,"token":"nobody","campaign_id":0,"user_id":0,"action":"valide",)"
                        R"("commentaire":"Où est mon jeton ? 😀","validated_at":"2026-11-22 09:00:00"})"),
            db().text("SELECT payload FROM passerelle_inbox WHERE identity = 'nobody'"));
        CPPUNIT_ASSERT_EQUAL(0LL, countRows("validations") + countRows("campaign_logs"));
        CPPUNIT_ASSERT_EQUAL(2LL,
                             db().count("SELECT COUNT(*) FROM validation_tokens WHERE used_at IS NULL AND id < 3"));
    }

    void oneRejectIsReplayedAfterItsCauseIsMended() {
        gateway().add({.id = 1, .token = "carl", .comment = std::string(20'000, 'c')});
        gateway().add({.id = 2, .token = "dora"});
        run();
        db().addToken("carl", 10, 1, "2026-12-01 00:00:00");
        db().addToken("dora", 10, 2, "2026-12-01 00:00:00");
        context().settableClock().advance(24h);

        const auto report = replay({{idOf("carl")}});

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("carl applied - 1 acked\ndora rejected unknown_token 2 acked"), inbox());
        CPPUNIT_ASSERT_EQUAL(std::string("20000 2026-11-22 10:00:00 2026-11-23 11:30:00"),
                             rows("LENGTH(commentaire) || ' ' || validated_at || ' ' || created_at", "validations"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-23 11:30:00"),
                             db().text("SELECT used_at FROM validation_tokens WHERE token = 'carl'"));
    }

    void allRejectsAreReplayed() {
        for (int i = 1; i <= 12; ++i) gateway().add({.id = i, .token = "t" + std::to_string(i)});
        run();
        const auto tooEarly = replay();
        addManyTokens(11);

        const auto report = replay();

        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=12 rejected=12"), counted(tooEarly));
        CPPUNIT_ASSERT(tooEarly.message.text.ends_with(": their causes are not mended"));
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=12 applied=11 rejected=1"), counted(report));
        CPPUNIT_ASSERT_EQUAL(11LL, countRows("validations"));
        CPPUNIT_ASSERT_EQUAL(12LL, countRows("passerelle_inbox"));
        CPPUNIT_ASSERT_EQUAL(1LL, db().count("SELECT COUNT(*) FROM passerelle_inbox WHERE state = 'rejected'"));
    }

    void replayOfTheUnknownFailsByItsNumber() {
        gateway().add({.id = 1, .token = "ann"});
        run();

        const auto unknown = replay({{4'711}});
        const auto applied = replay({{idOf("ann")}});

        CPPUNIT_ASSERT(unknown.outcome == carillon::Outcome::Failed);
        CPPUNIT_ASSERT_EQUAL(std::string("there is no reject 4711"), unknown.message.text);
        CPPUNIT_ASSERT_EQUAL("there is no reject " + std::to_string(idOf("ann")), applied.message.text);
        CPPUNIT_ASSERT_EQUAL(1LL, countRows("validations"));
    }

    void replayOfNothingIsNothingToDo() {
        const auto report = replay();

        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing to replay"), report.message.text);
    }

    void aConflictingAnswerIsKeptApartAndStaysRejected() {
        gateway().add({.id = 1, .token = "ann"});
        run();
        for (int delivery = 0; delivery < 2; ++delivery) {
            gateway().add({.id = 2, .token = "ann", .action = "refuse"});
            run();
        }

        const auto replayed = replay();

        CPPUNIT_ASSERT_EQUAL(2LL, countRows("passerelle_inbox"));
        CPPUNIT_ASSERT_EQUAL(std::string("ann"),
                             db().text("SELECT identity FROM passerelle_inbox WHERE state = 'applied'"));
        CPPUNIT_ASSERT_EQUAL(std::string("conflicting_answer"),
                             db().text("SELECT reason FROM passerelle_inbox WHERE state = 'rejected'"));
        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=1 rejected=1"), counted(replayed));
        CPPUNIT_ASSERT(gateway().items.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("en_validation"), campaignStatus());
        CPPUNIT_ASSERT_EQUAL(1LL, countRows("validations"));
    }

    void conflictsAreRecognisedAlsoWithoutTheFirstAnswersRow() {
        const auto deliverBoth = [this] {
            gateway().add({.id = 1, .token = "ann"});
            gateway().add({.id = 2, .token = "ann", .action = "refuse"});
            return run();
        };
        deliverBoth();
        db().execute("DELETE FROM passerelle_inbox WHERE state = 'applied'");  // as the clean-up does after a while

        const auto report = deliverBoth();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=2 duplicate=1 rejected=1 acknowledged=2"), counted(report));
        CPPUNIT_ASSERT_EQUAL(1LL, countRows("validations"));
    }

    void itemsWithoutATokenAreKeptOnceEach() {
        const auto deliver = [this](std::int64_t first) {
            gateway().add({.id = first, .json = R"("action":"valide","validated_at":"2026-11-22 09:00:00")"});
            gateway().add({.id = first + 1, .json = R"("token":null,"action":"refuse")"});
        };
        deliver(1);
        run();
        deliver(30);  // the same ones, of a reinstalled gateway

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=2 duplicate=2 acknowledged=2"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("malformed 30\nmalformed 31"),
                             rows("reason || ' ' || gateway_id", "passerelle_inbox ORDER BY id"));
    }

    void malformedItemsDoNotStopTheOthers() {
        gateway().add(
            {.id = 1, .json = R"("token":"ann","action":")" + std::string(39, 'a') + R"(é😀","validated_at":"x")"});
        gateway().add({.id = 2, .json = R"("token":{"a":["b"]},"action":7)"});
        gateway().add({.id = 0, .token = "bob", .action = "refuse"});
        gateway().add({.id = 4, .token = std::string(5'000, 't')});
        gateway().add({.id = 5, .token = "a\tb\"c\\\x01é"});
        gateway().add({.id = 6, .token = "bob", .validatedAt = "9999-12-31 23:59:59"});
        gateway().add({.id = 7, .token = "bob"});

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            report.message.text,
            std::string("failed fetched=7 applied=1 rejected=6 acknowledged=6 pending_after=1 left=1"),
            counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("2"), rows("user_id", "validations"));
        CPPUNIT_ASSERT_MESSAGE(report.message.text, report.message.text.starts_with("1 item stays on the gateway"));
        CPPUNIT_ASSERT_MESSAGE(report.message.text, report.message.text.find("(no usable id)") != std::string::npos);
    }

    /// Its token is unused, so the second one is found by its key alone: the batch with it must not count as stored.
    void aRejectListedAgainInALaterBatchLosesNothing() {
        db().addToken("late", 10, 1, "2026-11-22 09:59:59");
        gateway().add({.id = 1, .token = "late"});
        gateway().add({.id = 2, .token = "late"});
        gateway().add({.id = 3, .token = "ann"});

        const auto report = run(1);
        const auto again = run(2);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(report.message.text,
                                     std::string("succeeded fetched=3 applied=1 duplicate=1 rejected=1 acknowledged=3"),
                                     counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("late rejected token_expired 2 acked\nann applied - 3 acked"), inbox());
        CPPUNIT_ASSERT_EQUAL(1LL, countRows("validations"));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(again).substr(0, 13));
    }

    void whatIsTooLargeStaysOnTheGateway() {
        gateway().add({.id = 1, .token = "ann", .comment = std::string(20'000, 'x')});
        gateway().add({.id = 2, .token = "bob"});

        const auto first = synchronisation(1'000, 64 << 10).run();
        const auto again = synchronisation(1'000, 64 << 10).run();

        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=2 applied=1 rejected=1 acknowledged=1 pending_after=1 left=1"),
                             counted(first));
        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=1 duplicate=1 pending_after=1 left=1"), counted(again));
        CPPUNIT_ASSERT(gateway().acknowledged == std::vector<std::int64_t>{2});
        CPPUNIT_ASSERT_EQUAL(std::string("ann rejected too_large 0 open\nbob applied - 2 acked"), inbox());
    }

    void largeTextsPassWhole() {
        addManyTokens(30);
        std::string comment;
        while (comment.size() < 900'000) comment += "é€😀\x7f";
        for (int i = 1; i <= 30; ++i)
            gateway().add({.id = i, .token = "t" + std::to_string(i), .comment = comment + std::to_string(i)});
        std::string many;
        for (int i = 0; i < 40; ++i) many += ",\"m" + std::to_string(i) + "\":\"" + std::string(900'000, 'm') + "\"";
        gateway().add(
            {.id = 31, .json = R"("token":"ann","action":"valide","validated_at":"2026-11-22 09:00:00")" + many});

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            report.message.text,
            std::string("failed fetched=31 applied=30 rejected=1 acknowledged=30 pending_after=1 left=1"),
            counted(report));
        CPPUNIT_ASSERT_EQUAL(30LL,
                             db().count("SELECT COUNT(*) FROM passerelle_inbox WHERE LENGTH(payload) > 300000 AND "
                                        "payload LIKE '%\"validated_at\":\"2026-11-22 09:00:00\"}'"));
        CPPUNIT_ASSERT_EQUAL(std::string("too_large"),
                             db().text("SELECT reason FROM passerelle_inbox WHERE identity = 'ann'"));
        CPPUNIT_ASSERT_EQUAL(30LL, db().count("SELECT COUNT(*) FROM validations WHERE commentaire LIKE '%…'"));
        CPPUNIT_ASSERT(db().count("SELECT MAX(LENGTH(CAST(commentaire AS " +
                                  std::string(isSqlite() ? "BLOB" : "BINARY") + "))) FROM validations") <= 65'535);
    }

    void theSafetyValveTakesBackAndAcknowledgesNothing() {
        addUnknown(20);
        const std::string before = everything(false);

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=20 rejected=20"), counted(report));
        CPPUNIT_ASSERT_MESSAGE(
            report.message.text,
            report.message.text.starts_with(
                "safety valve: 20 of 20 items would be rejected (mostly unknown_token) and Agora knows none of their "
                "tokens, more than task.rejects.max_ratio = 50 % allows; is this the database that belongs to this "
                "gateway? No rejection was stored, nothing was acknowledged"));
        CPPUNIT_ASSERT_EQUAL(before, everything(false));
        CPPUNIT_ASSERT_EQUAL(0LL, countRows("passerelle_inbox"));
        CPPUNIT_ASSERT(gateway().acknowledged.empty());
    }

    /// Also within the same second.
    void theSafetyValveLeavesWhatWasPutAsideBefore() {
        gateway().add({.id = 1, .token = "earlier"});
        gateway().acknowledgesUntilFault = 0;
        run();
        for (int i = 2; i <= 30; ++i) gateway().add({.id = i, .token = "nobody" + std::to_string(i)});

        const auto report = run();

        CPPUNIT_ASSERT_MESSAGE(report.message.text, report.message.text.find("safety valve") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("earlier"), rows("identity", "passerelle_inbox"));
    }

    void strangersCannotOpenTheSafetyValve() {
        addUnknown(400);
        gateway().add({.id = 2'000, .token = "ann"});
        addUnknown(100, 3'000);

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=501 applied=1 rejected=500 acknowledged=501"),
                             counted(run(50)));
        CPPUNIT_ASSERT_EQUAL(1LL, countRows("validations"));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(run()));
    }

    /// What was put aside before a crash and is listed again is no more known to Agora than it was.
    void theSafetyValveJudgesWhatComesAgain() {
        addUnknown(19);
        gateway().acknowledgesUntilFault = 0;
        run();
        gateway().acknowledgesUntilFault = -1;
        addUnknown(5, 500);

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=24 duplicate=19 rejected=5"), counted(report));
        CPPUNIT_ASSERT(gateway().acknowledged.empty());
    }

    void whatStrangersSendIsAcknowledgedWhateverItsSize() {
        gateway().add({.id = 1, .token = "nobody", .comment = std::string(200'000, 'x')});
        gateway().add({.id = 2, .token = "ann"});

        const auto report = synchronisation(1'000, 64 << 10).run();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=2 applied=1 rejected=1 acknowledged=2"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("unknown_token"), rows("reason", "passerelle_inbox WHERE identity='nobody'"));
    }

    /// The token may turn out to be known, and Agora's column takes 64 KB of a comment.
    void ofAStrangersCommentIsKeptWhatAgoraCouldTake() {
        gateway().add({.id = 1, .token = "nobody", .comment = std::string(900'000, 'x')});
        run();
        CPPUNIT_ASSERT(db().count("SELECT MAX(LENGTH(payload)) FROM passerelle_inbox") < 70'000);

        db().addToken("nobody", 10, 1, "2026-12-01 00:00:00");

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1"), counted(replay()));
        CPPUNIT_ASSERT_EQUAL(65'535LL,
                             db().count("SELECT MAX(LENGTH(CAST(commentaire AS " +
                                        std::string(isSqlite() ? "BLOB" : "BINARY") + "))) FROM validations"));
    }

    void rejectsOfUnknownTokensHaveAnAge() {
        gateway().add({.id = 1, .token = "nobody"});
        gateway().add({.id = 2, .token = "ann", .action = "perhaps"});
        run();
        context().settableClock().advance(std::chrono::days(91));
        gateway().add({.id = 3, .token = "someone"});

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 rejected=1 acknowledged=1 rejects_forgotten_total=1"),
                             counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("ann\nsomeone"), rows("identity", "passerelle_inbox ORDER BY identity"));
    }

    void rejectsOfUnknownTokensAreBoundedInNumber() {
        constexpr int kMore = 700;
        addUnknown(static_cast<int>(Rejects::kMostStrangers) + kMore);
        gateway().add({.id = 99'999, .token = "ann"});

        const auto report = run(2'000);

        CPPUNIT_ASSERT_MESSAGE(counted(report), counted(report).ends_with("rejects_forgotten_total=700"));
        CPPUNIT_ASSERT_EQUAL(static_cast<long long>(Rejects::kMostStrangers),
                             db().count("SELECT COUNT(*) FROM passerelle_inbox WHERE state = 'rejected'"));
        CPPUNIT_ASSERT_EQUAL(1LL, db().count("SELECT COUNT(*) FROM passerelle_inbox WHERE state = 'applied'"));
    }

    void theSafetyValveCountsOverSmallBatches() {
        addUnknown(30);

        const auto report = run(1);

        CPPUNIT_ASSERT(report.message.text.starts_with("safety valve: "));
        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=30 rejected=30"), counted(report));
        CPPUNIT_ASSERT(gateway().acknowledged.empty());
        CPPUNIT_ASSERT_EQUAL(0LL, db().count("SELECT COUNT(*) FROM passerelle_inbox"));
    }

    void theSafetyValveDoesNotWearOut() {
        addUnknown(30);
        run(1);

        const auto report = run(1);

        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=30 rejected=30"), counted(report));
        CPPUNIT_ASSERT(gateway().acknowledged.empty());
    }

    void fewRejectionsDoNotOpenTheSafetyValve() {
        addUnknown(19);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=19 rejected=19 acknowledged=19"), counted(run()));

        addManyTokens(10);
        addUnknown(10, 500);
        for (int i = 1; i <= 10; ++i) gateway().add({.id = i, .token = "t" + std::to_string(i)});
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=20 applied=10 rejected=10 acknowledged=20"),
                             counted(run()));
    }

    void aCutAnswerIsAppliedUpToTheCutAndReported() {
        gateway().add({.id = 1, .token = "ann"});
        gateway().add({.id = 2, .token = "bob"});
        gateway().cutAt = 250;
        const auto cut = run();
        gateway().cutAt = std::string::npos;

        const auto next = run();

        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=1 applied=1 acknowledged=1"), counted(cut));
        CPPUNIT_ASSERT(cut.message.text.starts_with("the answer ends in the middle, after 250 bytes of"));
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1 acknowledged=1"), counted(next));
        CPPUNIT_ASSERT_EQUAL(std::string("validee"), campaignStatus());
    }

    void aDatabaseFaultInMidBatchLeavesNothing() {
        gateway().add({.id = 1, .token = "ann"});
        db().execute("ALTER TABLE campaign_logs RENAME COLUMN new_values TO hidden_values");

        const auto report = run();

        CPPUNIT_ASSERT(report.outcome == carillon::Outcome::Failed);
        CPPUNIT_ASSERT_MESSAGE(report.message.text,
                               report.message.text.starts_with("the database failed to store a batch: "));
        CPPUNIT_ASSERT_MESSAGE(report.message.text, report.message.text.find("new_values") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(), inbox());
        CPPUNIT_ASSERT_EQUAL(0LL, countRows("validations"));
        CPPUNIT_ASSERT_EQUAL(2LL, db().count("SELECT COUNT(*) FROM validation_tokens WHERE used_at IS NULL"));
        CPPUNIT_ASSERT(gateway().acknowledged.empty());

        db().execute("ALTER TABLE campaign_logs RENAME COLUMN hidden_values TO new_values");
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1 acknowledged=1"), counted(run()));
    }

    void whatATriggerRefusesIsPutAsideAlone() {
        addManyTokens(4);
        for (int i = 1; i <= 4; ++i) gateway().add({.id = i, .token = "t" + std::to_string(i)});
        const std::string condition = isSqlite()
                                          ? "WHEN NEW.used_at IS NOT NULL AND NEW.token = 't3' "
                                          : "FOR EACH ROW BEGIN IF NEW.used_at IS NOT NULL AND NEW.token = 't3' THEN ";
        db().execute("CREATE TRIGGER broken BEFORE UPDATE ON validation_tokens " + condition +
                     (isSqlite() ? "BEGIN SELECT RAISE(ABORT, 'no more'); END"
                                 : "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no more'; END IF; END"));

        const auto first = run();
        const std::string detail = rows("detail", "passerelle_inbox WHERE reason = 'refused_by_database'");
        const auto stillRefused = replay();
        db().execute("DROP TRIGGER broken");
        const auto next = run();
        const auto mended = replay();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=4 applied=3 rejected=1 acknowledged=4"), counted(first));
        CPPUNIT_ASSERT_MESSAGE(detail, detail.find("no more") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=1 rejected=1"), counted(stillRefused));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(next));
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1"), counted(mended));
        CPPUNIT_ASSERT_EQUAL(4LL, countRows("validations"));
    }

    void aDatabaseThatRefusesEveryAnswerFailsTheRun() {
        addManyTokens(25);
        for (int i = 1; i <= 25; ++i) gateway().add({.id = i, .token = "t" + std::to_string(i)});
        db().execute("CREATE TRIGGER broken BEFORE INSERT ON validations " +
                     std::string(isSqlite() ? "BEGIN SELECT RAISE(ABORT, 'no more'); END"
                                            : "FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no more'"));
        const std::string before = everything(false);

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=25 rejected=25"), counted(report));
        CPPUNIT_ASSERT_MESSAGE(report.message.text, report.message.text.find("no more") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(before, everything(false));
        CPPUNIT_ASSERT_EQUAL(0LL, countRows("passerelle_inbox"));
        CPPUNIT_ASSERT(gateway().acknowledged.empty());
    }

    void refusedAnswersInFrontDoNotHoldBackTheOthers() {
        addManyTokens(60);
        for (int i = 1; i <= 60; ++i)
            gateway().add({.id = i, .token = "t" + std::to_string(i), .comment = i <= 50 ? "bad" : "good"});
        db().execute("CREATE TRIGGER broken BEFORE INSERT ON validations " +
                     std::string(isSqlite()
                                     ? "WHEN NEW.commentaire = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END"
                                     : "FOR EACH ROW BEGIN IF NEW.commentaire = 'bad' THEN SIGNAL SQLSTATE '45000' "
                                       "SET MESSAGE_TEXT = 'no'; END IF; END"));

        const auto report = run(7);

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=60 applied=10 rejected=50 acknowledged=60"),
                             counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(run()));
    }

    void whatOnlyTheGatewayHasWholeIsNotReplayedAsItIs() {
        gateway().add({.id = 1, .token = "ann", .comment = std::string(20'000, 'x')});
        synchronisation(1'000, 64 << 10).run();

        const auto all = replay();
        const auto one = replay({{idOf("ann")}, {}});
        const auto again = synchronisation(1'000, 64 << 10).run();
        const auto said = replay({{idOf("ann")}, {{"commentaire", "short"}}});

        CPPUNIT_ASSERT_EQUAL(std::string("nothing to replay"), all.message.text);
        CPPUNIT_ASSERT_MESSAGE(one.message.text,
                               one.message.text.find("is here by its beginning only") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=1 duplicate=1 pending_after=1 left=1"), counted(again));
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1"), counted(said));
        CPPUNIT_ASSERT(gateway().acknowledged.empty());
    }

    void anIdOfAnItemThatStaysIsNotAcknowledgedForAnother() {
        gateway().add({.id = 1, .token = "nobody"});
        gateway().add({.id = 1, .token = "ann", .comment = std::string(20'000, 'x')});
        gateway().add({.id = 2, .token = "bob"});

        const auto report = synchronisation(1'000, 64 << 10).run();

        CPPUNIT_ASSERT_EQUAL(carillon::Outcome::Failed, report.outcome);
        CPPUNIT_ASSERT(gateway().acknowledged == std::vector<std::int64_t>{2});
    }

    void inAListInDoubtOnlyWhatAgoraKnowsIsAcknowledged() {
        gateway().add({.id = 1, .token = "ann"});
        gateway().add({.id = 2, .token = "forged"});
        gateway().add({.id = 3, .token = "bob"});
        gateway().cutAt = 320;  // in the third

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(carillon::Outcome::Failed, report.outcome);
        CPPUNIT_ASSERT(gateway().acknowledged == std::vector<std::int64_t>{1});
    }

    void rejectsThatWereNotAcknowledgedDoNotOpenTheSafetyValve() {
        gateway().add({.id = 1, .token = "ann"});
        addUnknown(550, 100);
        gateway().acknowledgesUntilFault = 1;
        run();
        gateway().acknowledgesUntilFault = -1;

        const auto report = run();

        CPPUNIT_ASSERT_MESSAGE(report.message.text, counted(report).starts_with("succeeded fetched="));
        CPPUNIT_ASSERT_EQUAL(550LL, db().count("SELECT COUNT(*) FROM passerelle_inbox WHERE state = 'rejected'"));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(run()));
    }

    void brokenItemsArePutAsideAndCorrectedByHand() {
        gateway().add({.id = 1,
                       .json = "\"token\":\"ann\",\"action\":\"valide\",\"commentaire\":\"one\ntwo\","
                               "\"validated_at\":\"2026-11-22 09:00:00\""});
        gateway().add({.id = 2, .token = "bob"});

        const auto first = run();
        const auto next = run();
        const std::string reject = rows("identity || ' ' || reason || ' ' || state", "passerelle_inbox ORDER BY id");
        const auto asItCame = replay();
        const auto corrected = replay({{idOf("ann")}, {{"commentaire", "one, two"}}});

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=2 applied=1 rejected=1 acknowledged=2"), counted(first));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(next));
        CPPUNIT_ASSERT_MESSAGE(reject, reject.find("ann malformed rejected") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=1 rejected=1"), counted(asItCame));
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1"), counted(corrected));
        CPPUNIT_ASSERT_EQUAL(std::string("one, two"), rows("commentaire", "validations WHERE user_id = 1"));
        CPPUNIT_ASSERT_EQUAL(std::string("corrected: commentaire"),
                             rows("detail", "passerelle_inbox WHERE identity = 'ann'"));
    }

    void correctionsOfOtherMembersAreRefused() {
        gateway().add({.id = 1, .token = "ann", .action = "perhaps"});
        run();

        const auto refused = replay({{idOf("ann")}, {{"acton", "valide"}}});
        const auto corrected = replay({{idOf("ann")}, {{"action", "refuse"}}});

        CPPUNIT_ASSERT_EQUAL(
            std::string("an item has no acton, expected token, action, commentaire, validated_at or id"),
            refused.message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1"), counted(corrected));
        CPPUNIT_ASSERT_EQUAL(std::string("refuse"), rows("action", "validations"));
    }

    void aRivalWhoUsesTheTokenFirstWins() {
        gateway().add({.id = 1, .token = "ann"});
        gateway().beforeAnswer = [this] {
            db().execute("UPDATE validation_tokens SET used_at = '2026-11-22 11:29:59' WHERE token = 'ann'");
        };

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 rejected=1 acknowledged=1"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("ann rejected token_already_used 1 acked"), inbox());
        CPPUNIT_ASSERT_EQUAL(std::string("the token was used on 2026-11-22 11:29:59 already"),
                             db().text("SELECT detail FROM passerelle_inbox"));
        CPPUNIT_ASSERT_EQUAL(0LL, countRows("validations"));
    }

    void aStopRequestEndsTheRunBetweenTwoBatches() {
        addManyTokens(3);
        for (int i = 1; i <= 3; ++i) gateway().add({.id = i, .token = "t" + std::to_string(i)});
        context().onProgress = [this](const std::string&) { context().requestStop(); };

        const auto report = run(1);

        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=1 applied=1"), counted(report));
        CPPUNIT_ASSERT(report.message.text.starts_with("the run was asked to stop"));
        CPPUNIT_ASSERT_EQUAL(std::string("t1 applied - 1 open"), inbox());
    }

    void previewTellsEachItemAndWritesNothing() {
        gateway().add({.id = 1, .token = "ann"});
        run();
        gateway().add({.id = 1, .token = "ann"});
        gateway().add({.id = 2, .token = "bob"});
        gateway().add({.id = 3, .token = "nobody"});
        const std::string before = everything();
        const auto acknowledged = gateway().acknowledged;

        const auto report = preview();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=3 applied=1 duplicate=1 rejected=1"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("ann duplicate - known already; only to be acknowledged\n"
                                         "bob applied - campaign 10 approved, which becomes validee\n"
                                         "nobody rejected unknown_token Agora has no such token\n"),
                             _plan);
        CPPUNIT_ASSERT_EQUAL(before, everything());
        CPPUNIT_ASSERT(acknowledged == gateway().acknowledged);
    }

    /// Whatever the size of the batches: what an earlier one would have done counts in a later one.
    void previewPlansWhatTheRunThenDoes() {
        addManyTokens(10);
        for (int round = 0; round < 2; ++round)
            for (int i = 1; i <= 10; ++i)
                gateway().add(
                    {.id = 20 * round + i,
                     .token = "t" + std::to_string(i),
                     .action = i % 4 == 0 ? "refuse" : "valide",
                     .comment = round == 1 && i % 3 == 0 ? std::optional<std::string>("other") : std::nullopt});
        addUnknown(5);
        const auto whole = preview();
        const std::string plan = _plan;
        const auto pieces = preview(3);
        CPPUNIT_ASSERT_EQUAL(plan, _plan);
        CPPUNIT_ASSERT_EQUAL(counted(whole), counted(pieces));

        CPPUNIT_ASSERT(counted(run(3)).starts_with(counted(pieces) + " acknowledged="));
    }

    void previewFailsWhereTheSafetyValveWouldOpen() {
        addUnknown(30);

        const auto report = preview();

        CPPUNIT_ASSERT_EQUAL(std::string("failed"), counted(report).substr(0, 6));
        CPPUNIT_ASSERT_MESSAGE(report.message.text, report.message.text.starts_with("safety valve: 30 of 30 items"));
    }

    void previewNeedsNoInbox() {
        db().execute("DROP TABLE passerelle_inbox");
        db().execute("DROP TABLE passerelle_migration");
        gateway().add({.id = 1, .token = "ann"});
        const std::string before = everything(false);

        const auto report = preview();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1"), counted(report));
        CPPUNIT_ASSERT_EQUAL(before, everything(false));
        CPPUNIT_ASSERT(!Inbox(session(), context().clock()).exists());
    }

    void aConfirmedAcknowledgementThatIsNotKeptIsAWarning() {
        gateway().keepsWhatItConfirms = false;
        gateway().add({.id = 1, .token = "ann"});

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1 acknowledged=1 pending_after=1"),
                             counted(report));
        CPPUNIT_ASSERT_EQUAL(
            std::string("the gateway counts 1 pending where 0 were expected (1 before, 1 acknowledged, "
                        "0 new): it confirmed what it did not keep"),
            report.warnings.at(0).text);
    }

    void monitoringLearnsWhatBecameOfItems() {
        gateway().add({.id = 1, .token = "ann"});
        gateway().add({.id = 2, .token = "nobody"});

        CPPUNIT_ASSERT_EQUAL(std::string("sync_pending=0 sync_lag_seconds=0 sync_items_total.applied=1 "
                                         "sync_items_total.duplicate=0 sync_items_total.rejected=1 sync_rejects=1"),
                             told(run()));
        CPPUNIT_ASSERT_EQUAL(std::string("sync_pending=0 sync_lag_seconds=0 sync_items_total.applied=0 "
                                         "sync_items_total.duplicate=0 sync_items_total.rejected=0 sync_rejects=1"),
                             told(run()));
        db().addToken("nobody", 10, 2, "2026-12-01 00:00:00");
        CPPUNIT_ASSERT_EQUAL(std::string("sync_items_total.applied=1 sync_items_total.duplicate=0 "
                                         "sync_items_total.rejected=0 sync_rejects=0"),
                             told(replay()));
    }

    void monitoringLearnsHowLongWhatIsLeftHasWaited() {
        gateway().add({.id = 1, .token = "ann", .validatedAt = "2026-11-22 09:30:00"});
        gateway().add({.id = 2, .token = "bob", .validatedAt = "2026-11-22 09:00:00"});
        gateway().add({.id = 3, .token = "bob", .validatedAt = "yesterday"});
        const std::string lag = "sync_lag_seconds=5400";  // it is 10:30 in UTC, which is the gateway's zone

        gateway().acknowledgesUntilFault = 0;
        const std::string failed = told(run());
        CPPUNIT_ASSERT_MESSAGE(failed, failed.starts_with(lag + " sync_items_total.applied=2"));

        gateway().acknowledgesUntilFault = -1;
        db().addToken("cat", 10, 2, "2026-12-01 00:00:00");
        gateway().add({.id = 4, .token = "cat", .comment = std::string(20'000, 'x')});
        const std::string cut = told(synchronisation(1'000, 64 << 10).run());
        CPPUNIT_ASSERT_MESSAGE(cut, cut.starts_with("sync_pending=1 " + lag + " "));
    }

    void monitoringLearnsNothingOfAPreview() {
        gateway().add({.id = 1, .token = "ann"});

        CPPUNIT_ASSERT_EQUAL(std::string(), told(preview()));
    }

    void whatArrivesDuringTheRunIsNoDifference() {
        gateway().add({.id = 1, .token = "ann"});
        gateway().beforeAcknowledge = [this] { gateway().add({.id = 2, .token = "bob"}); };

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1 acknowledged=1 pending_after=1"),
                             counted(report));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, report.warnings.size());
    }

    void whatARivalAcknowledgesIsNamed() {
        gateway().add({.id = 1, .token = "ann"});
        gateway().beforeAcknowledge = [this] { gateway().items.pop_back(); };
        gateway().afterListing = [this] { gateway().add({.id = 2, .token = "bob"}); };

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(
            std::string("the gateway counts 0 pending where 1 were expected (2 before, 1 acknowledged, "
                        "0 new): somebody else acknowledges or deletes there at the same time"),
            report.warnings.at(0).text);
    }

    void aZoneThatIsNotThereFailsByItsName() {
        gateway().add({.id = 1, .token = "ann"});
        const AgoraTime nowhere(context(), "Europe/Nowhere", "UTC");

        const auto report = Synchronisation(gateway(), session(), nowhere, limits(), context()).run();

        CPPUNIT_ASSERT_EQUAL(std::string("failed"), counted(report));
        CPPUNIT_ASSERT(report.message.text.find("Europe/Nowhere") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(), inbox());
    }

    void aGatewayWithoutStatisticsIsNoFault() {
        gateway().hasStats = false;
        gateway().add({.id = 1, .token = "ann"});

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1 acknowledged=1"), counted(run()));
        CPPUNIT_ASSERT(context().logged("stats.unavailable"));
    }

protected:
    carillon::RunReport preview(std::size_t batch = 1'000) {
        _plan.clear();
        return Preview(gateway(), session(), _time, limits(batch), context())
            .run([this](const carillon::PlannedItem& item) {
                _plan += item.what + " " + item.effect + " " + (item.reason.empty() ? "-" : item.reason) + " " +
                         item.detail + "\n";
            });
    }

    /// t1, t2, … of as many users and a few campaigns.
    void addManyTokens(int count) {
        db().session().begin();
        for (int i = 1; i <= count; ++i) {
            const int campaign = 100 + i / 5;
            if (i == 1 || i % 5 == 0) db().addCampaign(campaign, "en_validation", "c");
            db().addUser(1'000 + i, "U", std::to_string(i));
            db().addValidator(campaign, 1'000 + i);
            db().addToken("t" + std::to_string(i), campaign, 1'000 + i, "2026-12-01 00:00:00");
        }
        db().session().commit();
        if (!isSqlite()) db().session().setFeature("autoCommit", true);
    }
    void addUnknown(int count, int first = 200) {
        for (int i = first; i < first + count; ++i) gateway().add({.id = i, .token = "unknown" + std::to_string(i)});
    }
    std::int64_t idOf(const std::string& identity) {
        return db().count("SELECT id FROM passerelle_inbox WHERE identity = '" + identity + "'");
    }
    /// What a run wrote, but for its name and the numbers of rows.
    std::string withoutRun() {
        return rows("identity || digest || state || COALESCE(reason, '-') || gateway_id",
                    "passerelle_inbox ORDER BY identity") +
               "\n" +
               rows("campaign_id || user_id || action || commentaire", "validations ORDER BY campaign_id, user_id") +
               "\n" +
               rows("campaign_id || user_id || description", "campaign_logs ORDER BY campaign_id, user_id, action") +
               "\n" + rows("token || COALESCE(used_at, '-')", "validation_tokens ORDER BY token") + "\n" +
               rows("id || statut", "campaigns ORDER BY id");
    }
    void forget() {
        for (const auto* table : {"passerelle_inbox", "validations", "campaign_logs"})
            db().execute(std::string("DELETE FROM ") + table);
        db().execute("UPDATE validation_tokens SET used_at = NULL");
        db().execute("UPDATE campaigns SET statut = 'en_validation'");
    }

    std::string _plan;  // of the last preview
};

CPPUNIT_TEST_SUITE_REGISTRATION(SynchronisationTest);

/// The same on a server, and what only a server does.
class SynchronisationOnMySqlTest : public MySqlTestFixture<SynchronisationTest> {
    CPPUNIT_TEST_SUB_SUITE(SynchronisationOnMySqlTest, SynchronisationTest);
    CPPUNIT_TEST(aKilledConnectionIsOutlived);
    CPPUNIT_TEST(aRowThatARivalHoldsTooLongIsTriedAgain);
    CPPUNIT_TEST(aDeadlockIsTriedAgain);
    CPPUNIT_TEST_SUITE_END();

public:
    void aKilledConnectionIsOutlived() {
        addManyTokens(3);
        for (int i = 1; i <= 3; ++i) gateway().add({.id = i, .token = "t" + std::to_string(i)});
        context().onProgress = [this](const std::string&) {
            const auto id = db().count("SELECT COALESCE(MAX(id), 0) FROM information_schema.processlist WHERE db = '" +
                                       db().name() + "' AND id <> CONNECTION_ID()");
            if (id > 0) db().execute("KILL " + std::to_string(id));
        };

        const auto report = run(1);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(report.message.text, std::string("succeeded fetched=3 applied=3 acknowledged=3"),
                                     counted(report));
        CPPUNIT_ASSERT(context().logged("database.retried"));
        CPPUNIT_ASSERT_EQUAL(3LL, countRows("validations"));
    }

    void aRowThatARivalHoldsTooLongIsTriedAgain() {
        openSession(1s);
        gateway().add({.id = 1, .token = "ann"});
        auto rival = openRival();
        rival.begin();
        rival << "UPDATE campaigns SET titre = 'x' WHERE id = 10", now;
        context().onLine = [&rival](const std::string& line) {
            if (line.starts_with("database.retried") && rival.isTransaction()) rival.commit();
        };

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(report.message.text, std::string("succeeded fetched=1 applied=1 acknowledged=1"),
                                     counted(report));
        CPPUNIT_ASSERT(context().logged("database.retried"));
        CPPUNIT_ASSERT_EQUAL(1LL, countRows("validations"));
    }

    void aDeadlockIsTriedAgain() {
        addManyTokens(400);
        gateway().add({.id = 1, .token = "ann"});
        auto rival = openRival();
        rival.begin();
        // Much to undo, so that the server takes our transaction for its victim.
        rival << "UPDATE validation_tokens SET user_agent = 'rival'", now;
        std::thread thread([this, &rival] {
            waitUntilTheRunWaitsForATokensRow();
            rival << "UPDATE campaigns SET titre = 'rival' WHERE id = 10", now;
            rival.commit();
        });

        const auto report = run();
        thread.join();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(report.message.text, std::string("succeeded fetched=1 applied=1 acknowledged=1"),
                                     counted(report));
        CPPUNIT_ASSERT(context().logged("1213"));
        CPPUNIT_ASSERT_EQUAL(1LL, countRows("validations"));
        CPPUNIT_ASSERT_EQUAL(std::string("rival"), db().text("SELECT titre FROM campaigns WHERE id = 10"));
    }

private:
    void waitUntilTheRunWaitsForATokensRow() {
        auto watcher = openRival();
        const auto limit = std::chrono::steady_clock::now() + 20s;
        std::int64_t waiting = 0;
        while (waiting == 0 && std::chrono::steady_clock::now() < limit)
            watcher << "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND time_ms > 50 AND "
                       "info LIKE '%validation_tokens%FOR UPDATE' AND id <> CONNECTION_ID()",
                into(waiting), now;
    }
    Poco::Data::Session openRival() { return {"MySQL", db().connectionString(), 5}; }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SynchronisationOnMySqlTest);
