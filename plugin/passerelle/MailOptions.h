#pragma once

#include "CampaignReader.h"
#include "JobOptions.h"
#include "MailPlan.h"
#include "OutboxRows.h"

#include "carillon/ConfigReader.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace passerelle {

/// The plugin's tasks that send mail.
enum class MailTaskKind : std::uint8_t { Approvals, Reminders, Deadlines };

/// What each of them sends.
std::span<const MailKind> kindsOf(MailTaskKind task);

/// Since when a mail that is being sent was left by its run: no conversation about one lasts so long.
AbandonedBounds abandonedAt(carillon::TimePoint now, std::chrono::milliseconds timeout);

/// The setting of Agora that switches a task on, in days; empty: none does.
const char* daysSettingOf(MailTaskKind task);

/// The `task.*` keys of a task that sends mail.
struct MailOptions {
    MailTaskKind task = MailTaskKind::Approvals;
    DatabaseOptions database{};
    CampaignColumns columns{};
    std::string ca{};  ///< Of the mail server; empty: the system's authorities.
    std::chrono::milliseconds timeout{30'000};
    std::size_t mostMails = 200;         ///< A run.
    std::int64_t perMinute = 60;         ///< Mails.
    std::optional<std::int64_t> days{};  ///< Instead of Agora's setting; 0: none is sent.
    std::int64_t mostReminders = 3;      ///< Of one invitation.
    DeadlineRecipients recipients = DeadlineRecipients::Both;
    std::string link{};           ///< By which to answer, with `{token}` in it; empty: none is given.
    std::chrono::days maxAge{7};  ///< Of a decision that is still told.
    std::chrono::days keep{365};  ///< Of what was sent.
};

MailOptions readMailOptions(carillon::ConfigReader& in, MailTaskKind task);

}  // namespace passerelle
