#include "Items.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "AgoraTestFixture.h"
#include "ItemsVerification.h"
#include "Poco/Data/SQLite/Utility.h"
#include "Poco/Tuple.h"

using namespace passerelle;
using namespace std::chrono_literals;
using carillon::ItemState;

/// What became of items, over a real database.
class ItemsTest : public AgoraTestFixture {  // on SQLite
    CPPUNIT_TEST_SUITE(ItemsTest);
    CPPUNIT_TEST(anAppliedItemTellsItsRowAndWhoseItIs);
    CPPUNIT_TEST(whatConcernsPeopleIsLeftOutUnlessItIsAskedFor);
    CPPUNIT_TEST(rowsAreNotedForEachItemOfALargeBatch);
    CPPUNIT_TEST(itemsAreFoundByCampaignPersonTokenStateAndTime);
    CPPUNIT_TEST(peopleAreFoundHoweverTheirNamesAreTyped);
    CPPUNIT_TEST(aTokenCannotBeGuessedBeyondWhatIsShown);
    CPPUNIT_TEST(whatIsNoFilterIsRefusedInWords);
    CPPUNIT_TEST(pagesHoldEachItemOnce);
    CPPUNIT_TEST(itemsOfAnEarlierVersionAreNamedByTheirToken);
    CPPUNIT_TEST(aDismissedRejectStaysAndIsNoMoreOpen);
    CPPUNIT_TEST(theReasonOfADismissalIsKeptWhole);
    CPPUNIT_TEST(aDismissalIsOfAllOrOfNone);
    CPPUNIT_TEST(aDismissedItemCanBeReplayed);
    CPPUNIT_TEST(aReplayedItemTellsItsRow);
    CPPUNIT_TEST(aCorrectedItemTellsWhatCountsAndWhatCame);
    CPPUNIT_TEST(momentsAreInstantsAlsoInAnHourThatComesTwice);
    CPPUNIT_TEST(whatIsThereIsVerified);
    CPPUNIT_TEST(editedAndDeletedCampaignsExplainWhatIsGone);
    CPPUNIT_TEST(aRunWithNothingPendingComparesASample);
    CPPUNIT_TEST(aLostRowFailsTheVerificationAndWarnsTheRun);
    CPPUNIT_TEST(theOldestAnswerOfACampaignIsLostLikeAnyOther);
    CPPUNIT_TEST(onlySignsOfAnEditExplainThatAllAnswersAreGone);
    CPPUNIT_TEST(anAnswerThatIsAnotherNowIsNamed);
    CPPUNIT_TEST(aReplayThatFailsTellsHowManyRejectsAreOpen);
    CPPUNIT_TEST(aNumberThatIsGivenOnceMoreHidesNothing);
    CPPUNIT_TEST(eachQueryFindsItsRowsByAnIndex);
    CPPUNIT_TEST_SUITE_END();

public:
    void anAppliedItemTellsItsRowAndWhoseItIs() {
        gateway().add({.id = 1, .token = "ann", .comment = "très bien"});
        run();

        const auto item = list().at(0);

        CPPUNIT_ASSERT(item.state == ItemState::Applied && item.acknowledged);
        CPPUNIT_ASSERT_EQUAL(std::string("token ann"), item.what);
        CPPUNIT_ASSERT_EQUAL("validations " + db().text("SELECT id FROM validations"), item.storedAs);
        CPPUNIT_ASSERT_EQUAL(std::string("campaign=10 campaign_title=Printemps"), textOf(item.about));
        CPPUNIT_ASSERT_EQUAL(
            std::string("person=Ann Arbor answer=valide answered_at=2026-11-22T09:00:00.000Z comment=très bien"),
            textOf(item.people.value()));
        CPPUNIT_ASSERT(item.receivedAt == context().clock().now());
        CPPUNIT_ASSERT_EQUAL(std::string("run-1"), item.run);
    }

