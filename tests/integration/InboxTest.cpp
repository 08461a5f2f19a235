#include "Inbox.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

#include "AgoraTestFixture.h"
#include "Decision.h"
#include "Rejects.h"
#include "carillon/data/TransactionScope.h"

using namespace passerelle;
using namespace std::chrono_literals;

/// The plugin's own table.
class InboxTest : public AgoraTestFixture {  // on SQLite
    CPPUNIT_TEST_SUITE(InboxTest);
    CPPUNIT_TEST(migrationsMayBeRepeated);
    CPPUNIT_TEST(existenceIsTold);
    CPPUNIT_TEST(storedItemsAreKnown);
    CPPUNIT_TEST(identitiesAreKnownToTheLetter);
    CPPUNIT_TEST(manyItemsAreStoredAndKnown);
    CPPUNIT_TEST(itemsSeenAgainKeepTheirDecision);
    CPPUNIT_TEST(storingRollsBackWithItsTransaction);
    CPPUNIT_TEST(aListingIsOpenUntilItIsClosed);
    CPPUNIT_TEST(aListingIsOpenedAgainAfterARollback);
    CPPUNIT_TEST(whatACompleteListingLacksIsDone);
    CPPUNIT_TEST(rejectsAreListedInPages);
    CPPUNIT_TEST(payloadsOfRejectsComeBackWhole);
    CPPUNIT_TEST(longDetailsAreCutAtACharacter);
    CPPUNIT_TEST(aResettledItemIsNoRejectAnyMore);
    CPPUNIT_TEST(onlyOldAcknowledgedAppliedItemsAreDeleted);
    CPPUNIT_TEST(countsAreByState);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        AgoraTestFixture::setUp();
        _inbox = std::make_unique<Inbox>(session(), context().clock());
    }
    void tearDown() override {
        _inbox.reset();
        AgoraTestFixture::tearDown();
    }

    void migrationsMayBeRepeated() {
        store({row("a", Ending::Applied)});

        for (int i = 0; i < 3; ++i) _inbox->migrate();

        CPPUNIT_ASSERT_EQUAL(1LL, countRows("passerelle_inbox"));
        CPPUNIT_ASSERT_EQUAL(2LL, countRows("passerelle_migration"));
    }

    void existenceIsTold() {
        CPPUNIT_ASSERT(_inbox->exists());

        db().execute("DROP TABLE passerelle_inbox");

        CPPUNIT_ASSERT(!_inbox->exists());
    }

    void storedItemsAreKnown() {
        store({row("a", Ending::Applied), row("b", Ending::Rejected)});

        const auto known = knownOf({"a", "b", "c"});

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, known.size());
        CPPUNIT_ASSERT(known.at("a").applied && !known.at("b").applied);
        CPPUNIT_ASSERT_EQUAL(std::string(32, 'd'), known.at("a").digest);
    }

    void identitiesAreKnownToTheLetter() {
        store({row("abc", Ending::Applied), row("ABC", Ending::Rejected)});

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, knownOf({"abc", "ABC", "Abc", "abd"}).size());
    }

    void manyItemsAreStoredAndKnown() {
        std::vector<InboxRow> rows;
        std::vector<std::string> identities;
        for (int i = 0; i < 1'277; ++i) {
            identities.push_back("i" + std::to_string(i));
            rows.push_back(row(identities.back(), Ending::Applied, i + 1));
            rows.back().payload = std::string(i % 100 == 0 ? 300'000 : 10, 'p');
        }

        store(rows);

        CPPUNIT_ASSERT_EQUAL(identities.size(), knownOf(identities).size());
        CPPUNIT_ASSERT_EQUAL(1'277LL, db().count("SELECT COUNT(DISTINCT gateway_id) FROM passerelle_inbox"));
        CPPUNIT_ASSERT_EQUAL(13LL, db().count("SELECT COUNT(*) FROM passerelle_inbox WHERE LENGTH(payload) = 300000"));
    }

    void itemsSeenAgainKeepTheirDecision() {
        store({row("a", Ending::Rejected, 1)});
        closeListing();
        InboxRow again = row("a", Ending::Duplicate, 9);
        again.payload = "another";
        Effects effects;
        effects.redelivered = {again};

        store(effects, {"http://g2", "run-2"});

        CPPUNIT_ASSERT_EQUAL(std::string("a rejected unknown_token 9 open"), inbox());
        CPPUNIT_ASSERT_EQUAL(std::string("http://g2 run-2 {}"),
                             rows("gateway || ' ' || run || ' ' || payload", "passerelle_inbox"));
    }

    void storingRollsBackWithItsTransaction() {
        {
            const carillon::TransactionScope transaction(session().get());
            Effects effects;
            effects.received = {row("a", Ending::Applied)};
            _inbox->store(effects, kListing);
            _inbox->forgetStatements();
        }

        CPPUNIT_ASSERT_EQUAL(0LL, countRows("passerelle_inbox"));
    }

    void aListingIsOpenUntilItIsClosed() {
        store({row("a", Ending::Applied, 1), row("b", Ending::Rejected, 2)});
        store({row("c", Ending::Applied, 3)});
        const auto before = _inbox->counts().unacknowledged;

        _inbox->closeListing(kListing, {});

        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, before);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, _inbox->counts().unacknowledged);
        CPPUNIT_ASSERT_EQUAL(std::string("run-1 2026-11-22 10:30:00 2026-11-22 10:30:00"),
                             rows("run || ' ' || opened_at || ' ' || closed_at", "passerelle_listing"));
    }

    void whatACompleteListingLacksIsDone() {
        store({row("old", Ending::Applied, 1)}, {"http://g", "run-0"});
        store({row("other", Ending::Applied, 2)}, {"http://g2", "run-0"});
        auto earlier = _inbox->standing("http://g").openListings;
        context().settableClock().advance(-1min);
        store({row("rival", Ending::Applied, 3)}, {"http://g", "run-2"});
        store({row("new", Ending::Applied, 4)});

        _inbox->closeListing(kListing, std::move(earlier));

        CPPUNIT_ASSERT_EQUAL(
            std::string("old applied - 1 acked\nother applied - 2 open\nrival applied - 3 open\nnew applied - 4 acked"),
            inbox());
    }

    void aListingIsOpenedAgainAfterARollback() {
        {
            carillon::TransactionScope transaction(session().get());
            Effects effects;
            effects.received = {row("a", Ending::Applied, 1)};
            _inbox->store(effects, kListing);
        }
        _inbox->forgetStatements();

        store({row("a", Ending::Applied, 1)});

        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, _inbox->counts().unacknowledged);
    }

    void rejectsAreListedInPages() {
        for (int i = 1; i <= 5; ++i) {
            InboxRow reject = row("r" + std::to_string(i), Ending::Rejected, i);
            reject.payload = R"({"token":"5feceb66ffc86f38d952786c6d696c79","x":1})";
            store({reject, row("a" + std::to_string(i), Ending::Applied, i)});
        }

        const auto first = putAside().list({0, 3});
        const auto rest = putAside().list({first.back().id, 3});

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, first.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rest.size());
        CPPUNIT_ASSERT(first[0].id < first[1].id && first[2].id < rest[0].id);
        CPPUNIT_ASSERT_EQUAL(std::string("token 5feceb66"), first[0].what);
        CPPUNIT_ASSERT_EQUAL(std::string("unknown_token"), first[0].reason);
        CPPUNIT_ASSERT_EQUAL(std::string("Agora has no such token"), first[0].detail.text);
        CPPUNIT_ASSERT_EQUAL(std::string("run-1"), first[0].run);
        CPPUNIT_ASSERT(first[0].receivedAt == context().clock().now());
    }

    void payloadsOfRejectsComeBackWhole() {
        for (const std::size_t characters : {std::size_t{0}, std::size_t{7'999}, std::size_t{8'000}, std::size_t{8'001},
                                             std::size_t{16'000}, std::size_t{100'000}}) {
            std::string payload;
            for (std::size_t i = 0; i < characters; ++i) payload += i % 3 == 0 ? "😀" : i % 3 == 1 ? "é" : " ";
            InboxRow reject = row("p" + std::to_string(characters), Ending::Rejected);
            reject.payload = payload;
            store({reject});

            const auto found = putAside().payload(putAside().list({0, 100}).back().id);

            CPPUNIT_ASSERT(found == payload);
        }
        store({row("applied", Ending::Applied)});
        CPPUNIT_ASSERT(!putAside().payload(db().count("SELECT MAX(id) FROM passerelle_inbox")).has_value());
        CPPUNIT_ASSERT(!putAside().payload(99'999).has_value());
    }

    void longDetailsAreCutAtACharacter() {
        for (std::size_t padding = 246; padding <= 252; ++padding) {
            InboxRow reject = row("d" + std::to_string(padding), Ending::Rejected);
            reject.decision.detail = std::string(padding, 'x') + "😀é€😀";
            store({reject});

            const std::string stored = putAside().list({0, 100}).back().detail;

            CPPUNIT_ASSERT(stored.ends_with("…"));
            CPPUNIT_ASSERT((reject.decision.detail.text + "…").starts_with(stored.substr(0, stored.size() - 3)));
            CPPUNIT_ASSERT(stored.size() <= 255);
        }
    }

    void aResettledItemIsNoRejectAnyMore() {
        store({row("a", Ending::Rejected), row("b", Ending::Rejected)});
        const auto rejects = putAside().list({0, 10});
        InboxRow applied;
        applied.decision.ending = Ending::Applied;
        InboxRow expired;
        expired.decision.reason = Reason::TokenExpired;
        expired.decision.detail = "too late";

        putAside().resettle(rejects[0].id, applied, "replay-1");
        putAside().resettle(rejects[1].id, expired, "replay-1");

        CPPUNIT_ASSERT_EQUAL(std::string("applied - - replay-1\nrejected token_expired too late replay-1"),
                             rows("state || ' ' || COALESCE(reason, '-') || ' ' || COALESCE(detail, '-') || ' ' || run",
                                  "passerelle_inbox ORDER BY id"));
    }

    void onlyOldAcknowledgedAppliedItemsAreDeleted() {
        store({row("old", Ending::Applied), row("old reject", Ending::Rejected)});
        store({row("open", Ending::Applied)}, {"http://g2", "run-1"});
        store({row("seen again", Ending::Applied)});
        closeListing();
        context().settableClock().advance(24h);
        Effects again;
        again.redelivered = {row("seen again", Ending::Applied)};
        store(again, {"http://g", "run-2"});
        store({row("new", Ending::Applied)}, {"http://g", "run-2"});

        const auto deleted = _inbox->deleteAcknowledged(context().clock().now(), 100);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, deleted);
        CPPUNIT_ASSERT_EQUAL(std::string("old reject\nopen\nseen again\nnew"),
                             rows("identity", "passerelle_inbox ORDER BY id"));
    }

    void countsAreByState() {
        store({row("a", Ending::Applied), row("b", Ending::Applied), row("c", Ending::Rejected)});
        closeListing();
        store({row("d", Ending::Rejected)}, {"http://g", "run-2"});

        const InboxCounts counts = _inbox->counts();

        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, counts.applied);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, counts.rejected);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, counts.unacknowledged);
    }

