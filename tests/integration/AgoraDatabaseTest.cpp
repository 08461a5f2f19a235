#include "AgoraDatabase.h"
#include "AgoraInspection.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "AgoraTestFixture.h"
#include "MysqlHandle.h"
#include "Poco/Data/MySQL/Utility.h"
#include "carillon/data/TransactionScope.h"

using namespace passerelle;

/// The statements on Agora's own tables.
class AgoraDatabaseTest : public AgoraTestFixture {  // on SQLite
    CPPUNIT_TEST_SUITE(AgoraDatabaseTest);
    CPPUNIT_TEST(settingsAreReadByTheirNames);
    CPPUNIT_TEST(mailAccountIsReadAsAgoraHasIt);
    CPPUNIT_TEST(wrongMailSettingsAreNamed);
    CPPUNIT_TEST(aMissingSettingsTableIsNamed);
    CPPUNIT_TEST(factsAreWhatTheTablesHold);
    CPPUNIT_TEST(tokensAreTakenToTheLetter);
    CPPUNIT_TEST(manyTokensAreFoundInPieces);
    CPPUNIT_TEST(onlyACampaignInValidationHasItsVotesRead);
    CPPUNIT_TEST(effectsAreWrittenRowByRow);
    CPPUNIT_TEST(commentsKeepEveryCharacter);
    CPPUNIT_TEST(aUsedTokenAndAChangedCampaignAreNotOverwritten);
    CPPUNIT_TEST(nothingIsLeftWithoutACommit);
    CPPUNIT_TEST(aSingleStatementAfterATransactionStays);
    CPPUNIT_TEST(expiredTokensAreDeletedOldestFirstAndNoMoreThanAsked);
    CPPUNIT_TEST(tablesAreCountedAndMissingOnesTold);
    CPPUNIT_TEST(tokensAreCountedByTheirState);
    CPPUNIT_TEST(faultsAreToldWithoutTheirStatement);
    CPPUNIT_TEST(aDatabaseThatIsNotThereIsNamed);
    CPPUNIT_TEST_SUITE_END();

public:
    void settingsAreReadByTheirNames() {
        db().setSetting("validation_mode", "passerelle");
        db().setSetting("validation_url", "");
        db().setSetting("validation_passerelle_url", "https://old.example.com");
        db().setSetting("validation_apikey", "clé-" + TestDatabase::rareCharacter());
        db().setSetting("email_password", "not asked for");
        db().execute("INSERT INTO settings (cle, valeur) VALUES ('app_timezone', NULL)");

        const Settings settings = AgoraDatabase(session()).readSettings();

        CPPUNIT_ASSERT(settings.usesGateway());
        CPPUNIT_ASSERT_EQUAL(std::string("https://old.example.com"), settings.url);
        CPPUNIT_ASSERT_EQUAL("clé-" + TestDatabase::rareCharacter(), settings.key);
        CPPUNIT_ASSERT_EQUAL(std::string("Europe/Paris"), settings.agoraZone);
        CPPUNIT_ASSERT_EQUAL(std::size_t{16 << 20}, settings.maxStatementBytes);  // the test server's too
    }

    void mailAccountIsReadAsAgoraHasIt() {
        for (const auto& [name, value] :
             std::map<std::string, std::string>{{"email_host", " smtp.mairie.example "},
                                                {"email_port", ""},
                                                {"email_username", "agora"},
                                                {"email_password", " clé " + TestDatabase::rareCharacter() + " "},
                                                {"email_encryption", "SSL"},
                                                {"email_fromaddress", "agora@mairie.example"},
                                                {"email_fromname", "Mairie d'Agora"}})
            db().setSetting(name, value);

        const auto account = AgoraDatabase(session()).readMailAccount();

        CPPUNIT_ASSERT_EQUAL(std::string("smtp.mairie.example"), account.host);
        CPPUNIT_ASSERT_EQUAL(std::uint16_t{465}, account.port);
        CPPUNIT_ASSERT(account.security == carillon::MailAccount::Security::Tls);
        CPPUNIT_ASSERT_EQUAL(std::string("agora"), account.user);
        CPPUNIT_ASSERT_EQUAL(" clé " + TestDatabase::rareCharacter() + " ", account.password);
        CPPUNIT_ASSERT_EQUAL(std::string("agora@mairie.example"), account.from);
        CPPUNIT_ASSERT_EQUAL(std::string("Mairie d'Agora"), account.name);
        db().setSetting("email_encryption", "tls");
        CPPUNIT_ASSERT_EQUAL(std::uint16_t{587}, AgoraDatabase(session()).readMailAccount().port);
        db().setSetting("email_encryption", "");
        db().setSetting("email_port", "2525");
        CPPUNIT_ASSERT_EQUAL(std::uint16_t{2525}, AgoraDatabase(session()).readMailAccount().port);
    }

