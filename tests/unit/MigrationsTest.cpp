#include "carillon/data/Migrations.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "Poco/AutoPtr.h"
#include "Poco/Data/SQLite/SessionImpl.h"
#include "Poco/TemporaryFile.h"

using carillon::Migration;
using carillon::Migrations;
using namespace Poco::Data::Keywords;

class MigrationsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MigrationsTest);
    CPPUNIT_TEST(filesAreAppliedInOrderAndRemembered);
    CPPUNIT_TEST(fileIsAppliedOnce);
    CPPUNIT_TEST(eachStepIsTold);
    CPPUNIT_TEST(newFileIsAppliedToAnOldDatabase);
    CPPUNIT_TEST(changedFileIsRefusedByName);
    CPPUNIT_TEST(halfAppliedFileIsRepeated);
    CPPUNIT_TEST(failingStatementLeavesTheFileToBeRepeated);
    CPPUNIT_TEST(semicolonsInCommentsAndTextsEndNoStatement);
    CPPUNIT_TEST(windowsLineEndsAreReadAlike);
    CPPUNIT_TEST(processesMayApplyTheFilesTogether);
    CPPUNIT_TEST(scriptLeavesNothingToApply);
    CPPUNIT_TEST_SUITE_END();

public:
    void filesAreAppliedInOrderAndRemembered() {
        auto session = open();

        apply(session, {kTable, kColumn});

        CPPUNIT_ASSERT_EQUAL(2, count(session, "SELECT COUNT(*) FROM note_migration"));
        CPPUNIT_ASSERT_EQUAL(0, count(session, "SELECT COUNT(*) FROM note WHERE author = 'x'"));
    }

    void fileIsAppliedOnce() {
        auto session = open();
        apply(session, {kTable, kRow});

        apply(session, {kTable, kRow});

        CPPUNIT_ASSERT_EQUAL(1, count(session, "SELECT COUNT(*) FROM note"));
        CPPUNIT_ASSERT_EQUAL(2, count(session, "SELECT COUNT(*) FROM note_migration"));
    }

    void eachStepIsTold() {
        auto session = open();
        std::string steps;

        Migrations(std::vector{kTable, kRow}, "note_migration", [&steps](const char* step) {
            steps += std::string(step) + ' ';
        }).apply(session, _clock);

        CPPUNIT_ASSERT_EQUAL(std::string("migration.before migration.after migration.before migration.after "
                                         "migration.noted migration.before migration.after migration.noted "),
                             steps);
    }

    void newFileIsAppliedToAnOldDatabase() {
        auto session = open();
        apply(session, {kTable});

        apply(session, {kTable, kRow});

        CPPUNIT_ASSERT_EQUAL(1, count(session, "SELECT COUNT(*) FROM note"));
    }

    void changedFileIsRefusedByName() {
        auto session = open();
        apply(session, {kTable});
        std::string message;

        try {
            apply(session, {{kTable.name, "CREATE TABLE IF NOT EXISTS other (id INT);\n"}});
        } catch (const Poco::DataException& e) {
            message = e.message();
        }

        CPPUNIT_ASSERT_EQUAL(std::string("note_migration: 001_note.sql was changed after it was applied here; restore "
                                         "the file, or the database"),
                             message);
        CPPUNIT_ASSERT_EQUAL(0, count(session, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'other'"));
    }

    void halfAppliedFileIsRepeated() {
        auto session = open();
        session << "CREATE TABLE note (id INT, text VARCHAR(20))", now;  // and then the process was killed

        apply(session, {kTable});

        CPPUNIT_ASSERT_EQUAL(1, count(session, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'note_text'"));
        CPPUNIT_ASSERT_EQUAL(1, count(session, "SELECT COUNT(*) FROM note_migration"));
    }

    void failingStatementLeavesTheFileToBeRepeated() {
        auto session = open();
        const Migration file{"002_log.sql",
                             "CREATE TABLE IF NOT EXISTS log (id INT);\nINSERT INTO missing VALUES (1);\n"};

        CPPUNIT_ASSERT_THROW(apply(session, {kTable, file}), Poco::Exception);

        CPPUNIT_ASSERT_EQUAL(1, count(session, "SELECT COUNT(*) FROM note_migration"));
        session << "CREATE TABLE missing (id INT)", now;
        apply(session, {kTable, file});
        CPPUNIT_ASSERT_EQUAL(1, count(session, "SELECT COUNT(*) FROM missing"));
        CPPUNIT_ASSERT_EQUAL(2, count(session, "SELECT COUNT(*) FROM note_migration"));
    }

    void semicolonsInCommentsAndTextsEndNoStatement() {
        auto session = open();

        apply(session, {kTable,
                        {"002_texts.sql",
                         "-- one; two;\n"
                         "INSERT INTO note VALUES (1, 'a;b');  -- the first;\n"
                         "INSERT INTO note VALUES (2, 'c--d');\n"
                         "\n"
                         "-- the end;\n"}});

        CPPUNIT_ASSERT_EQUAL(1, count(session, "SELECT COUNT(*) FROM note WHERE text = 'a;b'"));
        CPPUNIT_ASSERT_EQUAL(1, count(session, "SELECT COUNT(*) FROM note WHERE text = 'c--d'"));
    }

    void scriptLeavesNothingToApply() {
        auto session = open();
        const std::vector<Migration> files{kTable, kColumn};
        std::string script = Migrations(files, "note_migration").script(carillon::SystemClock());
        CPPUNIT_ASSERT(script.find('\n') == std::string::npos);
        for (std::size_t end = 0; end != std::string::npos;) {
            end = script.find("; ");
            session << script.substr(0, end), now;
            script.erase(0, end + 2);
        }
        session << "DROP TABLE note", now;

        apply(session, files);

        CPPUNIT_ASSERT_EQUAL(0, count(session, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'note'"));
    }

    void windowsLineEndsAreReadAlike() {
        auto session = open();

        apply(session,
              {kTable, {"002_rows.sql", "INSERT INTO note VALUES (1, 'a');\r\nINSERT INTO note VALUES (2, 'b');\r\n"}});

        CPPUNIT_ASSERT_EQUAL(2, count(session, "SELECT COUNT(*) FROM note"));
    }

    void processesMayApplyTheFilesTogether() {
        std::vector<pid_t> children;
        for (int i = 0; i < kProcesses; ++i) {
            const pid_t child = ::fork();
            if (child == 0) ::_exit(appliesInChild() ? 0 : 1);
            children.push_back(child);
        }
        int failures = 0;
        for (const pid_t child : children) {
            int status = -1;
            ::waitpid(child, &status, 0);
            failures += status != 0;
        }

        auto session = open();
        CPPUNIT_ASSERT_EQUAL(0, failures);
        CPPUNIT_ASSERT_EQUAL(1, count(session, "SELECT COUNT(*) FROM note_migration"));
    }

private:
    static constexpr int kProcesses = 4;
    static constexpr Migration kTable{"001_note.sql",
                                      "CREATE TABLE IF NOT EXISTS note (id INT, text VARCHAR(20));\n"
                                      "CREATE INDEX IF NOT EXISTS note_text ON note (text);\n"};
    static constexpr Migration kColumn{"002_author.sql", "ALTER TABLE note ADD COLUMN author VARCHAR(20);\n"};
    static constexpr Migration kRow{"002_row.sql", "INSERT INTO note VALUES (1, 'once');\n"};

    Poco::Data::Session open() const {
        constexpr std::size_t kTimeoutSeconds = 5;
        return Poco::Data::Session(
            Poco::AutoPtr<Poco::Data::SessionImpl>(new Poco::Data::SQLite::SessionImpl(_file.path(), kTimeoutSeconds)));
    }

    void apply(Poco::Data::Session& session, const std::vector<Migration>& files) const {
        Migrations(files, "note_migration").apply(session, _clock);
    }

    bool appliesInChild() const {
        try {
            auto session = open();
            apply(session, {kTable});
            return true;
        } catch (...) {
            return false;
        }
    }

    static int count(Poco::Data::Session& session, const std::string& sql) {
        int value = -1;
        session << sql, into(value), now;
        return value;
    }

    const carillon::SystemClock _clock{};
    const Poco::TemporaryFile _file{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(MigrationsTest);
