#include "TokensClean.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <map>
#include <string>

#include "AgoraTestFixture.h"
#include "config/SourceReader.h"

using namespace passerelle;
using namespace std::chrono_literals;

/// The daily clean-up, as the host calls it. It is 2026-11-22 11:30:00 in Agora.
class TokensCleanTest : public AgoraTestFixture {  // on SQLite
    CPPUNIT_TEST_SUITE(TokensCleanTest);
    CPPUNIT_TEST(tokensAreDeletedWhenTheirDaysAreOver);
    CPPUNIT_TEST(theDaysAreAgorasAlsoOverAChangeOfTheClocks);
    CPPUNIT_TEST(manyTokensAreDeletedBatchByBatch);
    CPPUNIT_TEST(aStopRequestKeepsWhatIsDone);
    CPPUNIT_TEST(inboxRowsAreDeletedWhenNobodyNeedsThem);
    CPPUNIT_TEST(nothingOldIsNothingToDo);
    CPPUNIT_TEST(theInboxNeedNotBeThere);
    CPPUNIT_TEST(theCheckCountsAndWritesNothing);
    CPPUNIT_TEST_SUITE_END();

public:
    void tokensAreDeletedWhenTheirDaysAreOver() {
        db().addToken("a second over", 10, 1, "2026-10-23 12:29:59");  // in summer time
        db().addToken("to the second", 10, 1, "2026-10-23 12:30:00");
        db().addToken("used and over", 10, 1, "2026-01-01 00:00:00", "2025-12-31 00:00:00");

        const auto report = clean("30");

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded tokens_deleted=2"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("2 tokens expired more than 30 days ago and 0 inbox rows deleted"),
                             report.message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("ann\nbob\nto the second"), rows("token", "validation_tokens ORDER BY id"));
    }

    void theDaysAreAgorasAlsoOverAChangeOfTheClocks() {
        db().setSetting("app_timezone", "America/Cayenne");  // 07:30 there
        db().addToken("over", 10, 1, "2026-11-21 07:29:59");
        db().addToken("not yet", 10, 1, "2026-11-21 07:30:00");

        clean("1");

        CPPUNIT_ASSERT_EQUAL(std::string("ann\nbob\nnot yet"), rows("token", "validation_tokens ORDER BY id"));
    }

    void manyTokensAreDeletedBatchByBatch() {
        addOldTokens(2'600);
        int steps = 0;
        context().onProgress = [&steps](const std::string& what) { steps += what == "expired tokens" ? 1 : 0; };

        const auto report = clean("30");

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded tokens_deleted=2600"), counted(report));
        CPPUNIT_ASSERT_EQUAL(3, steps);
        CPPUNIT_ASSERT_EQUAL(2LL, countRows("validation_tokens"));
    }

    void aStopRequestKeepsWhatIsDone() {
        addOldTokens(1'500);
        context().onProgress = [this](const std::string&) { context().requestStop(); };

        CPPUNIT_ASSERT_THROW(clean("30"), carillon::RunStopped);

        CPPUNIT_ASSERT_EQUAL(502LL, countRows("validation_tokens"));
    }

    void inboxRowsAreDeletedWhenNobodyNeedsThem() {
        addInboxRow("over", "applied", "'2026-10-23 10:29:59'");
        addInboxRow("to the second", "applied", "'2026-10-23 10:30:00'");
        addInboxRow("not acknowledged", "applied", "NULL");
        addInboxRow("rejected", "rejected", "'2026-01-01 00:00:00'");

        const auto report = clean("30");

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded inbox_deleted=1"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("to the second\nnot acknowledged\nrejected"),
                             rows("identity", "passerelle_inbox ORDER BY id"));
    }

    void nothingOldIsNothingToDo() {
        const auto report = clean("30");

        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("no token expired more than 30 days ago"), report.message.text);
    }

    void theInboxNeedNotBeThere() {
        db().execute("DROP TABLE passerelle_inbox");
        db().execute("DROP TABLE passerelle_migration");
        addOldTokens(1);

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded tokens_deleted=1"), counted(clean("30")));
    }

    void theCheckCountsAndWritesNothing() {
        addOldTokens(3);
        const std::string before = everything();
        const carillon::ConfigSource source = sourceOf("30");
        carillon::SourceReader reader(source, "task.");
        TokensClean task;
        task.configure(reader);
        std::vector<carillon::Check> checks;

        task.check(context(), [&checks](const carillon::Check& check) { checks.push_back(check); });

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, checks.size());
        CPPUNIT_ASSERT(checks[0].state == carillon::CheckState::Warning);
        CPPUNIT_ASSERT_EQUAL(std::string("all tables are there: 2 active and 3 expired tokens, of which 3 expired more "
                                         "than 30 days ago (task.days)"),
                             checks[0].message.text);
        CPPUNIT_ASSERT(checks[0].recommendation.text.find("carillon run tokens-clean") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(before, everything());
    }

private:
    carillon::ConfigSource sourceOf(const std::string& days) {
        std::map<std::string, carillon::ConfigSource::Entry> entries;
        entries["task.database.connector"] = {"", isSqlite() ? "SQLite" : "MySQL", 0};
        entries["task.database.connection"] = {"", db().connectionString(), 0};
        entries["task.days"] = {days, days, 0};
        return {"job.properties", entries};
    }
    carillon::RunReport clean(const std::string& days) {
        const carillon::ConfigSource source = sourceOf(days);
        carillon::SourceReader reader(source, "task.");
        TokensClean task;
        task.configure(reader);
        reader.refuseUnknown();
        CPPUNIT_ASSERT(reader.faults().empty());
        return task.run(context());
    }
    void addOldTokens(int count) {
        std::string values;
        for (int i = 0; i < count; ++i)
            values += (i == 0 ? "('old" : ", ('old") + std::to_string(i) + "', 10, 1, '2026-01-01 00:00:00')";
        db().execute("INSERT INTO validation_tokens (token, campaign_id, user_id, expires_at) VALUES " + values);
    }
    /// Each with a listing of its own, closed then; NULL: open.
    void addInboxRow(const std::string& identity, const std::string& state, const std::string& closedAt) {
        db().execute("INSERT INTO passerelle_listing (run, gateway, opened_at, closed_at) VALUES ('" + identity +
                     "', 'g', '2026-01-01 00:00:00', " + closedAt + ")");
        db().execute(
            "INSERT INTO passerelle_inbox (identity, digest, state, payload, received_at, run, gateway, gateway_id) "
            "VALUES ('" +
            identity + "', 'd', '" + state + "', '{}', '2026-01-01 00:00:00', '" + identity + "', 'g', 1)");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TokensCleanTest);

/// The same on a server.
class TokensCleanOnMySqlTest : public MySqlTestFixture<TokensCleanTest> {
    CPPUNIT_TEST_SUB_SUITE(TokensCleanOnMySqlTest, TokensCleanTest);
    CPPUNIT_TEST_SUITE_END();
};

CPPUNIT_TEST_SUITE_REGISTRATION(TokensCleanOnMySqlTest);