    void wrongMailSettingsAreNamed() {
        const auto fault = [this] {
            try {
                AgoraDatabase(session()).readMailAccount();
            } catch (const Poco::Exception& e) {
                return e.message();
            }
            return std::string("none");
        };
        CPPUNIT_ASSERT_EQUAL(std::string("Agora's setting email_host is missing or empty"), fault());
        db().setSetting("email_host", "me:hunter2000@smtp.mairie.example");
        CPPUNIT_ASSERT_EQUAL(
            std::string("Agora's setting email_host holds a user or a password, expected the server's name alone"),
            fault());
        db().setSetting("email_host", "smtp.mairie.example");
        CPPUNIT_ASSERT_EQUAL(std::string("Agora's setting email_fromaddress is missing or empty"), fault());
        db().setSetting("email_port", "70000");
        CPPUNIT_ASSERT_EQUAL(std::string("Agora's setting email_port is '70000', expected a number up to 65535"),
                             fault());
        db().setSetting("email_encryption", "rot13");
        CPPUNIT_ASSERT_EQUAL(std::string("Agora's setting email_encryption is 'rot13', expected tls, ssl or nothing"),
                             fault());
    }

    void aMissingSettingsTableIsNamed() {
        db().execute("DROP TABLE settings");

        const std::string fault = faultOf([this] { AgoraDatabase(session()).readSettings(); });

        CPPUNIT_ASSERT_MESSAGE(fault, fault.starts_with("the database failed to read Agora's settings: "));
        CPPUNIT_ASSERT_MESSAGE(fault, fault.find("settings", 40) != std::string::npos);
    }

    void factsAreWhatTheTablesHold() {
        db().addUser(3, "", "Prince");
        db().addUser(4, "Émile", "");
        db().addCampaign(11, "archivee", "Été");
        db().addToken("carl", 11, 3, "2026-11-30 12:00:00", "2026-11-01 08:00:00");
        db().addToken("dora", 10, 4, "2026-11-30 12:00:00");
        vote(1, "valide");
        vote(1, "valide");
        vote(2, "demande_modification");

        for (const bool lock : {false, true}) {
            const Facts facts = factsOf({"ann", "carl", "dora", "nobody", ""}, lock);

            CPPUNIT_ASSERT_EQUAL(std::size_t{3}, facts.tokens.size());
            CPPUNIT_ASSERT_EQUAL(std::string("10 1 ann 2026-12-01 00:00:00  Ann Arbor"), describe(facts, "ann"));
            CPPUNIT_ASSERT_EQUAL(std::string("11 3 carl 2026-11-30 12:00:00 2026-11-01 08:00:00 Prince"),
                                 describe(facts, "carl"));
            CPPUNIT_ASSERT_EQUAL(std::string("Émile"), facts.tokens.at("dora").userName);
            const CampaignState& campaign = facts.campaigns.at(10);
            CPPUNIT_ASSERT_EQUAL(std::string("en_validation"), campaign.status);
            CPPUNIT_ASSERT(campaign.validators == (std::set<std::int64_t>{1, 2}));
            CPPUNIT_ASSERT(campaign.approvedBy == (std::set<std::int64_t>{1}));
            CPPUNIT_ASSERT(!campaign.refused);
            CPPUNIT_ASSERT_EQUAL(std::string("archivee"), facts.campaigns.at(11).status);
        }
    }

