#pragma once

#include "MailOptions.h"
#include "MailTally.h"

#include "carillon/Items.h"
#include "carillon/Preview.h"
#include "carillon/Rejects.h"
#include "carillon/SyncTask.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace passerelle {

struct MailParts;

/// What the tasks that send mail have in common: each plans its own mails in the outbox, once each, and sends what is
/// planned. What could not be sent, or may have been, is a reject; replaying it sends it.
class MailTask : public carillon::SyncTask,
                 public carillon::Previews,
                 public carillon::KeepsRejects,
                 public carillon::KeepsItems {
public:
    void configure(carillon::ConfigReader& config) override;
    carillon::RunReport run(carillon::RunContext& context) override;
    /// Addresses are masked.
    carillon::RunReport preview(carillon::RunContext& context, const carillon::PlanSink& sink) override;
    void check(carillon::RunContext& context, const carillon::CheckSink& sink) override;
    std::vector<carillon::Reject> rejects(carillon::RunContext& context, const carillon::RejectQuery& query) override;
    /// All of them: but those that may have been sent, which are to be named one by one.
    carillon::RunReport replay(carillon::RunContext& context, const carillon::ReplayRequest& request) override;
    /// Mails that were sent, put aside or dismissed; each names whom it is for where people are asked for.
    std::vector<carillon::Item> items(carillon::RunContext& context, const carillon::ItemQuery& query) override;
    carillon::RunReport dismiss(carillon::RunContext& context, const carillon::DismissRequest& request) override;
    /// A mail that was sent leaves nothing to compare: there is nothing to do.
    carillon::RunReport verify(carillon::RunContext& context, const carillon::ItemSink& gone) override;

protected:
    explicit MailTask(MailTaskKind task) { _options.task = task; }

private:
    struct DueFacts {
        std::int64_t days = 0;
        std::chrono::local_days today{};
        std::vector<Invitation> invitations{};
        std::vector<CampaignDeadline> deadlines{};
    };

    carillon::RunReport sendDue(MailParts& parts, carillon::RunContext& context) const;
    Message whyNothing(MailParts& parts) const;
    DueFacts readFacts(MailParts& parts, MailTally& tally) const;
    std::vector<PlannedMail> plansOf(const DueFacts& facts, const std::map<std::int64_t, Reminded>& reminded) const;
    void planDue(MailParts& parts, MailTally& tally) const;

    MailOptions _options;
};

/// Tells a campaign's creator that an answer which PasserelleSync brought has approved or refused it.
class ApprovalMails final : public MailTask {
public:
    ApprovalMails() : MailTask(MailTaskKind::Approvals) {}
};

/// Reminds validators who have not answered.
class ReminderMails final : public MailTask {
public:
    ReminderMails() : MailTask(MailTaskKind::Reminders) {}
};

/// Tells validators who have not answered, and the creator, that a campaign's deadline is near.
class DeadlineMails final : public MailTask {
public:
    DeadlineMails() : MailTask(MailTaskKind::Deadlines) {}
};

}  // namespace passerelle