    void whatConcernsPeopleIsLeftOutUnlessItIsAskedFor() {
        gateway().add({.id = 1, .token = "ann", .comment = "secret of Ann"});
        gateway().add({.id = 2, .token = "nobody", .comment = "secret of nobody"});
        run();

        for (const auto& item : Items(session(), _time).list({})) {
            CPPUNIT_ASSERT(!item.people);
            const std::string all = item.what + item.reason + item.detail + item.storedAs + textOf(item.about);
            CPPUNIT_ASSERT_MESSAGE(all, all.find("Ann Arbor") == std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(all, all.find("secret") == std::string::npos);
        }
    }

    /// More than one statement, in which items that are applied stand among others.
    void rowsAreNotedForEachItemOfALargeBatch() {
        for (int i = 1; i <= 700; ++i) {
            const std::string token = "t" + std::to_string(i);
            db().addUser(100 + i, "U", std::to_string(i));
            if (i % 3 != 0) db().addToken(token, 10, 100 + i, "2026-12-01 00:00:00");
            gateway().add({.id = i, .token = token});
        }

        run();

        CPPUNIT_ASSERT_EQUAL(467LL, countRows("passerelle_inbox WHERE validation_id IS NOT NULL"));
        CPPUNIT_ASSERT_EQUAL(467LL, countRows("passerelle_inbox i JOIN validations v ON v.id = i.validation_id AND "
                                              "v.user_id = i.user_id AND v.campaign_id = i.campaign_id "
                                              "JOIN validation_tokens t ON t.user_id = v.user_id"));
        CPPUNIT_ASSERT_EQUAL(0LL, countRows("passerelle_inbox WHERE state = 'rejected' AND validation_id IS NOT NULL"));
    }

    void itemsAreFoundByCampaignPersonTokenStateAndTime() {
        arrange();

        CPPUNIT_ASSERT_EQUAL(std::string("nobody, late, bob, ann"), found({}));
        CPPUNIT_ASSERT_EQUAL(std::string("bob, ann"), found({.campaign = "10"}));
        CPPUNIT_ASSERT_EQUAL(std::string("late"), found({.campaign = "11"}));
        CPPUNIT_ASSERT_EQUAL(std::string("late, ann"), found({.person = "ann"}));
        CPPUNIT_ASSERT_EQUAL(std::string("bob"), found({.person = "Bob B"}));
        CPPUNIT_ASSERT_EQUAL(std::string(), found({.person = "%"}));
        CPPUNIT_ASSERT_EQUAL(std::string(), found({.person = "nobody of that name"}));
        CPPUNIT_ASSERT_EQUAL(std::string("late"), found({.campaign = "11", .person = "Arbor"}));
        CPPUNIT_ASSERT_EQUAL(std::string("nobody"), found({.token = "nob"}));
        CPPUNIT_ASSERT_EQUAL(std::string(), found({.token = "NOB"}));
        CPPUNIT_ASSERT_EQUAL(std::string("nobody, late"), found({.state = ItemState::Rejected}));
        CPPUNIT_ASSERT_EQUAL(std::string("late"), found({.state = ItemState::Rejected, .campaign = "11"}));
        const auto since = context().clock().now();
        CPPUNIT_ASSERT_EQUAL(std::string("nobody, late"), found({.since = since}));
        CPPUNIT_ASSERT_EQUAL(std::string(), found({.state = ItemState::Applied, .since = since}));
        CPPUNIT_ASSERT_EQUAL(std::string(), found({.since = since + 1s}));
    }

    void peopleAreFoundHoweverTheirNamesAreTyped() {
        const std::vector<std::pair<std::string, std::string>> people{
            {"Élodie", "Dupré"}, {"Noël", "de L’Haÿ"}, {"Jean-Pierre", "Lecœur"}, {"Zoé", "d'Aÿ"}};
        int id = 50;
        for (const auto& [first, last] : people) {
            const std::string token = "t" + std::to_string(id);
            db().addUser(id, first, last);
            db().addToken(token, 10, id, "2026-12-01 00:00:00");
            gateway().add({.id = id, .token = token});
            ++id;
        }
        run();

        for (const char* typed :
             {"dupre", "DUPRÉ", "élodie dupré", "Dupré Élodie", "elodiedupre", " du pre ", "Dupré É"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(typed, std::string("t50"), found({.person = typed}));
        for (const char* typed : {"l'Hay", "L’HAŸ", "lhay", "de l hay", "De L\u2019Hay"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(typed, std::string("t51"), found({.person = typed}));
        for (const char* typed : {"lecoeur", "LECŒUR", "jean pierre", "Jean\u2011Pierre", "jean\u00a0pierre lecoeur"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(typed, std::string("t52"), found({.person = typed}));
        CPPUNIT_ASSERT_EQUAL(std::string("t53"), found({.person = "d’ay"}));
        for (const char* typed : {"duprez", "dupree", " dupree ", "upreelod"})  // the last ones: of two names in a row
            CPPUNIT_ASSERT_EQUAL_MESSAGE(typed, std::string(), found({.person = typed}));
        CPPUNIT_ASSERT_THROW(found({.person = " ’ "}), carillon::Failure);  // that would be everybody
    }

    void aTokenCannotBeGuessedBeyondWhatIsShown() {
        gateway().add({.id = 1, .token = "0123456789abcdef"});
        run();

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, list({.token = "01234567"}).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, list({.token = "0123456789"}).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, list({.token = "01234567zz"}).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, list({.token = "0123456z"}).size());
    }

    void whatIsNoFilterIsRefusedInWords() {
        for (const auto& query : {carillon::ItemQuery{.campaign = "twelve"}, carillon::ItemQuery{.campaign = "-1"},
                                  carillon::ItemQuery{.token = "a'b"}, carillon::ItemQuery{.token = "a%"}}) {
            try {
                Items(session(), _time).list(query);
                CPPUNIT_FAIL("it was taken");
            } catch (const carillon::Failure& e) {
                CPPUNIT_ASSERT_MESSAGE(e.message(), e.message().find(", expected ") != std::string::npos);
            }
        }
    }

    void pagesHoldEachItemOnce() {
        for (int i = 1; i <= 9; ++i) {
            gateway().add({.id = i, .token = "n" + std::to_string(i)});
            if (i % 4 == 0) {
                run();
                context().settableClock().advance(1s);
            }
        }
        run();

        for (const auto& state : {std::optional<ItemState>(), std::optional(ItemState::Rejected)}) {
            std::string all;
            carillon::ItemQuery query{.limit = 2, .state = state};
            for (auto page = Items(session(), _time).list(query); !page.empty();
                 page = Items(session(), _time).list(query)) {
                for (const auto& item : page) all += item.what.substr(7);
                query.before = page.back().id;
            }
            CPPUNIT_ASSERT_EQUAL(std::string("987654321"), all);
        }
    }

    void itemsOfAnEarlierVersionAreNamedByTheirToken() {
        gateway().add({.id = 1, .token = "ann"});
        run();
        db().execute("UPDATE passerelle_inbox SET campaign_id = NULL, user_id = NULL, validation_id = NULL");

        const auto item = list().at(0);

        CPPUNIT_ASSERT_EQUAL(std::string("campaign=10 campaign_title=Printemps"), textOf(item.about));
        CPPUNIT_ASSERT(textOf(*item.people).starts_with("person=Ann Arbor"));
        CPPUNIT_ASSERT_EQUAL(std::string(), item.storedAs);
        const auto report = verified();
        CPPUNIT_ASSERT_MESSAGE(report.message.text,
                               report.message.text.ends_with("1 not compared, since their rows were not "
                                                             "noted when they were applied"));
    }

    void aDismissedRejectStaysAndIsNoMoreOpen() {
        arrange();
        const auto rejects = Rejects(session()).list({});

        const auto stranger =
            InboxItems(session()).dismiss({{rejects[0].id}, "on paper too", "anna"}, context().clock().now());

        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, stranger);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, Rejects(session()).count());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, Rejects(session()).list({}).size());
        const auto item = list({.state = ItemState::Dismissed}).at(0);
        CPPUNIT_ASSERT_EQUAL(std::string("token late"), item.what);
        CPPUNIT_ASSERT_EQUAL(std::string("token_expired"), item.reason);
        CPPUNIT_ASSERT_EQUAL(std::string("on paper too"), item.dismissal->reason);
        CPPUNIT_ASSERT_EQUAL(std::string("anna"), item.dismissal->by);
        CPPUNIT_ASSERT(item.dismissal->at == context().clock().now());
    }

    void theReasonOfADismissalIsKeptWhole() {
        arrange();
        std::string reason;
        for (int i = 0; i < 400; ++i) reason += "é";

        InboxItems(session()).dismiss({{Rejects(session()).list({})[0].id}, reason, "anna"}, context().clock().now());

        CPPUNIT_ASSERT_EQUAL(reason, list({.state = ItemState::Dismissed}).at(0).dismissal->reason);
    }

    void aDismissalIsOfAllOrOfNone() {
        arrange();
        const auto open = Rejects(session()).list({});
        const auto applied = list({.state = ItemState::Applied}).at(0).id;

        const auto dismiss = [&](std::vector<std::int64_t> ids) {
            return InboxItems(session()).dismiss({std::move(ids), "why", "anna"}, context().clock().now());
        };
        CPPUNIT_ASSERT_EQUAL(applied, dismiss({open[0].id, open[1].id, applied}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{99'999}, dismiss({99'999, open[0].id}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, Rejects(session()).count());

        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, dismiss({open[1].id, open[0].id, open[1].id}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, Rejects(session()).count());
        CPPUNIT_ASSERT_EQUAL(open[0].id, dismiss({open[0].id}));
    }

    void aDismissedItemCanBeReplayed() {
        arrange();
        const auto late = Rejects(session()).list({}).at(0);
        InboxItems(session()).dismiss({{late.id}, "why", "anna"}, context().clock().now());
        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=1 rejected=1"), counted(replay({})).substr(0, 27));
        db().execute("UPDATE validation_tokens SET expires_at = '2026-12-01 00:00:00' WHERE token = 'late'");

        const auto report = replay({{late.id}});

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1"), counted(report));
        const auto item = list({.token = "late"}).at(0);
        CPPUNIT_ASSERT(item.state == ItemState::Applied && !item.dismissal);
    }

    void aReplayedItemTellsItsRow() {
        gateway().add({.id = 1, .token = "carl"});
        run();
        db().addToken("carl", 10, 1, "2026-12-01 00:00:00");
        replay();

        const auto item = list().at(0);

        CPPUNIT_ASSERT_EQUAL("validations " + db().text("SELECT id FROM validations"), item.storedAs);
        CPPUNIT_ASSERT_EQUAL(std::string("campaign=10 campaign_title=Printemps"), textOf(item.about));
    }

    /// What was applied, by whom, and what of it differs from what came.
    void aCorrectedItemTellsWhatCountsAndWhatCame() {
        gateway().add({.id = 1, .token = "ann", .action = "perhaps", .comment = "as it came"});
        run();
        carillon::ReplayRequest request{{list().at(0).id}, {{"action", "refuse"}, {"commentaire", "œuvre"}}};
        request.by = "anna";
        replay(request);

        const auto item = list().at(0);

        CPPUNIT_ASSERT_EQUAL(std::string("corrected by anna: action, commentaire"), item.detail);
        CPPUNIT_ASSERT_EQUAL(std::string("person=Ann Arbor answer=refuse answered_at=2026-11-22T09:00:00.000Z "
                                         "comment=œuvre answer_came=perhaps comment_came=as it came"),
                             textOf(item.people.value()));
        CPPUNIT_ASSERT(!Items(session(), _time).list({}).at(0).people);
    }

    void momentsAreInstantsAlsoInAnHourThatComesTwice() {
        gateway().add(
            {.id = 1, .token = "ann", .validatedAt = "2026-10-25T00:30:00Z"});  // 02:30 in Paris, the first time
        gateway().add({.id = 2, .token = "bob", .validatedAt = "2026-10-25T01:30:00Z"});  // and the second
        run();
        db().execute("UPDATE passerelle_inbox SET detail = 'corrected by anna: commentaire' WHERE identity = 'bob'");

        const auto items = list();

        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-25T01:30:00.000Z"), items.at(0).people->at(2).second);
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-25T00:30:00.000Z"), items.at(1).people->at(2).second);
    }

    void whatIsThereIsVerified() {
        arrange();

        const auto report = verified();

        CPPUNIT_ASSERT_EQUAL(std::string("2 applied items compared with Agora: all are there"), report.message.text);
        CPPUNIT_ASSERT(report.outcome == carillon::Outcome::Succeeded);
        CPPUNIT_ASSERT(_gone.empty());
    }

    void editedAndDeletedCampaignsExplainWhatIsGone() {
        db().addCampaign(12, "en_validation", "Été");
        db().addToken("summer", 12, 2, "2026-12-01 00:00:00");
        gateway().add({.id = 5, .token = "summer"});
        arrange();
        db().execute("DELETE FROM validations WHERE campaign_id = 10");
        db().execute("DELETE FROM validation_tokens WHERE campaign_id = 10");
        db().addToken("ann-again", 10, 1, "2026-12-01 00:00:00", "2026-11-23 10:00:00");
        db().addToken("bob-again", 10, 2, "2026-12-01 00:00:00");
        db().execute(
            "INSERT INTO validations (campaign_id, user_id, action, validated_at) VALUES "
            "(10, 1, 'valide', '2026-11-23 10:00:00')");
        db().execute("DELETE FROM validation_tokens WHERE campaign_id = 12");
        db().execute("DELETE FROM validations WHERE campaign_id = 12");
        db().execute("DELETE FROM campaigns WHERE id = 12");

        const auto report = verified();

        CPPUNIT_ASSERT_EQUAL(std::string("3 applied items compared with Agora: 3 voided by changes in Agora"),
                             report.message.text);
        CPPUNIT_ASSERT(report.outcome == carillon::Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(
            std::string("summer voided: campaign 12 was deleted in Agora, with its answers\n"
                        "ann voided: campaign 10 was edited in Agora since (the token of the answer was replaced), "
                        "which voids its answers\n"
                        "bob voided: campaign 10 was edited in Agora since (the token of the answer was replaced), "
                        "which voids its answers\n"),
            _gone);
        const auto next = runWithAnItem();
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 rejected=1 acknowledged=1 sampled_voided=3"),
                             counted(next));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, next.warnings.size());
    }

    void aRunWithNothingPendingComparesASample() {
        arrange();
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(run()));
        const std::string lost = db().text("SELECT MAX(id) FROM validations");
        db().execute("DELETE FROM validations WHERE id = " + lost);

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do sampled_lost=1"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing pending on the gateway"), report.message.text);
        CPPUNIT_ASSERT(report.warnings.at(0).text.starts_with("validations " + lost + " is no more in Agora, "));
    }

