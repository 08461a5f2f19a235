#pragma once

#include "AgoraDatabase.h"
#include "AgoraSession.h"
#include "AgoraTime.h"
#include "CampaignReader.h"
#include "MailComposer.h"
#include "MailOptions.h"
#include "Outbox.h"
#include "OutboxReview.h"

#include "carillon/MailAccount.h"
#include "carillon/RunContext.h"

#include <cstdint>

namespace passerelle {

/// The database of one run that sends mail, and what reads and writes it.
struct MailParts {
    /// Borrows both. Throws DatabaseFailed.
    MailParts(const MailOptions& options_, carillon::RunContext& context_);

    /// From the job's file, or else Agora's setting; 0: the task is switched off. Throws SettingFault.
    std::int64_t days();
    /// Agora's own; its password is concealed. Throws MailFault, Denied, with the setting that is wrong.
    carillon::MailAccount account();
    std::string now() const;
    /// For what is left by its run, at this moment.
    AbandonedBounds abandoned() const { return abandonedAt(context.clock().now(), options.timeout); }

    const MailOptions& options;
    carillon::RunContext& context;
    AgoraSession session;
    AgoraDatabase database;
    AgoraTime time;
    CampaignReader reader;
    Outbox outbox;
    OutboxReview review;
    MailComposer composer;
};

}  // namespace passerelle
