#include "MailPlan.h"

#include "AgoraTime.h"

#include <algorithm>

namespace passerelle {
namespace {

std::string joined(std::string_view kind, std::int64_t campaign, const std::string& rest) {
    return std::string(kind) + ':' + std::to_string(campaign) + ':' + rest;
}

}  // namespace

std::optional<MailKind> mailKindOf(std::string_view name) {
    const auto* const found = std::find(kMailKindNames.begin(), kMailKindNames.end(), name);
    if (found == kMailKindNames.end()) return std::nullopt;
    return static_cast<MailKind>(found - kMailKindNames.begin());
}

std::string dayText(std::chrono::local_days day) {
    return formatDateTime(day).substr(0, 10);
}

std::vector<PlannedMail> noticesOf(const std::vector<StatusChange>& changes) {
    std::vector<PlannedMail> notices;
    for (const auto& change : changes) {
        const MailKind kind = change.status == "refusee" ? MailKind::Refused : MailKind::Approved;
        std::string moment;
        std::copy_if(change.answeredAt.begin(), change.answeredAt.end(), std::back_inserter(moment),
                     [](char c) { return c >= '0' && c <= '9'; });
        notices.push_back({joined(mailKindName(kind), change.campaign, std::to_string(change.token) + ':' + moment),
                           kind, change.campaign, std::nullopt, change.token});
    }
    return notices;
}

std::vector<PlannedMail> dueReminders(const std::vector<Invitation>& invitations,
                                      const std::map<std::int64_t, Reminded>& reminded, std::chrono::local_days today,
                                      const ReminderRule& rule) {
    std::vector<PlannedMail> due;
    if (rule.days <= 0) return due;
    for (const auto& invitation : invitations) {
        if (invitation.deadline && *invitation.deadline < today) continue;
        const auto known = reminded.find(invitation.token);
        // Some servers give a number again when the row that had it is gone: then these were of another invitation.
        const bool isOwn = known != reminded.end() && known->second.lastOn >= invitation.invitedOn;
        const Reminded before = isOwn ? known->second : Reminded{0, invitation.invitedOn};
        if (before.count >= rule.most || today - before.lastOn < std::chrono::days(rule.days)) continue;
        const std::string rest = std::to_string(invitation.user) + ':' + std::to_string(invitation.token) + ':' +
                                 std::to_string(before.count + 1);
        due.push_back({joined(mailKindName(MailKind::Reminder), invitation.campaign, rest), MailKind::Reminder,
                       invitation.campaign, invitation.user, invitation.token});
    }
    return due;
}

std::string deadlineOccasion(std::int64_t campaign, std::optional<std::int64_t> user, std::chrono::local_days day) {
    return joined(mailKindName(MailKind::Deadline), campaign,
                  (user ? std::to_string(*user) : "creator") + ':' + dayText(day));
}

std::vector<PlannedMail> dueDeadlines(const std::vector<CampaignDeadline>& deadlines, std::chrono::local_days today,
                                      std::int64_t days, DeadlineRecipients recipients) {
    std::vector<PlannedMail> due;
    if (days <= 0) return due;
    const auto add = [&due](const CampaignDeadline& deadline, std::optional<std::int64_t> user) {
        due.push_back(
            {deadlineOccasion(deadline.campaign, user, deadline.day), MailKind::Deadline, deadline.campaign, user, 0});
    };
    for (const auto& deadline : deadlines) {
        const auto left = deadline.day - today;
        if (left < std::chrono::days(0) || left > std::chrono::days(days) || deadline.silent.empty()) continue;
        if (recipients != DeadlineRecipients::Creator)
            for (const auto user : deadline.silent) add(deadline, user);
        if (recipients != DeadlineRecipients::Validators) add(deadline, std::nullopt);
    }
    return due;
}

}  // namespace passerelle
