#pragma once

#include "Settlement.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Which mails are due: pure functions of what the database holds and of the day.
namespace passerelle {

enum class MailKind : std::uint8_t { Approved, Refused, Reminder, Deadline };

/// As the column kind has them.
inline constexpr std::array<std::string_view, 4> kMailKindNames{"approved", "refused", "reminder", "deadline"};

inline std::string_view mailKindName(MailKind kind) {
    return kMailKindNames[static_cast<std::size_t>(kind)];
}
/// Nothing: none has this name.
std::optional<MailKind> mailKindOf(std::string_view name);

/// A mail that is to be sent, once.
struct PlannedMail {
    std::string occasion{};  ///< What for: no two mails have the same.
    MailKind kind = MailKind::Approved;
    std::int64_t campaign = 0;
    std::optional<std::int64_t> user{};  ///< None: the campaign's creator, whoever that is then.
    std::int64_t token = 0;              ///< Of the answer or the invitation; 0: of none.
};

/// For each status that an answer has brought. Its occasion is this answer: a token that is freed and used again makes
/// another one.
std::vector<PlannedMail> noticesOf(const std::vector<StatusChange>& changes);

/// A validator who was invited, may still answer, and has not.
struct Invitation {
    std::int64_t token = 0;
    std::int64_t campaign = 0;
    std::int64_t user = 0;
    std::chrono::local_days invitedOn{};                ///< In Agora's zone, as all days here.
    std::optional<std::chrono::local_days> deadline{};  ///< Of the campaign.
};

/// The reminders of one invitation so far.
struct Reminded {
    std::int64_t count = 0;
    std::chrono::local_days lastOn{};
};

/// The first reminder is due `days` days after the invitation, each further one as long after the one before.
struct ReminderRule {
    std::int64_t days = 0;
    std::int64_t most = 3;  ///< Of one invitation.
};

/// One for each invitation at most, whatever time was missed, and none after the deadline. `reminded` is by token.
std::vector<PlannedMail> dueReminders(const std::vector<Invitation>& invitations,
                                      const std::map<std::int64_t, Reminded>& reminded, std::chrono::local_days today,
                                      const ReminderRule& rule);

enum class DeadlineRecipients : std::uint8_t { Validators, Creator, Both };

/// A campaign in validation that has a deadline.
struct CampaignDeadline {
    std::int64_t campaign = 0;
    std::chrono::local_days day{};
    std::vector<std::int64_t> silent{};  ///< Validators who have not answered.
};

/// What an alert is for: this deadline of the campaign, to this user. A deadline that is moved makes another one.
std::string deadlineOccasion(std::int64_t campaign, std::optional<std::int64_t> user, std::chrono::local_days day);

/// From `days` days before the deadline to the day itself; to nobody where nobody's answer is awaited.
std::vector<PlannedMail> dueDeadlines(const std::vector<CampaignDeadline>& deadlines, std::chrono::local_days today,
                                      std::int64_t days, DeadlineRecipients recipients);

/// `2026-11-22`
std::string dayText(std::chrono::local_days day);

}  // namespace passerelle