private:
    inline static const Listing kListing{"http://g", "run-1"};

    static InboxRow row(const std::string& identity, Ending ending, std::int64_t gatewayId = 1) {
        InboxRow row;
        row.identity = identity;
        row.digest = std::string(32, 'd');
        row.gatewayId = gatewayId;
        row.payload = "{}";
        row.decision.ending = ending;
        if (ending == Ending::Rejected) {
            row.decision.reason = Reason::UnknownToken;
            row.decision.detail = "Agora has no such token";
        }
        return row;
    }
    Rejects putAside() { return Rejects(session()); }

    void store(const Effects& effects, const Listing& listing) {
        carillon::TransactionScope transaction(session().get());
        _inbox->store(effects, listing);
        transaction.commit();
    }
    void store(const std::vector<InboxRow>& rows, const Listing& listing = kListing) {
        Effects effects;
        effects.received = rows;
        store(effects, listing);
    }
    std::unordered_map<std::string, KnownAnswer> knownOf(const std::vector<std::string>& identities) {
        return _inbox->known(identities);
    }
    void closeListing() { _inbox->closeListing(kListing, {}); }

    std::unique_ptr<Inbox> _inbox{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(InboxTest);

/// The same on a server.
class InboxOnMySqlTest : public MySqlTestFixture<InboxTest> {
    CPPUNIT_TEST_SUB_SUITE(InboxOnMySqlTest, InboxTest);
    CPPUNIT_TEST(tablesAreMadeWhereKeysAreShort);
    CPPUNIT_TEST_SUITE_END();

public:
    void tablesAreMadeWhereKeysAreShort() {
        for (const std::string format : {"COMPACT", "REDUNDANT"}) {
            db().execute("SET GLOBAL innodb_default_row_format = " + format);
            try {
                db().execute("DROP TABLE passerelle_inbox, passerelle_listing, passerelle_migration");
                Inbox(session(), context().clock()).migrate();
            } catch (...) {
                db().execute("SET GLOBAL innodb_default_row_format = DYNAMIC");
                throw;
            }
            db().execute("SET GLOBAL innodb_default_row_format = DYNAMIC");
            CPPUNIT_ASSERT_EQUAL(
                3LL, db().count("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                                "table_name LIKE 'passerelle%' AND row_format = '" +
                                format + "'"));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(InboxOnMySqlTest);
