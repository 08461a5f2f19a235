#include "MailTasks.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "AgoraTestFixture.h"
#include "config/SourceReader.h"
#include "support/FakeSmtp.h"

using namespace passerelle;
using namespace std::chrono_literals;

/// The tasks that send mail, as the host calls them. It is 2026-11-22 11:30:00 in Agora; the campaign 10 was made by
/// Carl (3).
class MailTasksTest : public AgoraTestFixture {  // on SQLite
    CPPUNIT_TEST_SUITE(MailTasksTest);
    CPPUNIT_TEST(aDecisionIsPlannedWithItAndToldOnce);
    CPPUNIT_TEST(aRefusalIsToldWithItsReason);
    CPPUNIT_TEST(withoutTheOptionNothingIsPlanned);
    CPPUNIT_TEST(aReplayedAnswerIsToldToo);
    CPPUNIT_TEST(aDecisionThatWasTakenBackIsNotTold);
    CPPUNIT_TEST(anOldDecisionIsNotTold);
    CPPUNIT_TEST(remindersComeAfterTheirDaysOnceEach);
    CPPUNIT_TEST(whoHasAnsweredIsNotReminded);
    CPPUNIT_TEST(daysAreAgorasAlsoOverAChangeOfTheClocks);
    CPPUNIT_TEST(deadlinesAreToldToValidatorsAndCreator);
    CPPUNIT_TEST(aDeadlineThatIsNoDateIsNoted);
    CPPUNIT_TEST(withoutTheirSettingTheyDoNothing);
    CPPUNIT_TEST(aSettingThatIsNoNumberIsNamed);
    CPPUNIT_TEST(missingColumnsAreNamed);
    CPPUNIT_TEST(badAddressesHoldBackNoOther);
    CPPUNIT_TEST(refusedMailsAreReplayedWhenTheCauseIsMended);
    CPPUNIT_TEST(aServerThatIsAwayIsTriedLater);
    CPPUNIT_TEST(aServerThatHasWaitedTooLongIsCalledAgain);
    CPPUNIT_TEST(aMailThatIsPutOffIsTriedAgainLater);
    CPPUNIT_TEST(aMailThatMayHaveBeenSentIsNeverSentAgainByItself);
    CPPUNIT_TEST(aReplayOfOneThatIsNoneReplaysNone);
    CPPUNIT_TEST(whatIsDismissedWaitsForNobody);
    CPPUNIT_TEST(anOutboxOfBeforeLearnsToDismiss);
    CPPUNIT_TEST(mailsTellTheirLife);
    CPPUNIT_TEST(aMailThatARunHasLeftIsUncertain);
    CPPUNIT_TEST(aMailThatARunHasLeftIsSeenBeforeTheNextRun);
    CPPUNIT_TEST(aSecondMailIsWarnedOf);
    CPPUNIT_TEST(noReminderComesAfterTheDeadline);
    CPPUNIT_TEST(whatIsDroppedTellsWhy);
    CPPUNIT_TEST(anAlertTellsThatTheLinkHasExpired);
    CPPUNIT_TEST(aSenderThatIsPutOffLeavesTheMailsWaiting);
    CPPUNIT_TEST(aRefusalTellsNobodysName);
    CPPUNIT_TEST(twoRunsAtOnceSendEachOnce);
    CPPUNIT_TEST(aRunSendsNoMoreThanItMay);
    CPPUNIT_TEST(theDryRunMasksAddressesAndWritesNothing);
    CPPUNIT_TEST(theCheckLogsInAndSendsNothing);
    CPPUNIT_TEST(theCheckSeesMailsThatNobodySends);
    CPPUNIT_TEST(oldMailsAreDeleted);
    CPPUNIT_TEST(aClockThatWasAheadHasNoMailSentAgain);
    CPPUNIT_TEST(aClockThatWasAheadHasNoAlertSentAgain);
    CPPUNIT_TEST(aClockThatWasAheadLosesNoReject);
    CPPUNIT_TEST(aClockThatWasAheadPutsNoMailOffForLong);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        AgoraTestFixture::setUp();
        db().addUser(3, "Carl", "Creux");
        db().execute("ALTER TABLE campaigns ADD COLUMN created_by INT NULL");
        db().execute("ALTER TABLE campaigns ADD COLUMN date_limite DATE NULL");
        db().execute("UPDATE campaigns SET created_by = 3");
        _smtp = std::make_unique<FakeSmtp>();
        db().setSetting("email_host", "127.0.0.1");
        db().setSetting("email_port", std::to_string(_smtp->port()));
        db().setSetting("email_fromaddress", "agora@mairie.example");
        db().setSetting("email_fromname", "Agora");
        context().settableIdentity().job = "mails";
    }
    void tearDown() override {
        _smtp.reset();
        AgoraTestFixture::tearDown();
    }

    void aDecisionIsPlannedWithItAndToldOnce() {
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<ApprovalMails>()));

        answerAll();
        CPPUNIT_ASSERT_EQUAL(std::string("approved 10 NULL planned"), outbox());
        const auto report = send<ApprovalMails>();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded sent=1"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("1 mail sent"), report.message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("user3@example.org"), mail(0).to);
        expect("Bonjour Carl Creux,", mail(0).text);
        expect("- Ann Arbor a valid=C3=A9 le 22/11/2026 =C3=A0 10:00", mail(0).text);
        CPPUNIT_ASSERT_EQUAL(std::string("approved 10 NULL sent"), outbox());
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<ApprovalMails>()));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _smtp->mails().size());
    }

    void aRefusalIsToldWithItsReason() {
        gateway().add({.id = 1, .token = "ann", .action = "refuse", .comment = "Le logo\nmanque"});
        notify();

        CPPUNIT_ASSERT_EQUAL(std::string("refused 10 NULL planned"), outbox());
        send<ApprovalMails>();

        expect("  > Le logo\r\n  > manque\r\n", mail(0).text);
    }

    void withoutTheOptionNothingIsPlanned() {
        gateway().add({.id = 1, .token = "ann", .action = "refuse"});
        run();

        CPPUNIT_ASSERT_EQUAL(std::string("refusee"), campaignStatus());
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<ApprovalMails>()));
    }

    void aReplayedAnswerIsToldToo() {
        db().execute("UPDATE validation_tokens SET expires_at = '2026-01-01 00:00:00'");
        gateway().add({.id = 1, .token = "ann", .action = "refuse"});
        notify();
        CPPUNIT_ASSERT_EQUAL(std::string(), outbox());
        db().execute("UPDATE validation_tokens SET expires_at = '2027-01-01 00:00:00'");

        auto notifying = limits();
        notifying.notifiesCreators = true;
        Replay(this->session(), _time, notifying, context()).run({});

        CPPUNIT_ASSERT_EQUAL(std::string("refused 10 NULL planned"), outbox());
    }

    void aDecisionThatWasTakenBackIsNotTold() {
        answerAll();
        db().execute("UPDATE campaigns SET statut = 'en_validation'");

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded dropped=1"), counted(send<ApprovalMails>()));
        CPPUNIT_ASSERT(_smtp->mails().empty());
    }

    void anOldDecisionIsNotTold() {
        answerAll();
        context().settableClock().advance(8 * 24h);

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded dropped=1"), counted(send<ApprovalMails>()));
        CPPUNIT_ASSERT_EQUAL(std::string("too_old"), rows("reason", "passerelle_outbox"));
    }

    void remindersComeAfterTheirDaysOnceEach() {
        invite("ann", "2026-11-20 09:00:00");  // UTC
        invite("bob", "2026-11-18 09:00:00");
        db().setSetting("notif_relance_delai_jours", "3");

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=1 sent=1"), counted(send<ReminderMails>()));
        CPPUNIT_ASSERT_EQUAL(std::string("user2@example.org"), mail(0).to);
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<ReminderMails>()));
        context().settableClock().advance(24h);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=1 sent=1"), counted(send<ReminderMails>()));
        CPPUNIT_ASSERT_EQUAL(std::string("user1@example.org"), mail(1).to);
        context().settableClock().advance(48h);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=1 sent=1"), counted(send<ReminderMails>()));
        CPPUNIT_ASSERT_EQUAL(std::string("user2@example.org"), mail(2).to);
        expect("est demand=C3=A9 depuis le 18/11/2026", withoutBreaks(mail(2).text));
        expect("valable jusqu=E2=80=99au 01/12/2026 =C3=A0 00:00", withoutBreaks(mail(2).text));
    }

    void whoHasAnsweredIsNotReminded() {
        db().setSetting("notif_relance_delai_jours", "1");
        db().execute("UPDATE validation_tokens SET created_at = '2026-11-01 09:00:00'");
        db().execute(
            "INSERT INTO validations (campaign_id, user_id, action, validated_at) "
            "VALUES (10, 1, 'valide', '2026-11-20 10:00:00')");
        send<ReminderMails>({{"mail.max", "1"}, {"days", "1"}});
        CPPUNIT_ASSERT_EQUAL(std::string("reminder 10 2 sent"), outbox());

        // One that is planned already, and whose validator answers before it is sent.
        context().settableClock().advance(48h);
        db().setSetting("email_host", "");
        CPPUNIT_ASSERT(send<ReminderMails>().givenUp);
        db().setSetting("email_host", "127.0.0.1");
        db().execute("UPDATE validation_tokens SET used_at = '2026-11-24 10:00:00' WHERE token = 'bob'");

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded dropped=1"), counted(send<ReminderMails>()));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _smtp->mails().size());
    }

    /// Paris: invited on 24 October at 00:30 (summer time), that is on the 23rd in UTC; the clocks change on the 25th.
    void daysAreAgorasAlsoOverAChangeOfTheClocks() {
        db().execute("DELETE FROM validation_tokens WHERE token = 'ann'");
        invite("bob", "2026-10-23 22:30:00");
        db().setSetting("notif_relance_delai_jours", "2");
        context().settableClock().set(std::chrono::sys_days{std::chrono::year{2026} / 10 / 25} + 22h + 30min);
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<ReminderMails>()));  // 23:30 on the 25th

        context().settableClock().advance(1h);  // 00:30 on the 26th

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=1 sent=1"), counted(send<ReminderMails>()));
        expect("depuis le 24/10/2026", withoutBreaks(mail(0).text));
    }

    void deadlinesAreToldToValidatorsAndCreator() {
        db().setSetting("notif_deadline_alerte_jours", "3");
        db().execute("UPDATE campaigns SET date_limite = '2026-11-26'");
        db().execute(
            "INSERT INTO validations (campaign_id, user_id, action, validated_at) "
            "VALUES (10, 1, 'valide', '2026-11-20 10:00:00')");
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<DeadlineMails>()));
        context().settableClock().advance(24h);

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=2 sent=2"), counted(send<DeadlineMails>()));

        CPPUNIT_ASSERT_EQUAL(std::string("user2@example.org"), mail(0).to);
        expect("le 26/11/2026, dans 3 jours", withoutBreaks(mail(0).text));
        CPPUNIT_ASSERT_EQUAL(std::string("user3@example.org"), mail(1).to);
        expect("- Bob B=C3=A9e\r\n", mail(1).text);
        context().settableClock().advance(24h);
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<DeadlineMails>()));
        db().execute("UPDATE campaigns SET date_limite = '2026-11-27'");
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=1 sent=1"),
                             counted(send<DeadlineMails>({{"recipients", "creator"}})));
    }

    void aDeadlineThatIsNoDateIsNoted() {
        db().execute("ALTER TABLE campaigns ADD COLUMN echeance VARCHAR(20) NULL");
        db().execute("UPDATE campaigns SET echeance = '26/11/2026'");

        const auto report = send<DeadlineMails>({{"days", "5"}, {"column.deadline", "echeance"}});

        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, report.warnings.size());
        expect("deadlines that are no date: 1; see column echeance", report.warnings.front());
    }

    void withoutTheirSettingTheyDoNothing() {
        db().execute("UPDATE validation_tokens SET created_at = '2026-11-01 09:00:00'");
        db().execute("UPDATE campaigns SET date_limite = '2026-11-23'");
        for (const std::string value : {"-", "", "0"}) {
            if (value != "-") db().setSetting("notif_relance_delai_jours", value);

            CPPUNIT_ASSERT_EQUAL(
                std::string("notif_relance_delai_jours is 0 or not set in Agora, so no mail is sent; set it "
                            "there, or task.days in the job's file"),
                send<ReminderMails>().message.text);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<DeadlineMails>()));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<ReminderMails>({{"days", "0"}})));
        CPPUNIT_ASSERT(_smtp->mails().empty());
    }

    void aSettingThatIsNoNumberIsNamed() {
        for (const std::string value : {"trois", "-1", "3 jours", "366"}) {
            db().setSetting("notif_relance_delai_jours", value);

            const auto report = send<ReminderMails>();

            CPPUNIT_ASSERT(report.givenUp);
            CPPUNIT_ASSERT_EQUAL("Agora's setting notif_relance_delai_jours is '" + value +
                                     "', expected a whole number of days from 0 to 365; correct it in Agora",
                                 report.message.text);
        }
    }

    void missingColumnsAreNamed() {
        const auto report = send<ApprovalMails>({{"column.creator", "auteur"}});

        CPPUNIT_ASSERT(report.givenUp);
        CPPUNIT_ASSERT_EQUAL(
            std::string(
                "Agora's table campaigns has no column auteur, or hides it from this user, so that a campaign's "
                "creator is not known; set task.column.creator in the job's file to the name of the column that "
                "tells it"),
            report.message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("failed " + report.message.text),
                             checks<ApprovalMails>({{"column.creator", "auteur"}}).at(0));
        expect("no column fin,", send<DeadlineMails>({{"days", "3"}, {"column.deadline", "fin"}}).message);
    }

    void badAddressesHoldBackNoOther() {
        db().execute("UPDATE users SET email = 'ann@mairie.example>' WHERE id = 1");
        invite("ann", "2026-11-01 09:00:00");
        invite("bob", "2026-11-01 09:00:00");

        const auto report = send<ReminderMails>({{"days", "3"}});

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=2 sent=1 put_aside=1 mails_aside=1"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("1 mail sent, 1 put aside"), report.message.text);
        CPPUNIT_ASSERT_EQUAL(
            std::string("mail 1 (reminder, campaign 10, user 1) is put aside: the user 1 has an address "
                        "that cannot be written to; correct it in Agora; then: carillon replay mails 1"),
            report.warnings.at(0).text);
        CPPUNIT_ASSERT_EQUAL(std::string("user2@example.org"), mail(0).to);
    }

    void refusedMailsAreReplayedWhenTheCauseIsMended() {
        invite("ann", "2026-11-01 09:00:00");
        db().execute("DELETE FROM validation_tokens WHERE token = 'bob'");
        _smtp->setScript([](const std::string& line) {
            return line.starts_with("RCPT TO:<user1@") ? "550 <USER1@example.org> is unknown" : "";
        });

        const auto report = send<ReminderMails>({{"days", "3"}});

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=1 put_aside=1 mails_aside=1"), counted(report));
        expect("550 <U…@example.org> is unknown", report.warnings.at(0).text);
        const auto aside = rejects<ReminderMails>();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, aside.size());
        CPPUNIT_ASSERT_EQUAL(std::string("reminder, campaign 10, user 1"), aside.at(0).what);
        CPPUNIT_ASSERT_EQUAL(std::string("mail_refused"), aside.at(0).reason);
        CPPUNIT_ASSERT(rejects<ApprovalMails>().empty());
        CPPUNIT_ASSERT_EQUAL(std::string("failed put_aside=1 mails_aside=1"), counted(replayAll<ReminderMails>()));
        db().execute("UPDATE users SET email = 'ann@example.org' WHERE id = 1");
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded sent=1"), counted(replayAll<ReminderMails>()));
        CPPUNIT_ASSERT_EQUAL(std::string("ann@example.org"), mail(0).to);
    }

    void aServerThatIsAwayIsTriedLater() {
        answerAll();
        db().setSetting("email_port", "1");

        const auto report = send<ApprovalMails>();

        CPPUNIT_ASSERT_EQUAL(std::string("failed mails_waiting=1"), counted(report));
        CPPUNIT_ASSERT(report.retryAfter == 5min && !report.givenUp);
        expect("the mail server 127.0.0.1 port 1 cannot be reached: ", report.message);
        expect("(1 mail waits)", report.message);
        CPPUNIT_ASSERT_EQUAL(std::string("0"), rows("attempts", "passerelle_outbox"));
        db().setSetting("email_port", std::to_string(_smtp->port()));
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded sent=1"), counted(send<ApprovalMails>()));
    }

    void aServerThatHasWaitedTooLongIsCalledAgain() {
        db().execute("UPDATE validation_tokens SET created_at = '2026-11-01 09:00:00'");
        auto begun = std::make_shared<std::atomic<int>>(0);
        _smtp->setScript([begun](const std::string& line) {
            return line.starts_with("MAIL") && ++*begun == 2 ? "421 idle for too long" : "";
        });

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=2 sent=2"), counted(send<ReminderMails>({{"days", "3"}})));

        CPPUNIT_ASSERT_EQUAL(2, _smtp->connections());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _smtp->mails().size());
    }

    void aMailThatIsPutOffIsTriedAgainLater() {
        answerAll();
        _smtp->setScript([](const std::string& line) { return line.starts_with("RCPT") ? "451 greylisted" : ""; });
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded postponed=1 mails_waiting=1"), counted(send<ApprovalMails>()));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do mails_waiting=1"), counted(send<ApprovalMails>()));
        for (int i = 0; i < 4; ++i) {
            context().settableClock().advance(10h);
            CPPUNIT_ASSERT_EQUAL(std::string("succeeded postponed=1 mails_waiting=1"), counted(send<ApprovalMails>()));
        }
        context().settableClock().advance(10h);

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded put_aside=1 mails_aside=1"), counted(send<ApprovalMails>()));
        expect("451 greylisted (tried 6 times)", rows("detail", "passerelle_outbox"));
    }

    void aMailThatMayHaveBeenSentIsNeverSentAgainByItself() {
        answerAll();
        _smtp->setScript([](const std::string& line) { return line == "." ? FakeSmtp::kTakeAndDrop : ""; });

        const auto report = send<ApprovalMails>();

        CPPUNIT_ASSERT_EQUAL(std::string("failed put_aside=1 uncertain=1 mails_aside=1"), counted(report));
        expect("mail 1 (approved, campaign 10, creator) may have been sent: ", report.warnings.at(0).text);
        expect("ask whether it arrived; if not: carillon replay mails 1", report.warnings.at(0).text);
        _smtp->setScript({});
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do mails_aside=1"), counted(send<ApprovalMails>()));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do mails_aside=1"), counted(replayAll<ApprovalMails>()));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _smtp->mails().size());
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded sent=1"), counted(replayOne<ApprovalMails>(1)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _smtp->mails().size());
        CPPUNIT_ASSERT_THROW(replayOne<ApprovalMails>(1), carillon::Failure);
    }

    void aReplayOfOneThatIsNoneReplaysNone() {
        putTwoAside();
        const std::string before = outbox();

        for (const std::vector<std::int64_t>& ids : {std::vector<std::int64_t>{1, 999}, {999, 1}, {1, 2, 3}})
            CPPUNIT_ASSERT_THROW(replayThese<ReminderMails>(ids), carillon::Failure);

        CPPUNIT_ASSERT_EQUAL(before, outbox());
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do mails_aside=2"), counted(send<ReminderMails>({{"days", "3"}})));
        CPPUNIT_ASSERT(_smtp->mails().empty());
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded sent=2"), counted(replayThese<ReminderMails>({2, 1, 2})));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _smtp->mails().size());
    }

    void whatIsDismissedWaitsForNobody() {
        putTwoAside();

        const auto refused = dismiss<ReminderMails>({1, 999});
        CPPUNIT_ASSERT_EQUAL(std::string("failed mails_aside=2"), counted(refused));
        CPPUNIT_ASSERT_EQUAL(std::string("mail 999 is no open reject; nothing was dismissed"), refused.message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), counted(dismiss<ApprovalMails>({1})));  // of another task
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded dismissed=1 mails_aside=1"), counted(dismiss<ReminderMails>({1})));
        CPPUNIT_ASSERT_EQUAL(std::string("failed mails_aside=1"), counted(dismiss<ReminderMails>({1})));

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rejects<ReminderMails>().size());
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded sent=1"), counted(replayAll<ReminderMails>()));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<ReminderMails>({{"days", "3"}})));
        CPPUNIT_ASSERT_EQUAL(std::string("user2@example.org"), mail(0).to);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded sent=1"), counted(replayOne<ReminderMails>(1)));  // after all
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _smtp->mails().size());
        CPPUNIT_ASSERT(!items<ReminderMails>({}).at(1).dismissal);
    }

    void anOutboxOfBeforeLearnsToDismiss() {
        putTwoAside();
        for (const auto* column : {"dismissal", "dismissed_by", "dismissed_at", "perhaps_sent_at"})
            db().execute(std::string("ALTER TABLE passerelle_outbox DROP COLUMN ") + column);
        db().execute(
            "DELETE FROM passerelle_migration WHERE name LIKE '%dismissed_mails.sql' OR name LIKE '%second_mails.sql'");

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded dismissed=2"), counted(dismiss<ReminderMails>({1, 2})));
        CPPUNIT_ASSERT_EQUAL(std::string("reminder 10 1 dismissed\nreminder 10 2 dismissed"), outbox());
    }

    void mailsTellTheirLife() {
        CPPUNIT_ASSERT(items<ReminderMails>({}).empty());
        putTwoAside();
        dismiss<ReminderMails>({1});
        replayOne<ReminderMails>(2);

        auto found = items<ReminderMails>({.people = true});

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, found.size());
        CPPUNIT_ASSERT_EQUAL(std::string("reminder, campaign 10, user 2"), found[0].what);
        CPPUNIT_ASSERT(found[0].state == carillon::ItemState::Applied && found[0].acknowledged);
        CPPUNIT_ASSERT(
            (found[0].about.back() == std::pair<std::string, std::string>{"sent_at", "2026-11-22T10:30:00.000Z"}));
        CPPUNIT_ASSERT((found[0].people->front() == std::pair<std::string, std::string>{"person", "Bob Bée"}));
        CPPUNIT_ASSERT(found[1].state == carillon::ItemState::Dismissed);
        CPPUNIT_ASSERT_EQUAL(std::string("left"), found[1].dismissal->reason);
        CPPUNIT_ASSERT_EQUAL(std::string("root"), found[1].dismissal->by);
        CPPUNIT_ASSERT(!items<ReminderMails>({}).at(0).people);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, items<ReminderMails>({.before = 2}).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, items<ReminderMails>({.person = "Ann"}).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, items<ReminderMails>({.campaign = "11"}).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, items<ReminderMails>({.state = carillon::ItemState::Applied}).size());
        CPPUNIT_ASSERT(items<ApprovalMails>({}).empty());
        CPPUNIT_ASSERT_THROW(items<ReminderMails>({.token = "ab"}), carillon::Failure);
        CPPUNIT_ASSERT_THROW(items<ReminderMails>({.campaign = "x"}), carillon::Failure);
    }

    void aMailThatARunHasLeftIsUncertain() {
        answerAll();
        db().execute(
            "UPDATE passerelle_outbox SET state = 'sending', run = 'gone', claimed_at = '2026-11-22 10:25:00'");

        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<ApprovalMails>()));  // it may be at it
        context().settableClock().advance(10min);
        const auto report = send<ApprovalMails>();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded put_aside=1 uncertain=1 mails_aside=1"), counted(report));
        expect("the run that sent it ended before the mail server's answer", report.warnings.at(0).text);
        CPPUNIT_ASSERT(_smtp->mails().empty());
    }

    void aMailThatARunHasLeftIsSeenBeforeTheNextRun() {
        answerAll();
        // The second by a clock that was ahead.
        for (const std::string at : {"2026-11-22 10:00:00", "2027-11-22 10:00:00"}) {
            db().execute("UPDATE passerelle_outbox SET state = 'sending', run = 'gone', claimed_at = '" + at + "'");

            const auto aside = rejects<ApprovalMails>();

            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, aside.size());
            CPPUNIT_ASSERT_EQUAL(std::string("uncertain"), aside.at(0).reason);
            expect("the run that sent it ended before the mail server's answer; it may have been sent already",
                   aside.at(0).detail);
            const auto item = items<ApprovalMails>({.state = carillon::ItemState::Rejected}).at(0);
            CPPUNIT_ASSERT_EQUAL(std::string("uncertain"), item.reason);
            CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do mails_aside=1"), counted(replayAll<ApprovalMails>()));
            CPPUNIT_ASSERT(_smtp->mails().empty());
            CPPUNIT_ASSERT_EQUAL(std::string("approved 10 NULL aside"), outbox());
        }
        db().execute(
            "UPDATE passerelle_outbox SET state = 'sending', run = 'gone', claimed_at = '2026-11-22 10:00:00'");
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded dismissed=1"), counted(dismiss<ApprovalMails>({1})));
    }

    void aSecondMailIsWarnedOf() {
        answerAll();
        _smtp->setScript([](const std::string& line) { return line == "." ? FakeSmtp::kTakeAndDrop : ""; });
        send<ApprovalMails>();
        expect("it may have been sent already: sent again, it may be a second mail",
               rejects<ApprovalMails>().at(0).detail);
        // The server is busy: the mail is planned now, and goes with the next run.
        _smtp->setScript([](const std::string& line) { return line.starts_with("RCPT") ? "451 later" : ""; });
        const std::string warning =
            "mail 1 (approved, campaign 10, creator) may be a second one: the first may have been sent on 2026-11-22 "
            "11:30:00 already";
        CPPUNIT_ASSERT_EQUAL(warning, replayOne<ApprovalMails>(1).warnings.at(0).text);
        _smtp->setScript({});
        context().settableClock().advance(1h);

        expect("|it may have been sent already: sent again, it may be a second mail; to u…@example.org: ",
               preview<ApprovalMails>({}).second);
        const auto report = send<ApprovalMails>();

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded sent=1"), counted(report));
        CPPUNIT_ASSERT_EQUAL(warning, report.warnings.at(0).text);
    }

    void noReminderComesAfterTheDeadline() {
        db().execute("UPDATE validation_tokens SET created_at = '2026-11-01 09:00:00'");
        db().execute("UPDATE campaigns SET date_limite = '2026-11-21'");
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<ReminderMails>({{"days", "3"}})));

        db().execute("UPDATE campaigns SET date_limite = '2026-11-22'");
        db().setSetting("email_host", "");
        CPPUNIT_ASSERT(send<ReminderMails>({{"days", "3"}}).givenUp);  // they wait
        db().setSetting("email_host", "127.0.0.1");
        context().settableClock().advance(24h);

        const auto report = send<ReminderMails>({{"days", "3"}});
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded dropped=2"), counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("2 dropped as no longer due (the deadline is past 2)"), report.message.text);
        CPPUNIT_ASSERT(_smtp->mails().empty());
        // Agora may know no deadlines at all.
        db().execute("ALTER TABLE campaigns DROP COLUMN date_limite");
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<ReminderMails>({{"days", "3"}})));
        expect("no column date_limite,",
               send<ReminderMails>({{"days", "3"}, {"column.deadline", "date_limite"}}).message);
    }

    void whatIsDroppedTellsWhy() {
        const std::vector<std::pair<std::string, std::string>> cases = {
            {"UPDATE campaigns SET statut = 'refusee'", "campaign_closed"},
            {"INSERT INTO validations (campaign_id, user_id, action, validated_at) VALUES (10, 1, 'valide', "
             "'2026-11-22 10:00:00')",
             "answered"},
            {"DELETE FROM campaign_validators WHERE user_id = 1", "no_validator"},
            {"UPDATE validation_tokens SET expires_at = '2026-11-22 11:00:00'", "link_expired"},
            {"UPDATE validation_tokens SET used_at = '2026-11-22 11:00:00'", "answered"},
            {"INSERT INTO validation_tokens (token, campaign_id, user_id, expires_at) VALUES ('new', 10, 1, "
             "'2026-12-01 00:00:00')",
             "invited_anew"},
            {"DELETE FROM validation_tokens", "link_gone"}};
        db().execute("DELETE FROM validation_tokens WHERE token = 'bob'");
        for (const auto& [change, why] : cases) {
            invite("ann", "2026-11-01 09:00:00");
            db().setSetting("email_host", "");
            CPPUNIT_ASSERT(send<ReminderMails>({{"days", "3"}}).givenUp);  // it waits
            db().setSetting("email_host", "127.0.0.1");
            const auto before = rows("id", "validation_tokens ORDER BY id");
            db().execute(change);

            const auto [report, items] = preview<ReminderMails>({{"days", "3"}});
            send<ReminderMails>({{"days", "3"}});

            expect("|dropped|" + why + "|", items);
            CPPUNIT_ASSERT_EQUAL(why, rows("reason", "passerelle_outbox"));
            db().execute("DELETE FROM passerelle_outbox");
            db().execute("DELETE FROM validations");
            db().execute("DELETE FROM validation_tokens");
            db().execute("DELETE FROM campaign_validators WHERE user_id = 1");
            db().execute("UPDATE campaigns SET statut = 'en_validation'");
            db().addValidator(10, 1);
            db().addToken("ann", 10, 1, "2026-12-01 00:00:00");
        }
        CPPUNIT_ASSERT(_smtp->mails().empty());
    }

    void anAlertTellsThatTheLinkHasExpired() {
        db().execute("UPDATE campaigns SET date_limite = '2026-11-24'");
        db().execute("UPDATE validation_tokens SET expires_at = '2026-11-20 18:00:00' WHERE token = 'ann'");

        send<DeadlineMails>(
            {{"days", "5"}, {"recipients", "validators"}, {"link", "https://passerelle.example/?token={token}"}});

        CPPUNIT_ASSERT_EQUAL(std::string("user1@example.org"), mail(0).to);
        expect("Le lien de votre invitation a expir=C3=A9 le 20/11/2026 =C3=A0 18:00", withoutBreaks(mail(0).text));
        CPPUNIT_ASSERT(mail(0).text.find("token") == std::string::npos);
        expect("token=3Dbob", withoutBreaks(mail(1).text));
    }

    void aSenderThatIsPutOffLeavesTheMailsWaiting() {
        db().execute("UPDATE validation_tokens SET created_at = '2026-11-01 09:00:00'");
        _smtp->setScript([](const std::string& line) { return line.starts_with("MAIL") ? "451 greylisted" : ""; });

        const auto report = send<ReminderMails>({{"days", "3"}});

        CPPUNIT_ASSERT_EQUAL(std::string("failed planned=2 mails_waiting=2"), counted(report));
        CPPUNIT_ASSERT(!report.givenUp && report.retryAfter == 5min);
        expect("takes nothing from this sender for now: 451 greylisted; nothing is lost", report.message);
        _smtp->setScript({});
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded sent=2"), counted(send<ReminderMails>({{"days", "3"}})));
    }

    void aRefusalTellsNobodysName() {
        db().execute("DELETE FROM validation_tokens WHERE token = 'bob'");
        invite("ann", "2026-11-01 09:00:00");
        _smtp->setScript([](const std::string& line) {
            return line.starts_with("RCPT") ? "550 5.1.1 user1 (Ann ARBOR) has left" : "";
        });

        const auto report = send<ReminderMails>({{"days", "3"}});

        expect("550 5.1.1 … (… …) has left", report.warnings.at(0).text);
        expect("550 5.1.1 … (… …) has left", rejects<ReminderMails>().at(0).detail);
        for (const auto& line : context().lines) CPPUNIT_ASSERT(line.find("ARBOR") == std::string::npos);
    }

    void twoRunsAtOnceSendEachOnce() {
        for (int user = 20; user < 40; ++user) {
            db().addUser(user, "V", std::to_string(user));
            db().addValidator(10, user);
            db().addToken("t" + std::to_string(user), 10, user, "2026-12-01 00:00:00");
        }
        db().execute("UPDATE validation_tokens SET created_at = '2026-11-01 09:00:00'");
        std::vector<carillon::RunReport> reports(2);
        std::vector<std::thread> threads;
        for (int i = 0; i < 2; ++i) contextOf(i).settableIdentity().run = "rival-" + std::to_string(i);
        for (int i = 0; i < 2; ++i)
            threads.emplace_back([&, i] {
                auto task = configured<ReminderMails>({{"days", "3"}, {"mail.rate", "6000"}});
                reports[static_cast<std::size_t>(i)] = task->run(contextOf(i));
            });
        for (auto& thread : threads) thread.join();

        for (const auto& report : reports) CPPUNIT_ASSERT_MESSAGE(report.message.text, report.warnings.empty());
        CPPUNIT_ASSERT_EQUAL(22LL, countRows("passerelle_outbox"));
        CPPUNIT_ASSERT_EQUAL(22LL, db().count("SELECT COUNT(*) FROM passerelle_outbox WHERE state = 'sent'"));
        std::map<std::string, int> to;
        for (const auto& mail : _smtp->mails()) ++to[mail.to];
        CPPUNIT_ASSERT_EQUAL(std::size_t{22}, to.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{22}, _smtp->mails().size());
    }

    void aRunSendsNoMoreThanItMay() {
        db().execute("UPDATE validation_tokens SET created_at = '2026-11-01 09:00:00'");

        const auto first = send<ReminderMails>({{"days", "3"}, {"mail.max", "1"}});

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=2 sent=1 mails_waiting=1"), counted(first));
        CPPUNIT_ASSERT_EQUAL(std::string("1 mail sent, 1 mail waits"), first.message.text);
        const auto began = std::chrono::steady_clock::now();
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded sent=1"), counted(send<ReminderMails>({{"days", "3"}})));
        context().settableClock().advance(10 * 24h);
        db().execute("UPDATE validation_tokens SET expires_at = '2027-01-01 00:00:00'");
        send<ReminderMails>({{"days", "3"}, {"mail.rate", "300"}});  // a second one after 200 ms
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - began >= 200ms);
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, _smtp->mails().size());
    }

    void theDryRunMasksAddressesAndWritesNothing() {
        db().execute("UPDATE validation_tokens SET created_at = '2026-11-01 09:00:00'");
        db().execute("UPDATE users SET email = '' WHERE id = 2");
        const std::string rare = TestDatabase::rareCharacter();
        db().execute("UPDATE campaigns SET titre = 'Fête\n" + rare + "' WHERE id = 10");
        const std::string before = everything();

        const auto [report, items] = preview<ReminderMails>({{"days", "3"}});

        CPPUNIT_ASSERT_EQUAL(
            std::string("reminder, campaign 10, user 1|sent||to u…@example.org: Rappel\u00a0: votre avis "
                        "sur la campagne «\u00a0Fête " +
                        rare +
                        "\u00a0»\n"
                        "reminder, campaign 10, user 2|put_aside|bad_address|the user 2 has no address; "
                        "correct it in Agora\n"),
            items);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=2 sent=1 put_aside=1"), counted(report));
        CPPUNIT_ASSERT_EQUAL(before, everything());
        CPPUNIT_ASSERT_EQUAL(0LL, tablesOf("passerelle_outbox"));
        CPPUNIT_ASSERT_EQUAL(0, _smtp->connections());
        db().setSetting("email_fromaddress", "");
        CPPUNIT_ASSERT_EQUAL(std::string("Agora's setting email_fromaddress is missing or empty; set it in Agora"),
                             preview<ReminderMails>({{"days", "3"}}).first.message.text);
    }

    void theCheckLogsInAndSendsNothing() {
        db().setSetting("email_username", "agora");
        db().setSetting("email_password", "p4ss");
        const auto found = checks<ReminderMails>({{"days", "3"}});

        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, found.size());
        CPPUNIT_ASSERT_EQUAL(std::string("passed the task is switched on"), found.at(0));
        expect("passed all tables are there", found.at(1));
        CPPUNIT_ASSERT_EQUAL(std::string("passed mails can be planned"), found.at(2));
        CPPUNIT_ASSERT_EQUAL(std::string("passed the mail server 127.0.0.1 takes the account; nothing was sent"),
                             found.at(3));
        CPPUNIT_ASSERT_EQUAL(0LL, tablesOf("passerelle_outbox"));
        _smtp->setScript([](const std::string& line) { return line.starts_with("AUTH") ? "535 no" : ""; });
        expect("failed the mail server 127.0.0.1 refuses the account: 535 no",
               checks<ReminderMails>({{"days", "3"}}).at(3));
        expect("warning notif_relance_delai_jours is 0 or not set", checks<ReminderMails>().at(0));
    }

    void theCheckSeesMailsThatNobodySends() {
        answerAll();
        expect("passed mails can be planned", checks<ApprovalMails>().at(2));
        context().settableClock().advance(25h);
        expect("warning mails have waited for more than a day", checks<ApprovalMails>().at(2));
    }

    void oldMailsAreDeleted() {
        answerAll();
        send<ApprovalMails>();
        context().settableClock().advance(29 * 24h);
        send<ApprovalMails>({{"keep", "30d"}});
        CPPUNIT_ASSERT_EQUAL(1LL, countRows("passerelle_outbox"));
        context().settableClock().advance(2 * 24h);
        send<ApprovalMails>({{"keep", "30d"}});
        CPPUNIT_ASSERT_EQUAL(0LL, countRows("passerelle_outbox"));
    }

    void aClockThatWasAheadHasNoMailSentAgain() {
        db().execute("DELETE FROM validation_tokens WHERE token = 'bob'");
        invite("ann", "2026-11-18 09:00:00");
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=1 sent=1"), counted(send<ReminderMails>({{"days", "3"}})));

        context().settableClock().advance(400 * 24h);
        send<ReminderMails>({{"days", "3"}});
        context().settableClock().advance(-400 * 24h);

        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<ReminderMails>({{"days", "3"}})));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _smtp->mails().size());
    }

    /// The campaign is edited while the clock is wrong, and handed in again: its alert was sent all the same.
    void aClockThatWasAheadHasNoAlertSentAgain() {
        const Keys keys{{"days", "5"}, {"recipients", "creator"}};
        db().execute("UPDATE campaigns SET date_limite = '2026-11-24'");
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=1 sent=1"), counted(send<DeadlineMails>(keys)));

        for (const auto* status : {"brouillon", "refusee", "validee", "en_validation"}) {
            db().execute(std::string("UPDATE campaigns SET statut = '") + status + "'");
            context().settableClock().advance(400 * 24h);
            send<DeadlineMails>(keys);
            context().settableClock().advance(-400 * 24h);
        }

        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(send<DeadlineMails>(keys)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _smtp->mails().size());
        db().execute("UPDATE campaigns SET statut = 'archivee'");
        context().settableClock().advance(400 * 24h);
        send<DeadlineMails>(keys);
        CPPUNIT_ASSERT_EQUAL(0LL, countRows("passerelle_outbox"));
    }

    void aClockThatWasAheadLosesNoReject() {
        putTwoAside();

        context().settableClock().advance(400 * 24h);
        send<ReminderMails>({{"days", "3"}});
        context().settableClock().advance(-400 * 24h);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rejects<ReminderMails>().size());
    }

    void aClockThatWasAheadPutsNoMailOffForLong() {
        answerAll();
        context().settableClock().advance(400 * 24h);
        _smtp->setScript([](const std::string& line) { return line.starts_with("RCPT") ? "451 later" : ""; });
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded postponed=1 mails_waiting=1"),
                             counted(send<ApprovalMails>({{"max_age", "500d"}})));
        _smtp->setScript({});

        context().settableClock().advance(-400 * 24h);

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded sent=1"), counted(send<ApprovalMails>()));
    }