    void tokensAreTakenToTheLetter() {
        db().addToken("Ünal-é", 10, 1, "2026-12-01 00:00:00");

        const Facts facts = factsOf({"ANN", "ann ", "ann", "änn", "Bob", "ünal-é", "Unal-e", "Ünal-é", "bob\t"}, true);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, facts.tokens.size());
        CPPUNIT_ASSERT(facts.tokens.contains("ann") && facts.tokens.contains("Ünal-é"));
    }

    void manyTokensAreFoundInPieces() {
        std::vector<std::string> tokens;
        for (int i = 0; i < 1'203; ++i) tokens.push_back("absent" + std::to_string(i));
        tokens.insert(tokens.begin() + 700, "ann");
        tokens.push_back("bob");

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, factsOf(tokens, true).tokens.size());
    }

    void onlyACampaignInValidationHasItsVotesRead() {
        vote(2, "refuse");
        CPPUNIT_ASSERT(factsOf({"ann"}, true).campaigns.at(10).refused);

        db().execute("UPDATE campaigns SET statut = 'annulee'");

        CPPUNIT_ASSERT(factsOf({"ann"}, true).campaigns.at(10).validators.empty());
    }

    void effectsAreWrittenRowByRow() {
        Effects effects;
        for (int i = 0; i < 277; ++i) {  // in sizes of 250, 25 and 1
            effects.validations.push_back({10, 1 + i % 2, i % 2 == 0 ? Action::Approve : Action::Refuse,
                                           i % 3 == 0 ? std::nullopt : std::optional("c" + std::to_string(i)),
                                           "2026-11-22 10:00:0" + std::to_string(i % 10)});
            effects.logs.push_back({10, 1, "validated", "n" + std::to_string(i), {}, {}});
        }
        effects.usedTokens = {1};
        effects.statuses["refusee"] = {10};

        write(effects, "2026-11-22 11:00:00");
        write(effects, "2026-11-22 12:00:00");

        CPPUNIT_ASSERT_EQUAL(554LL, countRows("validations"));
        CPPUNIT_ASSERT_EQUAL(554LL, countRows("campaign_logs"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("1 valide - 2026-11-22 10:00:00 2026-11-22 11:00:00\n"
                        "2 refuse c1 2026-11-22 10:00:01 2026-11-22 11:00:00"),
            rows("user_id || ' ' || action || ' ' || COALESCE(commentaire, '-') || ' ' || validated_at || "
                 "' ' || created_at",
                 "validations ORDER BY id LIMIT 2"));
        CPPUNIT_ASSERT_EQUAL(std::string("c275"),
                             rows("commentaire", "validations WHERE commentaire = 'c275' ORDER BY id LIMIT 1"));
        CPPUNIT_ASSERT_EQUAL(277LL, db().count("SELECT COUNT(DISTINCT description) FROM campaign_logs"));
        CPPUNIT_ASSERT_EQUAL(std::string("refusee"), campaignStatus());
    }

    void commentsKeepEveryCharacter() {
        const std::string comment =
            "'; DROP TABLE users; -- \\ \" % _ ? \r\n\t é€ \x7f" + TestDatabase::rareCharacter();
        Effects effects;
        effects.validations = {{10, 1, Action::Approve, comment, "2026-11-22 10:00:00"},
                               {10, 1, Action::Approve, "", "2026-11-22 10:00:00"}};

        write(effects, "2026-11-22 11:00:00");

        CPPUNIT_ASSERT_EQUAL(comment + "\n", rows("commentaire", "validations ORDER BY id"));
    }

    void aUsedTokenAndAChangedCampaignAreNotOverwritten() {
        db().execute("UPDATE validation_tokens SET used_at = '2026-01-01 00:00:00' WHERE id = 1");
        db().execute("UPDATE campaigns SET statut = 'archivee'");
        Effects effects;
        effects.usedTokens = {1, 2};
        effects.statuses["validee"] = {10};

        write(effects, "2026-11-22 11:00:00");

        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-01 00:00:00\n2026-11-22 11:00:00"),
                             rows("used_at", "validation_tokens ORDER BY id"));
        CPPUNIT_ASSERT_EQUAL(std::string("archivee"), campaignStatus());
    }

    void nothingIsLeftWithoutACommit() {
        const std::string before = everything();
        {
            AgoraDatabase database(session());
            const carillon::TransactionScope transaction(session().get());
            Effects effects;
            effects.validations = {{10, 1, Action::Approve, "x", "2026-11-22 10:00:00"}};
            effects.usedTokens = {1};
            database.write(effects, "2026-11-22 11:00:00");
        }

        CPPUNIT_ASSERT_EQUAL(before, everything());
    }

    void aSingleStatementAfterATransactionStays() {
        write({}, "2026-11-22 11:00:00");
        session().get() << "UPDATE campaigns SET titre = 'Hiver'", Poco::Data::Keywords::now;

        openSession();

        CPPUNIT_ASSERT_EQUAL(std::string("Hiver"), db().text("SELECT titre FROM campaigns"));
    }

    void expiredTokensAreDeletedOldestFirstAndNoMoreThanAsked() {
        db().addToken("old1", 10, 1, "2026-01-02 00:00:00");
        db().addToken("old0", 10, 1, "2026-01-01 00:00:00", "2025-12-31 00:00:00");
        db().addToken("old2", 10, 1, "2026-01-03 00:00:00");
        db().addToken("edge", 10, 1, "2026-02-01 00:00:00");
        AgoraDatabase database(session());

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, database.deleteExpiredTokens("2026-02-01 00:00:00", 2));
        CPPUNIT_ASSERT_EQUAL(std::string("ann\nbob\nold2\nedge"), rows("token", "validation_tokens ORDER BY id"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, database.deleteExpiredTokens("2026-02-01 00:00:00", 2));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, database.deleteExpiredTokens("2026-02-01 00:00:00", 2));
        CPPUNIT_ASSERT_EQUAL(std::string("ann\nbob\nedge"), rows("token", "validation_tokens ORDER BY id"));
    }

    void tablesAreCountedAndMissingOnesTold() {
        db().execute("DROP TABLE campaign_logs");

        std::string counts;
        for (const auto& table : AgoraInspection(session()).countTables())
            counts += table.table + "=" + (table.rows ? std::to_string(*table.rows) : "missing") + " ";

        CPPUNIT_ASSERT_EQUAL(std::string("settings=0 users=2 campaigns=1 campaign_validators=2 validation_tokens=2 "
                                         "validations=0 campaign_logs=missing "),
                             counts);
    }

    void tokensAreCountedByTheirState() {
        db().addToken("late", 10, 1, "2026-11-22 11:29:59");
        db().addToken("last", 10, 1, "2026-11-22 11:30:00");
        db().addToken("used", 10, 1, "2026-01-01 00:00:00", "2025-12-31 00:00:00");

        const TokenCounts counts = AgoraInspection(session()).countTokens("2026-11-22 11:30:00");

        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, counts.active);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, counts.used);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, counts.expired);
    }

    void faultsAreToldWithoutTheirStatement() {
        const std::string fault = faultOf([this] {
            session().withRetries("store a batch", [this] {
                session().get() << "INSERT INTO validations (campaign_id, user_id, action, validated_at) VALUES "
                                   "(4711, 1, 'valide', '2026-11-22 10:00:00')",
                    Poco::Data::Keywords::now;
            });
        });

        CPPUNIT_ASSERT_MESSAGE(fault, fault.starts_with("the database failed to store a batch: "));
        CPPUNIT_ASSERT_MESSAGE(fault, fault.find("4711") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(fault, fault.find('\n') == std::string::npos && fault.size() < 400);
    }

    void aDatabaseThatIsNotThereIsNamed() {
        auto options = databaseOptions();
        options.connection = isSqlite() ? "/no/such/agora.db" : "";
        options.host = "127.0.0.1";
        options.port = 1;
        options.name = "agora";
        options.user = "sync";
        options.password = "hush";
        options.timeout = std::chrono::seconds(1);

        const std::string fault = faultOf([&] { const AgoraSession lost(options, context()); });

        CPPUNIT_ASSERT_MESSAGE(
            fault, fault.starts_with(isSqlite() ? "cannot open the database /no/such/agora.db: there is no such file"
                                                : "cannot open the database agora at 127.0.0.1:1 as user sync: "));
        CPPUNIT_ASSERT_MESSAGE(fault, fault.ends_with("; see the keys task.database.*"));
        CPPUNIT_ASSERT_MESSAGE(fault, fault.find("hush") == std::string::npos);
    }

protected:
    Facts factsOf(const std::vector<std::string>& tokens, bool lock) {
        std::vector<Validation> items(tokens.size());
        for (std::size_t i = 0; i < tokens.size(); ++i) items[i].token = tokens[i];
        Facts facts;
        carillon::TransactionScope transaction(session().get());
        AgoraDatabase(session()).readFacts(items, facts, lock);
        transaction.commit();
        return facts;
    }
    void write(Effects effects, const std::string& now) {
        AgoraDatabase database(session());
        carillon::TransactionScope transaction(session().get());
        database.write(effects, now);
        transaction.commit();
    }
    void vote(int user, const std::string& action) {
        db().execute("INSERT INTO validations (campaign_id, user_id, action, validated_at) VALUES (10, " +
                     std::to_string(user) + ", '" + action + "', '2026-11-20 10:00:00')");
    }
    static std::string describe(const Facts& facts, const std::string& token) {
        const TokenRow& row = facts.tokens.at(token);
        return std::to_string(row.campaign) + " " + std::to_string(row.user) + " " + row.token + " " + row.expiresAt +
               " " + row.usedAt + " " + row.userName;
    }
    static std::string faultOf(const std::function<void()>& work) {
        try {
            work();
        } catch (const DatabaseFailed& e) {
            return e.message();
        }
        return "(no fault)";
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AgoraDatabaseTest);

/// SQLite keeps the tokens of users who are gone where its foreign keys are off.
class AgoraDatabaseOrphansTest : public AgoraTestFixture {
    CPPUNIT_TEST_SUITE(AgoraDatabaseOrphansTest);
    CPPUNIT_TEST(aUserWhoIsGoneHasNoName);
    CPPUNIT_TEST_SUITE_END();

public:
    void aUserWhoIsGoneHasNoName() {
        db().execute("PRAGMA foreign_keys = OFF");
        db().execute("DELETE FROM users WHERE id = 1");
        session().get() << "PRAGMA foreign_keys = OFF", Poco::Data::Keywords::now;
        gateway().add({.id = 1, .token = "ann"});

        run();

        CPPUNIT_ASSERT_EQUAL(std::string("Validation par Validateur inconnu (synchronisé depuis la passerelle)"),
                             rows("description", "campaign_logs"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AgoraDatabaseOrphansTest);

/// The same on a server.
class AgoraDatabaseOnMySqlTest : public MySqlTestFixture<AgoraDatabaseTest> {
    CPPUNIT_TEST_SUB_SUITE(AgoraDatabaseOnMySqlTest, AgoraDatabaseTest);
    CPPUNIT_TEST(twoTokensThatTheCollationTakesForOneAreTwo);
    CPPUNIT_TEST(tokensOfAnyCharactersAreLookedUpInAnyColumn);
    CPPUNIT_TEST(logTextsLoseOnlyWhatTheirColumnCannotHold);
    CPPUNIT_TEST(commentsAreNeverChangedToFit);
    CPPUNIT_TEST(sessionsAreInAKnownStateAlsoWhenOpenedAnew);
    CPPUNIT_TEST(timestampsAreTheInstantThatAgorasClocksShow);
    CPPUNIT_TEST(unknownZonesAreNamed);
    CPPUNIT_TEST(localhostWithAPortIsTheServerOfThatPort);
    CPPUNIT_TEST(characterSetOfAConnectionStringIsOurs);
    CPPUNIT_TEST(whatIsNotInForceOnAConnectionIsTold);
    CPPUNIT_TEST(trialLeavesNothing);
    CPPUNIT_TEST(runWithNothingToDoIsFourStatements);
    CPPUNIT_TEST_SUITE_END();

public:
    void twoTokensThatTheCollationTakesForOneAreTwo() {
        db().execute("ALTER TABLE validation_tokens MODIFY token VARCHAR(64) COLLATE utf8mb4_bin NOT NULL");
        db().addToken("ANN", 10, 2, "2026-12-01 00:00:00");

        const Facts facts = factsOf({"ann", "ANN", "Ann"}, true);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, facts.tokens.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, facts.tokens.at("ann").user);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, facts.tokens.at("ANN").user);
    }

    void tokensOfAnyCharactersAreLookedUpInAnyColumn() {
        db().addToken("Ünal-é", 10, 1, "2026-12-01 00:00:00");
        for (const std::string type : {"latin1", "utf8mb3", "utf8mb4", "utf16"}) {
            db().execute("ALTER TABLE validation_tokens MODIFY token VARCHAR(64) CHARACTER SET " + type + " NOT NULL");

            const Facts facts = factsOf({"ann", "Ünal-é", "ünal-é", "jeton-😀", "→"}, true);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(type, std::size_t{2}, facts.tokens.size());
            CPPUNIT_ASSERT_MESSAGE(type, facts.tokens.contains("ann") && facts.tokens.contains("Ünal-é"));
        }
    }

    void logTextsLoseOnlyWhatTheirColumnCannotHold() {
        Effects effects;
        for (const std::string text : {"Validation par Zoé 😀", "En validation → Validée", "plain"})
            effects.logs.push_back({10, 1, "validated", text, {}, {}});
        const std::map<std::string, std::string> stored{
            {"latin1", "Validation par Zoé ?\nEn validation ? Validée\nplain"},
            {"ascii", "Validation par Zo? ?\nEn validation ? Valid?e\nplain"},
            {"utf8mb3", "Validation par Zoé ?\nEn validation → Validée\nplain"},
            {"utf8mb4", "Validation par Zoé 😀\nEn validation → Validée\nplain"}};
        for (const auto& [characterSet, expected] : stored) {
            db().execute("DELETE FROM campaign_logs");
            db().execute("ALTER TABLE campaign_logs MODIFY description TEXT CHARACTER SET " + characterSet);

            write(effects, "2026-11-22 11:00:00");

            CPPUNIT_ASSERT_EQUAL_MESSAGE(characterSet, expected, rows("description", "campaign_logs ORDER BY id"));
        }
    }

    void commentsAreNeverChangedToFit() {
        db().execute("ALTER TABLE validations MODIFY commentaire TEXT CHARACTER SET latin1");
        Effects effects;
        effects.validations = {{10, 1, Action::Approve, "d'accord 😀", "2026-11-22 10:00:00"}};

        CPPUNIT_ASSERT_THROW(write(effects, "2026-11-22 11:00:00"), Poco::Data::DataException);

        CPPUNIT_ASSERT_EQUAL(0LL, countRows("validations"));
    }

    void sessionsAreInAKnownStateAlsoWhenOpenedAnew() {
        const std::string known =
            "+01:00 utf8mb4 utf8mb4 NO_AUTO_VALUE_ON_ZERO,STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION READ-COMMITTED";
        CPPUNIT_ASSERT_EQUAL(known, stateOf(session().forTransaction()));

        context().settableClock().set(std::chrono::sys_days(std::chrono::year(2026) / 7 / 1));
        CPPUNIT_ASSERT_EQUAL("+02:00" + known.substr(6), stateOf(session().forTransaction()));

        session().useZone("America/St_Johns");
        db().execute("KILL " + std::to_string(connectionOf(session().get())));
        std::string after;
        session().withRetries("look", [&] { after = stateOf(session().forTransaction()); });
        CPPUNIT_ASSERT_EQUAL("-02:30" + known.substr(6), after);
    }

    void timestampsAreTheInstantThatAgorasClocksShow() {
        Effects effects;
        effects.validations = {{10, 1, Action::Approve, "x", "2026-11-22 10:00:00"}};

        write(effects, "2026-11-22 11:30:00");

        CPPUNIT_ASSERT_EQUAL(1'795'343'400LL, db().count("SELECT UNIX_TIMESTAMP(created_at) FROM validations"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-22 10:00:00"), db().text("SELECT validated_at FROM validations"));
    }

    void unknownZonesAreNamed() {
        session().useZone("Europe/Atlantis");

        CPPUNIT_ASSERT_THROW(session().forTransaction(), Poco::NotFoundException);
    }

    void localhostWithAPortIsTheServerOfThatPort() {
        DatabaseOptions options;
        options.host = "localhost";
        options.port = db().count("SELECT @@port");
        options.portGiven = true;
        options.name = db().name();
        options.user = std::getenv("CARILLON_TEST_MYSQL_USER");
        options.password = std::getenv("CARILLON_TEST_MYSQL_PASSWORD");
        DatabaseOptions written;
        written.connection = "host=localhost;port=" + std::to_string(options.port) + ";db=" + options.name +
                             ";user=" + options.user + ";password=" + options.password;

        for (const auto& each : {options, written}) {
            AgoraSession local(each, context());
            std::int64_t port = 0;
            local.get() << "SELECT @@port", Poco::Data::Keywords::into(port), Poco::Data::Keywords::now;
            CPPUNIT_ASSERT_EQUAL(options.port, port);
        }
        options.port = 1;
        const std::string fault = faultOf([&] { const AgoraSession lost(options, context()); });
        CPPUNIT_ASSERT_MESSAGE(fault,
                               fault.find("localhost:1 by TCP (without task.database.port") != std::string::npos);
    }

    void characterSetOfAConnectionStringIsOurs() {
        DatabaseOptions options = databaseOptions();
        options.connection += ";character-set=latin1";
        AgoraSession other(options, context());

        CPPUNIT_ASSERT_EQUAL(std::string("utf8mb4"), textOf(other.get(), "@@character_set_client"));
    }

    void whatIsNotInForceOnAConnectionIsTold() {
        auto* ours = Poco::Data::MySQL::Utility::handle(session().get());
        const MysqlHandleOptions asked{std::chrono::seconds(30)};
        MysqlHandleOptions encrypted = asked;
        encrypted.tls = true;
        MysqlHandleOptions byTcp = asked;
        byTcp.tcp = true;

        CPPUNIT_ASSERT_EQUAL(std::string("its time limit"), lackingBefore(asked));
        const MysqlHandleScope scope(asked);
        CPPUNIT_ASSERT_EQUAL(std::string(), lackingBefore(asked));
        CPPUNIT_ASSERT_EQUAL(std::string("its encryption"), lackingBefore(encrypted));
        CPPUNIT_ASSERT_EQUAL(std::string("the way by TCP"), lackingBefore(byTcp));
        CPPUNIT_ASSERT_EQUAL(std::string(), lackingOn(ours, asked));
        CPPUNIT_ASSERT_EQUAL(std::string("its encryption"), lackingOn(ours, encrypted));
    }

    void trialLeavesNothing() {
        const std::string before = everything();
        const std::string counters =
            "SELECT GROUP_CONCAT(auto_increment ORDER BY table_name) FROM information_schema.tables WHERE "
            "table_schema = DATABASE() AND table_name IN ('validations', 'campaign_logs')";
        const std::string countersBefore = db().text(counters);

        CPPUNIT_ASSERT(AgoraInspection(session()).tryWriting("2026-11-22 11:30:00"));

        CPPUNIT_ASSERT_EQUAL(before, everything());
        CPPUNIT_ASSERT_EQUAL(countersBefore, db().text(counters));
        db().execute("UPDATE validation_tokens SET used_at = '2026-01-01 00:00:00'");
        CPPUNIT_ASSERT(!AgoraInspection(session()).tryWriting("2026-11-22 11:30:00"));
        CPPUNIT_ASSERT_EQUAL(0LL, countRows("validations"));
    }

    void runWithNothingToDoIsFourStatements() {
        db().setSetting("validation_mode", "passerelle");
        openSession();
        const auto statements = [this] {
            return std::stoi(textOf(session().get(),
                                    "(SELECT variable_value FROM information_schema.session_status WHERE "
                                    "variable_name = 'QUESTIONS')"));
        };
        const int before = statements();

        AgoraDatabase(session()).readSettings();
        CPPUNIT_ASSERT_EQUAL(std::string("nothing pending on the gateway"), run().message.text);

        CPPUNIT_ASSERT_EQUAL(before + 2 + 2 + 1, statements());  // a sample of an empty inbox, and the question
    }

private:
    static std::string textOf(Poco::Data::Session& session, const std::string& expression) {
        std::string text;
        session << "SELECT CAST(" + expression + " AS CHAR(200))", Poco::Data::Keywords::into(text),
            Poco::Data::Keywords::now;
        return text;
    }
    static std::string stateOf(Poco::Data::Session& session) {
        return textOf(session,
                      "CONCAT_WS(' ', @@time_zone, @@character_set_client, @@character_set_results, @@sql_mode, "
                      "@@tx_isolation)");
    }
    static std::int64_t connectionOf(Poco::Data::Session& session) {
        return std::stoll(textOf(session, "CONNECTION_ID()"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AgoraDatabaseOnMySqlTest);
