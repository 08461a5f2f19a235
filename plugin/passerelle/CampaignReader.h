#pragma once

#include "AgoraSession.h"
#include "AgoraTime.h"
#include "MailPlan.h"
#include "Texts.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace passerelle {

/// Columns of Agora's table campaigns that not every version of it has. Empty: the task needs none.
struct CampaignColumns {
    std::string creator{};      ///< The id of the user who made the campaign.
    std::string deadline{};     ///< A date, or a date-time.
    bool needsDeadline = true;  ///< Else a campaign has none where there is no such column.
};

struct MailCampaign {
    std::string title{};
    std::string status{};
    std::int64_t creator = 0;  ///< 0: nobody, or not asked for.
    std::string deadline{};    ///< As the column has it; empty: none, or not asked for.

    bool isPending() const { return status == "en_validation"; }
};

struct MailPerson {
    std::string name{};
    std::string email{};
    bool isActive = true;
};

/// One answer to a campaign, the latest of its validator.
struct MailAnswer {
    std::string name{};
    bool refused = false;
    std::string comment{};
    std::string at{};  ///< In Agora's zone; empty: not known.
};

struct MailInvitation {
    std::int64_t id = 0;
    std::string token{};  ///< A secret between Agora and the validator.
    std::chrono::local_days invitedOn{};
    std::string expiresAt{};  ///< In Agora's zone.
    bool isUsed = false;
};

/// What mails are about, read from Agora's tables. It writes nothing. One thread.
class CampaignReader {
public:
    /// Borrows the session and the time.
    CampaignReader(AgoraSession& session, const AgoraTime& time, CampaignColumns columns);

    /// One sentence that names each column that is missing and what to do; empty: none is. To be called before all
    /// others. Throws DatabaseFailed.
    Message lookAtColumns();

    /// Who may be reminded: validators of campaigns in validation, whose last token nobody has used and which is still
    /// good at `now` (Agora's zone), and who have neither approved nor refused; each with the campaign's deadline.
    std::vector<Invitation> invitations(const std::string& now);
    /// Campaigns in validation with a deadline. What is no date is passed over and counted in `unreadable`.
    std::vector<CampaignDeadline> deadlines(std::int64_t& unreadable);

    std::optional<MailCampaign> campaign(std::int64_t id);
    std::optional<MailPerson> person(std::int64_t id);
    std::vector<MailAnswer> answers(std::int64_t campaign);
    /// The last one of a validator, whatever became of it.
    std::optional<MailInvitation> lastInvitation(std::int64_t campaign, std::int64_t user);
    /// Whether the validator has approved or refused; nothing: the user is no validator of the campaign.
    std::optional<bool> hasAnswered(std::int64_t campaign, std::int64_t user);
    /// Validators who have neither approved nor refused.
    std::vector<std::int64_t> silentValidators(std::int64_t campaign);

private:
    std::string createdColumn() const;
    std::string deadlineColumn() const;
    std::chrono::local_days dayOfCreation(const std::string& text) const;

    AgoraSession& _session;
    const AgoraTime& _time;
    CampaignColumns _columns;
    bool _hasActive = false;        // users.actif: not every Agora has it
    bool _createdIsInstant = true;  // validation_tokens.created_at
};

/// The day of a date or date-time; nothing where it is none.
std::optional<std::chrono::local_days> dayOf(const std::string& text);

}  // namespace passerelle
