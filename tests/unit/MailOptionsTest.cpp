#include "MailOptions.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <map>
#include <string>

#include "config/SourceReader.h"

using namespace passerelle;
using namespace std::chrono_literals;

/// The `task.*` keys of the tasks that send mail.
class MailOptionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MailOptionsTest);
    CPPUNIT_TEST(theDatabaseIsEnough);
    CPPUNIT_TEST(everyKeyIsRead);
    CPPUNIT_TEST(eachTaskHasItsOwnKeysOnly);
    CPPUNIT_TEST(badValuesAreRefusedByKeyAndRightValue);
    CPPUNIT_TEST(aCreatorWhoIsNotToldNeedsNoColumn);
    CPPUNIT_TEST_SUITE_END();

public:
    void theDatabaseIsEnough() {
        const MailOptions approvals = read(MailTaskKind::Approvals, {});
        CPPUNIT_ASSERT_EQUAL(std::string("created_by"), approvals.columns.creator);
        CPPUNIT_ASSERT(approvals.columns.deadline.empty() && approvals.maxAge == 7 * 24h &&
                       approvals.keep == 365 * 24h);
        CPPUNIT_ASSERT(approvals.mostMails == 200 && approvals.perMinute == 60 && approvals.timeout == 30s);
        const MailOptions reminders = read(MailTaskKind::Reminders, {});
        CPPUNIT_ASSERT(!reminders.days && reminders.mostReminders == 3 && reminders.columns.creator.empty());
        const MailOptions deadlines = read(MailTaskKind::Deadlines, {});
        CPPUNIT_ASSERT_EQUAL(std::string("date_limite/created_by"),
                             deadlines.columns.deadline + "/" + deadlines.columns.creator);
        CPPUNIT_ASSERT(deadlines.recipients == DeadlineRecipients::Both && deadlines.link.empty());
    }

    void everyKeyIsRead() {
        const MailOptions options = read(MailTaskKind::Deadlines, {{"mail.ca", "/ca.pem"},
                                                                   {"mail.timeout", "1s"},
                                                                   {"mail.max", "10000"},
                                                                   {"mail.rate", "6000"},
                                                                   {"keep", "30d"},
                                                                   {"days", "0"},
                                                                   {"link", "https://g.example.com/?token={token}"},
                                                                   {"column.deadline", "Fin_2"},
                                                                   {"column.creator", "auteur"},
                                                                   {"recipients", "creator"}});

        CPPUNIT_ASSERT_EQUAL(
            std::string("/ca.pem Fin_2 auteur https://g.example.com/?token={token}"),
            options.ca + " " + options.columns.deadline + " " + options.columns.creator + " " + options.link);
        CPPUNIT_ASSERT(options.timeout == 1s && options.mostMails == 10'000 && options.perMinute == 6'000);
        CPPUNIT_ASSERT(options.keep == 30 * 24h && options.days == 0);
        CPPUNIT_ASSERT(options.recipients == DeadlineRecipients::Creator);
        CPPUNIT_ASSERT(read(MailTaskKind::Approvals, {{"max_age", "1d"}}).maxAge == 24h);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{20}, read(MailTaskKind::Reminders, {{"reminders.max", "20"}}).mostReminders);
    }

    void eachTaskHasItsOwnKeysOnly() {
        expect("task.days", faults(MailTaskKind::Approvals, {{"days", "3"}}));
        expect("task.max_age", faults(MailTaskKind::Reminders, {{"max_age", "3d"}}));
        expect("task.column.creator", faults(MailTaskKind::Reminders, {{"column.creator", "c"}}));
        expect("task.reminders.max", faults(MailTaskKind::Deadlines, {{"reminders.max", "3"}}));
    }

    void badValuesAreRefusedByKeyAndRightValue() {
        const std::map<std::string, std::pair<std::string, std::string>> wrong{
            {"column.deadline", {"id; DROP TABLE users", "the name of a column, of letters, digits and _"}},
            {"column.creator", {"c.id", "the name of a column"}},
            {"days", {"366", "a whole number from 0 to 365"}},
            {"link", {"javascript:alert(1)", "an address such as https://"}},
            {"mail.rate", {"0", "a whole number from 1 to 6000"}},
            {"keep", {"1d", "a duration"}},
            {"recipients", {"mayor", "one of validators, creator, both"}}};
        for (const auto& [key, value] : wrong) {
            const std::string told = faults(MailTaskKind::Deadlines, {{key, value.first}});
            expect("task." + key + " = " + value.first, told);
            expect(value.second, told);
        }
    }

    void aCreatorWhoIsNotToldNeedsNoColumn() {
        CPPUNIT_ASSERT(read(MailTaskKind::Deadlines, {{"recipients", "validators"}}).columns.creator.empty());
    }

private:
    using Keys = std::map<std::string, std::string>;

    static std::pair<MailOptions, std::string> readAll(MailTaskKind task, Keys keys) {
        keys["database.connector"] = "SQLite";
        keys["database.connection"] = "/srv/agora.db";
        std::map<std::string, carillon::ConfigSource::Entry> entries;
        for (const auto& [key, value] : keys) entries["task." + key] = {value, value, 7};
        const carillon::ConfigSource source{"job.properties", entries};
        carillon::SourceReader reader(source, "task.");
        const MailOptions options = readMailOptions(reader, task);
        reader.refuseUnknown();
        std::string text;
        for (const auto& fault : reader.faults()) text += fault.sentence() + "\n";
        return {options, text};
    }
    static MailOptions read(MailTaskKind task, const Keys& keys) {
        const auto [options, faults] = readAll(task, keys);
        CPPUNIT_ASSERT_EQUAL(std::string(), faults);
        return options;
    }
    static std::string faults(MailTaskKind task, const Keys& keys) { return readAll(task, keys).second; }
    static void expect(const std::string& part, const std::string& text) {
        CPPUNIT_ASSERT_MESSAGE(part + " is not in " + text, text.find(part) != std::string::npos);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MailOptionsTest);