    void aLostRowFailsTheVerificationAndWarnsTheRun() {
        arrange();
        const std::string lost = db().text("SELECT MAX(id) FROM validations");
        db().execute("DELETE FROM validations WHERE id = " + lost);

        const auto report = verified();
        const auto next = runWithAnItem();

        CPPUNIT_ASSERT(report.outcome == carillon::Outcome::Failed);
        CPPUNIT_ASSERT_EQUAL(std::string("2 applied items compared with Agora: 1 lost without such a cause"),
                             report.message.text);
        CPPUNIT_ASSERT_EQUAL(
            "bob lost: validations " + lost + " is no more in Agora, while older answers of campaign 10 are\n", _gone);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 rejected=1 acknowledged=1 sampled_lost=1"),
                             counted(next));
        CPPUNIT_ASSERT_EQUAL("validations " + lost +
                                 " is no more in Agora, while older answers of campaign 10 are; see carillon items " +
                                 context().identity().job + " --verify",
                             next.warnings.at(1).text);
    }

    void theOldestAnswerOfACampaignIsLostLikeAnyOther() {
        arrange();
        const std::string first = db().text("SELECT MIN(id) FROM validations");
        db().execute("DELETE FROM validations WHERE id = " + first);

        CPPUNIT_ASSERT(verified().outcome == carillon::Outcome::Failed);
        CPPUNIT_ASSERT_EQUAL("ann lost: validations " + first +
                                 " is no more in Agora, and nothing there tells that campaign 10 was edited\n",
                             _gone);

        db().execute("DELETE FROM validations");
        CPPUNIT_ASSERT_EQUAL(std::string("2 applied items compared with Agora: 2 lost without such a cause"),
                             verified().message.text);
    }

    void onlySignsOfAnEditExplainThatAllAnswersAreGone() {
        arrange();
        db().execute("DELETE FROM validations");
        const auto outcomeAfter = [this](const std::string& change, const std::string& back) {
            db().execute(change);
            const auto outcome = verified().outcome;
            if (!back.empty()) db().execute(back);
            return outcome;
        };

        CPPUNIT_ASSERT(outcomeAfter("UPDATE campaigns SET statut = 'archivee' WHERE id = 10", "") ==
                       carillon::Outcome::Failed);
        CPPUNIT_ASSERT(outcomeAfter("UPDATE campaigns SET statut = 'brouillon' WHERE id = 10",
                                    "UPDATE campaigns SET statut = 'validee' WHERE id = 10") ==
                       carillon::Outcome::Succeeded);
        CPPUNIT_ASSERT(outcomeAfter("UPDATE validation_tokens SET used_at = NULL WHERE token = 'ann'", "") ==
                       carillon::Outcome::Failed);
        CPPUNIT_ASSERT_MESSAGE(_gone, _gone.find("bob lost") != std::string::npos);
        CPPUNIT_ASSERT(outcomeAfter("UPDATE validation_tokens SET used_at = NULL WHERE token = 'bob'", "") ==
                       carillon::Outcome::Succeeded);
        CPPUNIT_ASSERT(outcomeAfter("DELETE FROM validation_tokens WHERE campaign_id = 10", "") ==
                       carillon::Outcome::Succeeded);
        context().settableClock().advance(24h * 200);  // then TokensClean can have been the one
        CPPUNIT_ASSERT(verified().outcome == carillon::Outcome::Failed);
    }

    void anAnswerThatIsAnotherNowIsNamed() {
        arrange();
        const std::string second = db().text("SELECT MAX(id) FROM validations");
        db().execute("UPDATE validations SET action = 'refuse' WHERE id = " + second);

        const auto report = verified();

        CPPUNIT_ASSERT(report.outcome == carillon::Outcome::Failed);
        CPPUNIT_ASSERT_EQUAL(std::string("2 applied items compared with Agora: 1 changed in Agora"),
                             report.message.text);
        CPPUNIT_ASSERT_EQUAL(
            "bob changed: validations " + second + " has another action in Agora than the answer that came\n", _gone);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 rejected=1 acknowledged=1 sampled_changed=1"),
                             counted(runWithAnItem()));
    }

    void aReplayThatFailsTellsHowManyRejectsAreOpen() {
        arrange();
        const auto open = Rejects(session()).list({});
        db().execute("UPDATE validation_tokens SET expires_at = '2026-12-01 00:00:00' WHERE token = 'late'");

        const auto report = replay({{open[0].id, 99'999}});

        CPPUNIT_ASSERT(report.outcome == carillon::Outcome::Failed);
        CPPUNIT_ASSERT_MESSAGE(told(report), told(report).ends_with("sync_rejects=1"));
    }

    void aNumberThatIsGivenOnceMoreHidesNothing() {
        arrange();
        db().addCampaign(12, "en_validation", "Été");
        const std::string reused = db().text("SELECT MAX(id) FROM validations");
        db().execute("UPDATE validations SET campaign_id = 12 WHERE id = " + reused);

        CPPUNIT_ASSERT(verified().outcome == carillon::Outcome::Failed);
    }

    /// As the database says of the very statements: one that read all rows, in whatever order, would have done far
    /// more.
    void eachQueryFindsItsRowsByAnIndex() {
        fillInbox();
        carillon::ItemQuery young;
        young.since = context().clock().now();
        for (const auto& one : {carillon::ItemQuery{}, carillon::ItemQuery{.id = 5},
                                carillon::ItemQuery{.before = 4'000}, carillon::ItemQuery{.state = ItemState::Rejected},
                                carillon::ItemQuery{.campaign = "1010"}, carillon::ItemQuery{.token = "x77"}, young})
            assertLittleWork([&] { Items(session(), _time).list(one); });
        // Agora on SQLite, which nobody runs, has no index of its answers by people.
        if (!isSqlite()) assertLittleWork([&] { Items(session(), _time).list({.person = "ann"}); });
        for (int i = 0; i < 5; ++i) assertLittleWork([&] { ItemsVerification(session(), context()).sample(); });
        assertLittleWork([this] { run(); });  // nothing is pending

        const auto before = workDone();
        const auto report = verified();
        const auto done = workDone() - before;
        CPPUNIT_ASSERT_MESSAGE(_gone.substr(0, 500), report.outcome == carillon::Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(kMany + 1, report.valueOf(carillon::FigureRole::Work).value_or(0));
        CPPUNIT_ASSERT_MESSAGE(std::to_string(done) + " was done", done < 10 * kMany);
    }

protected:
    static constexpr std::int64_t kMany = 200'000;

    void assertLittleWork(const std::function<void()>& query) {
        const auto before = workDone();
        query();
        const auto done = workDone() - before;
        CPPUNIT_ASSERT_MESSAGE(std::to_string(done) + " was done", done < 5'000);
    }
    /// Rows that the plugin's own session has read so far: SQLite does ten steps for one, or more.
    virtual std::int64_t workDone() {
        sqlite3* const handle = Poco::Data::SQLite::Utility::dbHandle(session().get());
        const auto onEnd = [](unsigned, void* test, void* statement, void*) {
            static_cast<ItemsTest*>(test)->_steps +=
                ::sqlite3_stmt_status(static_cast<sqlite3_stmt*>(statement), SQLITE_STMTSTATUS_VM_STEP, 1);
            return 0;
        };
        ::sqlite3_trace_v2(handle, SQLITE_TRACE_PROFILE, onEnd, this);
        return _steps / 10;
    }
    void fillInbox() {
        const std::string numbers = "a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n + 1000 AS i FROM " +
                                    digits("a", 10) + ", " + digits("b", 10) + ", " + digits("c", 10) + ", " +
                                    digits("d", 10) + ", " + digits("e", 20);
        db().execute(isSqlite() ? "PRAGMA foreign_keys = OFF" : "SET FOREIGN_KEY_CHECKS = 0");
        db().execute(
            "INSERT INTO validations (id, campaign_id, user_id, action, validated_at) SELECT i, 1000 + i % 2000, 1000 "
            "+ "
            "i % 500, 'valide', '2026-01-01 00:00:00' FROM (SELECT " +
            numbers + ") x");
        db().execute(
            "INSERT INTO passerelle_inbox (identity, digest, state, payload, received_at, run, gateway, gateway_id, "
            "campaign_id, user_id, validation_id) SELECT " +
            std::string(isSqlite() ? "'x' || i" : "CONCAT('x', i)") +
            ", 'dddddddddddddddddddddddddddddddd', 'applied', '{}', '2026-01-01 00:00:00', 'r', 'g', 1, 1000 + i % "
            "2000, 1000 + i % 500, i FROM (SELECT " +
            numbers + ") x");
        db().execute(isSqlite() ? "ANALYZE" : "ANALYZE TABLE passerelle_inbox, validations");
        gateway().add({.id = 1, .token = "ann"});
        gateway().add({.id = 2, .token = "nobody"});
        run();
    }
    static std::string digits(const std::string& name, int count) {
        std::string text;
        for (int i = 0; i < count; ++i) text += (i == 0 ? "SELECT 0 AS n" : " UNION SELECT " + std::to_string(i));
        return "(" + text + ") " + name;
    }
    /// Ann and Bob answered in time; a minute later came one that was too late for campaign 11, and a stranger's.
    void arrange() {
        db().addCampaign(11, "en_validation", "Automne");
        db().addToken("late", 11, 1, "2026-11-01 00:00:00");
        gateway().add({.id = 1, .token = "ann"});
        gateway().add({.id = 2, .token = "bob"});
        run();
        context().settableClock().advance(60s);
        gateway().add({.id = 3, .token = "late"});
        gateway().add({.id = 4, .token = "nobody"});
        run();
    }
    carillon::RunReport runWithAnItem() {
        gateway().add({.id = 99, .token = "another"});
        return run();
    }
    std::vector<carillon::Item> list(carillon::ItemQuery query = {}) {
        query.people = true;
        return Items(session(), _time).list(query);
    }
    std::string found(const carillon::ItemQuery& query) {
        std::string text;
        for (const auto& item : Items(session(), _time).list(query))
            text += (text.empty() ? "" : ", ") + item.what.substr(std::string("token ").size());
        return text;
    }
    static std::string textOf(const carillon::Item::Facts& facts) {
        std::string text;
        for (const auto& [name, value] : facts)
            if (!value.empty()) text += (text.empty() ? "" : " ") + name + "=" + value;
        return text;
    }
    carillon::RunReport verified() {
        _gone.clear();
        return ItemsVerification(session(), context()).all([this](const carillon::Item& item) {
            _gone += item.what.substr(std::string("token ").size()) + " " + item.reason + ": " + item.detail + "\n";
        });
    }

    std::string _gone{};

private:
    std::int64_t _steps = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(ItemsTest);

class ItemsOnMySqlTest : public MySqlTestFixture<ItemsTest> {
    CPPUNIT_TEST_SUB_SUITE(ItemsOnMySqlTest, ItemsTest);
    CPPUNIT_TEST(rowsAreNotedWhereServersCountInSteps);
    CPPUNIT_TEST(rowsThatATriggerMovesAreNotNoted);
    CPPUNIT_TEST_SUITE_END();

public:
    void rowsAreNotedWhereServersCountInSteps() {
        session().get() << "SET SESSION auto_increment_increment = 3, SESSION auto_increment_offset = 2",
            Poco::Data::Keywords::now;
        gateway().add({.id = 1, .token = "ann"});
        gateway().add({.id = 2, .token = "bob"});

        run();

        CPPUNIT_ASSERT_EQUAL(rows("id", "validations ORDER BY id"),
                             rows("validation_id", "passerelle_inbox ORDER BY id"));
    }

    /// Better no row than a wrong one.
    void rowsThatATriggerMovesAreNotNoted() {
        db().execute("CREATE TRIGGER moves BEFORE INSERT ON validations FOR EACH ROW SET NEW.user_id = 1");
        gateway().add({.id = 1, .token = "ann"});
        gateway().add({.id = 2, .token = "bob"});

        const auto report = run();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=2 applied=2 acknowledged=2"), counted(report));
        CPPUNIT_ASSERT_EQUAL(0LL, countRows("passerelle_inbox WHERE validation_id IS NOT NULL"));
    }

protected:
    /// Rows that the plugin's own session has read so far.
    std::int64_t workDone() override {
        using namespace Poco::Data::Keywords;
        std::vector<Poco::Tuple<std::string, std::string>> found;
        session().get() << "SHOW SESSION STATUS WHERE Variable_name IN ('Handler_read_next', 'Handler_read_prev', "
                           "'Handler_read_rnd_next', 'Handler_read_rnd')",
            into(found), now;
        std::int64_t sum = 0;
        for (const auto& row : found) sum += std::stoll(row.get<1>());
        return sum;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ItemsOnMySqlTest);