protected:
    using Keys = std::map<std::string, std::string>;

    template <typename Task>
    std::unique_ptr<Task> configured(const Keys& keys) {
        std::map<std::string, carillon::ConfigSource::Entry> entries;
        entries["task.database.connector"] = {"", isSqlite() ? "SQLite" : "MySQL", 0};
        entries["task.database.connection"] = {"", db().connectionString(), 0};
        entries["task.mail.rate"] = {"", "6000", 0};
        for (const auto& [key, value] : keys) entries["task." + key] = {value, value, 0};
        const carillon::ConfigSource source{"job.properties", entries};
        carillon::SourceReader reader(source, "task.");
        auto task = std::make_unique<Task>();
        task->configure(reader);
        reader.refuseUnknown();
        for (const auto& fault : reader.faults()) CPPUNIT_FAIL(fault.sentence());
        return task;
    }
    template <typename Task>
    carillon::RunReport send(const Keys& keys = {}) {
        context().settableIdentity().run = "mails-" + std::to_string(++_sends);
        return configured<Task>(keys)->run(context());
    }
    template <typename Task>
    std::pair<carillon::RunReport, std::string> preview(const Keys& keys) {
        std::string items;
        const auto report = configured<Task>(keys)->preview(context(), [&](const carillon::PlannedItem& item) {
            items += item.what + "|" + item.effect + "|" + item.reason + "|" + item.detail.text + "\n";
        });
        return {report, items};
    }
    template <typename Task>
    std::vector<std::string> checks(const Keys& keys = {}) {
        std::vector<std::string> found;
        configured<Task>(keys)->check(context(), [&](const carillon::Check& check) {
            CPPUNIT_ASSERT_EQUAL(check.state == carillon::CheckState::Passed, check.recommendation.empty());
            found.push_back(std::string(carillon::checkStateName(check.state)) + " " + check.message.text);
        });
        return found;
    }
    template <typename Task>
    std::vector<carillon::Reject> rejects() {
        return configured<Task>({})->rejects(context(), {});
    }
    template <typename Task>
    carillon::RunReport replayAll() {
        context().settableIdentity().run = "mails-" + std::to_string(++_sends);
        return configured<Task>({})->replay(context(), {});
    }
    template <typename Task>
    carillon::RunReport replayOne(std::int64_t id) {
        return replayThese<Task>({id});
    }
    template <typename Task>
    carillon::RunReport replayThese(const std::vector<std::int64_t>& ids) {
        context().settableIdentity().run = "mails-" + std::to_string(++_sends);
        return configured<Task>({})->replay(context(), {ids, {}});
    }
    template <typename Task>
    carillon::RunReport dismiss(const std::vector<std::int64_t>& ids) {
        context().settableIdentity().run = "mails-" + std::to_string(++_sends);
        return configured<Task>({})->dismiss(context(), {ids, "left", "root"});
    }
    template <typename Task>
    std::vector<carillon::Item> items(const carillon::ItemQuery& query) {
        return configured<Task>({})->items(context(), query);
    }
    /// Reminders of Ann and Bob, 1 and 2, which the server refuses now.
    void putTwoAside() {
        db().execute("UPDATE validation_tokens SET created_at = '2026-11-01 09:00:00'");
        _smtp->setScript([](const std::string& line) { return line.starts_with("RCPT") ? "550 unknown" : ""; });
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded planned=2 put_aside=2 mails_aside=2"),
                             counted(send<ReminderMails>({{"days", "3"}})));
        _smtp->setScript({});
    }

    /// Ann and Bob approve.
    void answerAll() {
        gateway().add({.id = 1, .token = "ann"});
        gateway().add({.id = 2, .token = "bob", .comment = "Oui"});
        notify();
        CPPUNIT_ASSERT_EQUAL(std::string("validee"), campaignStatus());
    }
    carillon::RunReport notify() {
        context().settableIdentity().run = "sync-" + std::to_string(++_sends);
        auto notifying = limits();
        notifying.notifiesCreators = true;
        return Synchronisation(gateway(), this->session(), _time, notifying, context()).run();
    }
    /// When its token was made, in UTC; the test's own session writes by Paris's clocks of winter.
    void invite(const std::string& token, const std::string& at) {
        db().execute((isSqlite()
                          ? "UPDATE validation_tokens SET created_at = '" + at
                          : "UPDATE validation_tokens SET created_at = CONVERT_TZ('" + at + "', '+00:00', '+01:00") +
                     (isSqlite() ? "'" : "')") + " WHERE token = '" + token + "'");
    }
    std::string outbox() {
        if (tablesOf("passerelle_outbox") == 0) return "";
        return rows("kind || ' ' || campaign_id || ' ' || COALESCE(CAST(user_id AS CHAR(20)), 'NULL') || ' ' || state",
                    "passerelle_outbox ORDER BY id");
    }
    long long tablesOf(const std::string& name) {
        return db().count(isSqlite() ? "SELECT COUNT(*) FROM sqlite_master WHERE name = '" + name + "'"
                                     : "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() "
                                       "AND table_name = '" +
                                           name + "'");
    }
    FakeSmtp::Mail mail(std::size_t number) { return _smtp->mails().at(number); }
    /// Without the soft ends of lines of quoted-printable.
    static std::string withoutBreaks(std::string text) {
        for (std::size_t at = 0; (at = text.find("=\r\n", at)) != std::string::npos;) text.erase(at, 3);
        return text;
    }
    static void expect(const std::string& part, const std::string& text) {
        CPPUNIT_ASSERT_MESSAGE(part + "\nis not in\n" + text, text.find(part) != std::string::npos);
    }
    carillon::testing::FakeRunContext& contextOf(int rival) { return _rivals[rival]; }

    std::unique_ptr<FakeSmtp> _smtp{};

private:
    std::map<int, carillon::testing::FakeRunContext> _rivals{};
    int _sends = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(MailTasksTest);

/// The same on a server.
class MailTasksOnMySqlTest : public MySqlTestFixture<MailTasksTest> {
    CPPUNIT_TEST_SUB_SUITE(MailTasksOnMySqlTest, MailTasksTest);
    CPPUNIT_TEST_SUITE_END();
};

CPPUNIT_TEST_SUITE_REGISTRATION(MailTasksOnMySqlTest);
