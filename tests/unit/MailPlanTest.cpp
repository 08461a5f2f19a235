#include "MailPlan.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <map>
#include <string>
#include <vector>

using namespace passerelle;
using namespace std::chrono;

/// Which mails are due.
class MailPlanTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MailPlanTest);
    CPPUNIT_TEST(aStatusThatChangesIsOneOccasion);
    CPPUNIT_TEST(theFirstReminderIsDueWhenItsDaysAreOver);
    CPPUNIT_TEST(furtherRemindersComeAsLongAfterTheOneBefore);
    CPPUNIT_TEST(missedTimeMakesNoSecondReminder);
    CPPUNIT_TEST(remindersEnd);
    CPPUNIT_TEST(deadlinesAreToldFromTheirDaysOnToTheDayItself);
    CPPUNIT_TEST(deadlinesAreToldToThoseWhoAreAskedFor);
    CPPUNIT_TEST(aDeadlineThatMovesIsAnotherOccasion);
    CPPUNIT_TEST(zeroDaysAreNone);
    CPPUNIT_TEST(kindsAreFoundByTheirNames);
    CPPUNIT_TEST_SUITE_END();

public:
    void aStatusThatChangesIsOneOccasion() {
        const auto notices = noticesOf({{10, 7, "2026-11-22 11:00:00", "validee"},
                                        {11, 8, "2026-11-22 11:00:01", "refusee"},
                                        {11, 8, "2026-11-23 09:00:00", "refusee"}});

        CPPUNIT_ASSERT_EQUAL(std::string("approved:10:7:20261122110000 refused:11:8:20261122110001 "
                                         "refused:11:8:20261123090000"),
                             occasions(notices));
        CPPUNIT_ASSERT(!notices.at(0).user && notices.at(0).token == 7);
    }

    void theFirstReminderIsDueWhenItsDaysAreOver() {
        CPPUNIT_ASSERT_EQUAL(std::string(), occasions(reminders({}, kInvited + days(2))));
        CPPUNIT_ASSERT_EQUAL(std::string("reminder:10:1:7:1"), occasions(reminders({}, kInvited + days(3))));
    }

    void furtherRemindersComeAsLongAfterTheOneBefore() {
        const std::map<std::int64_t, Reminded> once{{7, {1, kInvited + days(4)}}};

        CPPUNIT_ASSERT_EQUAL(std::string(), occasions(reminders(once, kInvited + days(6))));
        CPPUNIT_ASSERT_EQUAL(std::string("reminder:10:1:7:2"), occasions(reminders(once, kInvited + days(7))));
    }

    void missedTimeMakesNoSecondReminder() {
        CPPUNIT_ASSERT_EQUAL(std::string("reminder:10:1:7:1"), occasions(reminders({}, kInvited + days(300))));
    }

    void remindersEnd() {
        CPPUNIT_ASSERT_EQUAL(std::string(), occasions(reminders({{7, {2, kInvited}}}, kInvited + days(300))));
        // Of an invitation before, whose number this one has got.
        CPPUNIT_ASSERT_EQUAL(std::string("reminder:10:1:7:1"),
                             occasions(reminders({{7, {2, kInvited - days(1)}}}, kInvited + days(3))));
    }

    void deadlinesAreToldFromTheirDaysOnToTheDayItself() {
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, deadlines(kDeadline - days(4)).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, deadlines(kDeadline - days(3)).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, deadlines(kDeadline).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, deadlines(kDeadline + days(1)).size());
    }

    void deadlinesAreToldToThoseWhoAreAskedFor() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("deadline:10:1:2026-12-15 deadline:10:2:2026-12-15 deadline:10:creator:2026-12-15"),
            occasions(deadlines(kDeadline)));
        CPPUNIT_ASSERT_EQUAL(std::string("deadline:10:1:2026-12-15 deadline:10:2:2026-12-15"),
                             occasions(deadlines(kDeadline, DeadlineRecipients::Validators)));
        CPPUNIT_ASSERT_EQUAL(std::string("deadline:10:creator:2026-12-15"),
                             occasions(deadlines(kDeadline, DeadlineRecipients::Creator)));
        CPPUNIT_ASSERT(dueDeadlines({{10, kDeadline, {}}}, kDeadline, 3, DeadlineRecipients::Both).empty());
    }

    void aDeadlineThatMovesIsAnotherOccasion() {
        CPPUNIT_ASSERT(deadlineOccasion(10, 1, kDeadline) != deadlineOccasion(10, 1, kDeadline + days(1)));
    }

    void zeroDaysAreNone() {
        CPPUNIT_ASSERT(dueReminders({kInvitation}, {}, kInvited + days(9), {0, 3}).empty());
        CPPUNIT_ASSERT(dueDeadlines({{10, kDeadline, {1}}}, kDeadline, 0, DeadlineRecipients::Both).empty());
    }

    void kindsAreFoundByTheirNames() {
        for (const auto kind : {MailKind::Approved, MailKind::Refused, MailKind::Reminder, MailKind::Deadline})
            CPPUNIT_ASSERT(mailKindOf(mailKindName(kind)) == kind);
        CPPUNIT_ASSERT(!mailKindOf("other"));
    }

private:
    static constexpr local_days kInvited{year{2026} / 11 / 22};
    static constexpr local_days kDeadline{year{2026} / 12 / 15};
    static constexpr Invitation kInvitation{7, 10, 1, kInvited};

    static std::vector<PlannedMail> reminders(const std::map<std::int64_t, Reminded>& reminded, local_days today) {
        return dueReminders({kInvitation}, reminded, today, {3, 2});
    }
    static std::vector<PlannedMail> deadlines(local_days today,
                                              DeadlineRecipients recipients = DeadlineRecipients::Both) {
        return dueDeadlines({{10, kDeadline, {1, 2}}}, today, 3, recipients);
    }
    static std::string occasions(const std::vector<PlannedMail>& mails) {
        std::string text;
        for (const auto& mail : mails) text += (text.empty() ? "" : " ") + mail.occasion;
        return text;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MailPlanTest);
