#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>

#include "support/FakeSmtp.h"
#include "support/MailServer.h"
#include "support/Scene.h"

/// Jobs that send mail: the real program, the real plugin, a database and a mail server.
class MailJobsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MailJobsTest);
    CPPUNIT_TEST(aDecisionIsToldByAgorasAccountOverTls);
    CPPUNIT_TEST(aStatusAndItsMailAreThereTogether);
    CPPUNIT_TEST(aRunThatIsKilledSendsNoMailTwice);
    CPPUNIT_TEST(theDryRunShowsWhoWouldBeWrittenTo);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _scene = std::make_unique<Scene>();
        _scene->addCampaign(7, {1});
        _scene->addUsers(30, 30);
        _scene->agora().execute("ALTER TABLE campaigns ADD COLUMN created_by INT NULL");
        _scene->agora().execute("UPDATE campaigns SET created_by = 30");
        _scene->setSetting("email_host", "localhost");
        _scene->setSetting("email_fromaddress", "agora@mairie.example");
        addJob("approval-mails", "ApprovalMails");
        addJob("reminder-mails", "ReminderMails");
        _scene->setJobKey("task.notify.creators", "true");
    }
    void tearDown() override { _scene.reset(); }

    void aDecisionIsToldByAgorasAccountOverTls() {
        const MailServer mail(_scene->folder(), "starttls");
        _scene->setSetting("email_port", std::to_string(mail.port()));
        _scene->setSetting("email_encryption", "tls");
        _scene->setSetting("email_username", "carillon");
        _scene->setSetting("email_password", "pass word");
        decide();

        const auto untrusted = run("approval-mails");
        _scene->setJobKey("task.mail.ca", mail.certificate(), "approval-mails");
        const auto checked = _scene->run({"check", "approval-mails"});
        const auto sent = run("approval-mails");

        assertExit(1, untrusted.command);
        assertContains("its certificate comes from no authority that this system knows", untrusted.member("message"));
        assertContains("task.mail.ca", untrusted.member("message"));
        assertExit(0, checked);
        assertExit(0, sent.command);
        CPPUNIT_ASSERT_EQUAL(1LL, sent.counter("sent"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, mail.mails().size());
        assertContains("X-Test-Encrypted: True", mail.mails().at(0));
        assertContains("X-Test-Authenticated: True", mail.mails().at(0));
        assertContains("X-Test-To: user30@example.org", mail.mails().at(0));
        assertNotContains("pass word", textOf(sent.command) + _scene->log("approval-mails"));
        assertNotContains("user30@", textOf(sent.command) + _scene->log("approval-mails"));
    }

    /// Also of a synchronisation that is killed at any statement, or beside its commit.
    void aStatusAndItsMailAreThereTogether() {
        _scene->addCampaign(8, {2});
        _scene->offer({{Scene::tokenOf(8, 2)}});
        assertExit(0, _scene->sync().command);  // which made the tables
        _scene->offer({{Scene::tokenOf(7, 1), "refuse"}});
        int kills = 0;
        for (const std::string place : {"statement.after", "commit.before", "commit.after"}) {
            for (int number = 1;; ++number) {
                const auto result = _scene->carillon({"run", Scene::kJob})
                                        .set("CARILLON_CRASH_AT", place + ":" + std::to_string(number))
                                        .run();
                const long long decided = _scene->rows("campaigns WHERE id = 7 AND statut = 'refusee'");
                CPPUNIT_ASSERT_EQUAL(decided, _scene->rows("passerelle_outbox WHERE campaign_id = 7"));
                if (result.exitCode == 0) break;
                ++kills;
            }
            if (place != "commit.after") beginAnew();
        }
        CPPUNIT_ASSERT_MESSAGE(std::to_string(kills), kills > 8);
        assertExit(0, _scene->sync().command);
        CPPUNIT_ASSERT_EQUAL(1LL, _scene->rows("passerelle_outbox WHERE campaign_id = 7 AND kind = 'refused'"));
    }

    /// At each place between the claim and the mark.
    void aRunThatIsKilledSendsNoMailTwice() {
        FakeSmtp mail;
        _scene->setSetting("email_host", "127.0.0.1");
        _scene->setSetting("email_port", std::to_string(mail.port()));
        decide();
        std::size_t taken = 0;
        for (const std::string place : {"mail.claimed", "mail.complete", "mail.sent"}) {
            _scene->agora().execute("UPDATE passerelle_outbox SET state = 'planned', reason = NULL");
            const auto killed =
                _scene->carillon({"run", "approval-mails"}).set("CARILLON_CRASH_AT", place + ":1").run();
            assertExit(1, killed);
            taken += place == "mail.sent" ? 1 : 0;

            CPPUNIT_ASSERT_EQUAL(0LL, run("approval-mails").counter("sent"));
            _scene->agora().execute("UPDATE passerelle_outbox SET claimed_at = '2026-01-01 00:00:00'");
            const auto later = run("approval-mails");

            assertExit(0, later.command);
            CPPUNIT_ASSERT_EQUAL(1LL, later.counter("uncertain"));
            assertContains("carillon replay approval-mails 1", textOf(later.command));
            CPPUNIT_ASSERT_EQUAL(taken, mail.mails().size());
        }
        assertContains("uncertain", _scene->run({"rejects", "approval-mails"}).out);
        assertExit(0, _scene->run({"replay", "approval-mails", "1"}));
        CPPUNIT_ASSERT_EQUAL(taken + 1, mail.mails().size());
    }

    void theDryRunShowsWhoWouldBeWrittenTo() {
        _scene->agora().execute("UPDATE validation_tokens SET created_at = '2026-01-01 00:00:00'");
        _scene->setJobKey("task.days", "3", "reminder-mails");

        const auto plan = _scene->run({"run", "reminder-mails", "--dry-run"});

        assertExit(0, plan);
        assertContains("reminder, campaign 7, user 1", plan.out);
        assertContains("to u…@example.org: Rappel", plan.out);
        assertContains("dry run of reminder-mails: 1 mail sent", plan.out);
        assertNotContains("user1@", plan.out);
    }

private:
    void addJob(const std::string& job, const std::string& task) {
        std::string text = Scene::read(_scene->jobFile("tokens-clean"));
        std::size_t begin = 0;
        while (begin < text.size()) {
            const auto end = text.find('\n', begin);
            const std::string line = text.substr(begin, end - begin);
            const auto equals = line.find(" = ");
            const std::string key = line.substr(0, equals);
            _scene->setJobKey(key, key == "job.task" ? task : line.substr(equals + 3), job);
            begin = end + 1;
        }
    }
    RunEnd run(const std::string& job) { return Scene::endOf(_scene->run({"run", job, "--json"})); }
    /// The answer to the campaign 7 has not come yet, and is on the gateway.
    void beginAnew() {
        for (const auto* statement :
             {"UPDATE campaigns SET statut = 'en_validation' WHERE id = 7",
              "UPDATE validation_tokens SET used_at = NULL WHERE campaign_id = 7",
              "DELETE FROM validations WHERE campaign_id = 7", "DELETE FROM passerelle_outbox WHERE campaign_id = 7",
              "DELETE FROM passerelle_inbox"})
            _scene->agora().execute(statement);
        _scene->offer({{Scene::tokenOf(7, 1), "refuse"}});
    }
    void decide() {
        _scene->offer({{Scene::tokenOf(7, 1)}});
        assertExit(0, _scene->sync().command);
        CPPUNIT_ASSERT_EQUAL(1LL, _scene->rows("passerelle_outbox"));
    }

    std::unique_ptr<Scene> _scene{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(MailJobsTest);
