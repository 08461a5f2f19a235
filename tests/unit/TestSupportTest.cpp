#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>

#include "Poco/Exception.h"
#include "support/Database.h"

using Kind = TestDatabase::Kind;

/// The databases that the other tests stand on.
class TestSupportTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TestSupportTest);
    CPPUNIT_TEST(helpersFillAnSqliteDatabase);
    CPPUNIT_TEST(helpersFillAMySqlDatabase);
    CPPUNIT_TEST(anSqliteDatabaseGoesWithItsObject);
    CPPUNIT_TEST(aMySqlDatabaseGoesWithItsObject);
    CPPUNIT_TEST(enumsAndForeignKeysHoldInSqlite);
    CPPUNIT_TEST(enumsAndForeignKeysHoldInMySql);
    CPPUNIT_TEST_SUITE_END();

public:
    void helpersFillAnSqliteDatabase() { helpersFill(Kind::Sqlite); }
    void helpersFillAMySqlDatabase() { helpersFill(Kind::MySql); }

    void anSqliteDatabaseGoesWithItsObject() {
        std::string file;
        {
            const TestDatabase agora(Kind::Sqlite);
            file = agora.name();
            CPPUNIT_ASSERT(std::filesystem::exists(file));
        }

        CPPUNIT_ASSERT(!std::filesystem::exists(file));
        CPPUNIT_ASSERT(!std::filesystem::exists(std::filesystem::path(file).parent_path()));
    }

    void aMySqlDatabaseGoesWithItsObject() {
        TestDatabase witness(Kind::MySql);
        std::string schema;
        {
            TestDatabase agora(Kind::MySql);
            schema = agora.name();
            agora.session().begin();  // the left-over of a failed test
            agora.addUser(1, "Ada", "Lovelace");
        }

        CPPUNIT_ASSERT(schema != witness.name());
        CPPUNIT_ASSERT_EQUAL(0LL, witness.count("SELECT COUNT(*) FROM information_schema.schemata "
                                                "WHERE schema_name = '" +
                                                schema + "'"));
    }

    void enumsAndForeignKeysHoldInSqlite() { enumsAndForeignKeysHold(Kind::Sqlite); }
    void enumsAndForeignKeysHoldInMySql() { enumsAndForeignKeysHold(Kind::MySql); }

private:
    static void helpersFill(Kind kind) {
        TestDatabase agora(kind);

        agora.addUser(7, "Zoé", "Ünal 🎈");
        agora.addUser(8, "Ada", "Lovelace");
        agora.addCampaign(3, "en_validation", "Printemps");
        agora.addValidator(3, 7);
        agora.addValidator(3, 8);
        agora.addToken("abc", 3, 7, "2026-01-02 03:04:05");
        agora.addToken("def", 3, 8, "2026-01-02 03:04:05", "2026-01-01 00:00:00");
        agora.setSetting("validation_mode", "direct");
        agora.setSetting("validation_mode", "passerelle");
        agora.execute(
            "INSERT INTO campaign_logs (campaign_id, user_id, action, old_values) "
            "VALUES (3, 7, 'status_changed', '{\"statut\":\"en_validation\"}')");

        CPPUNIT_ASSERT_EQUAL(std::string("Zoé Ünal 🎈"), agora.text("SELECT prenom FROM users WHERE id = 7") + " " +
                                                            agora.text("SELECT nom FROM users WHERE id = 7"));
        CPPUNIT_ASSERT_EQUAL(2LL, agora.count("SELECT ordre FROM campaign_validators WHERE user_id = 8"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-02 03:04:05"),
                             agora.text("SELECT expires_at FROM validation_tokens WHERE used_at IS NULL"));
        CPPUNIT_ASSERT_EQUAL(std::string("passerelle"), agora.text("SELECT valeur FROM settings"));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"statut":"en_validation"})"),
                             agora.text("SELECT old_values FROM campaign_logs"));
        CPPUNIT_ASSERT_EQUAL(std::string(), agora.text("SELECT new_values FROM campaign_logs"));
        CPPUNIT_ASSERT_EQUAL(std::string(), agora.text("SELECT nom FROM users WHERE id = 99"));
        CPPUNIT_ASSERT_THROW(agora.count("SELECT id FROM users WHERE id = 99"), Poco::NotFoundException);
    }

    static void enumsAndForeignKeysHold(Kind kind) {
        TestDatabase agora(kind);
        agora.addUser(1, "Ada", "Lovelace");
        agora.addCampaign(1, "en_validation", "Printemps");
        agora.addToken("abc", 1, 1, "2026-01-02 03:04:05");

        CPPUNIT_ASSERT_THROW(agora.addCampaign(2, "inconnu", "Été"), Poco::Exception);
        CPPUNIT_ASSERT_THROW(agora.addToken("def", 1, 2, "2026-01-02 03:04:05"), Poco::Exception);
        CPPUNIT_ASSERT_THROW(agora.addToken("abc", 1, 1, "2026-01-02 03:04:05"), Poco::Exception);
        agora.execute("DELETE FROM campaigns WHERE id = 1");

        CPPUNIT_ASSERT_EQUAL(0LL, agora.count("SELECT COUNT(*) FROM validation_tokens"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TestSupportTest);
