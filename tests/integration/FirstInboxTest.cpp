#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "AgoraTestFixture.h"
#include "carillon/data/TransactionScope.h"

using namespace passerelle;

namespace {

// As 001_inbox.sql made them.
constexpr const char* kInbox = R"sql(
    CREATE TABLE passerelle_inbox (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      identity VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      digest CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      reason VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
      detail VARCHAR(255) NULL,
      payload LONGTEXT NOT NULL,
      received_at DATETIME NOT NULL,
      run VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      gateway VARCHAR(255) NOT NULL,
      gateway_id BIGINT NOT NULL,
      UNIQUE KEY passerelle_inbox_identity (identity),
      KEY passerelle_inbox_state (state, received_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4)sql";
constexpr const char* kListing = R"sql(
    CREATE TABLE passerelle_listing (
      run VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      gateway VARCHAR(255) NOT NULL,
      opened_at DATETIME NOT NULL,
      closed_at DATETIME NULL,
      PRIMARY KEY (run, gateway)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4)sql";

}  // namespace

/// Databases that an earlier version of the plugin has been at work in.
class FirstInboxTest : public MySqlTestFixture<AgoraTestFixture> {
    CPPUNIT_TEST_SUITE(FirstInboxTest);
    CPPUNIT_TEST(tablesOfTheFirstVersionGoOn);
    CPPUNIT_TEST(tableThatTheFirstVersionCouldNotMakeIsMade);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        MySqlTestFixture::setUp();
        db().execute("DROP TABLE passerelle_inbox, passerelle_listing");
        db().execute("DELETE FROM passerelle_migration WHERE name = '004_items.sql'");
        db().execute("UPDATE passerelle_migration SET name = '001_inbox.sql', checksum = 'of then'");
        db().execute(kInbox);
    }

    void tablesOfTheFirstVersionGoOn() {
        db().execute(kListing);

        requireWork();

        CPPUNIT_ASSERT_EQUAL(std::string("001_inbox.sql\n002_inbox.sql\n004_items.sql"),
                             rows("name", "passerelle_migration ORDER BY name"));
        CPPUNIT_ASSERT_EQUAL(std::string("utf8mb4"), characterSetOf("passerelle_listing"));
    }

    /// Its keys were too long for some servers.
    void tableThatTheFirstVersionCouldNotMakeIsMade() {
        db().execute("DELETE FROM passerelle_migration");

        requireWork();

        CPPUNIT_ASSERT_EQUAL(std::string("ascii"), characterSetOf("passerelle_listing"));
    }

private:
    /// A run, one that is cut before it acknowledges, a replay and the cleaning.
    void requireWork() {
        gateway().add({.id = 1, .token = "ann"});
        gateway().add({.id = 2, .token = "carl"});
        gateway().acknowledgesUntilFault = 0;
        CPPUNIT_ASSERT_EQUAL(std::string("failed fetched=2 applied=1 rejected=1"), counted(run()));
        Inbox inbox(session(), context().clock());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, inbox.counts().unacknowledged);
        gateway().acknowledgesUntilFault = -1;
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=2 duplicate=2 acknowledged=2"), counted(run()));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, inbox.counts().unacknowledged);
        db().addToken("carl", 10, 1, "2026-12-01 00:00:00");
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1"), counted(replay({})));
        context().settableClock().advance(std::chrono::days(400));
        const auto later = context().clock().now();
        carillon::TransactionScope transaction(session().forTransaction());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, inbox.deleteAcknowledged(later, 10));
        transaction.commit();
    }
    std::string characterSetOf(const std::string& table) {
        return db().text(
            "SELECT character_set_name FROM information_schema.columns WHERE table_schema = DATABASE() AND "
            "table_name = '" +
            table + "' AND column_name = 'gateway'");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FirstInboxTest);
