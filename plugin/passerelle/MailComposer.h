#pragma once

#include "CampaignReader.h"
#include "MailOptions.h"
#include "MailText.h"
#include "Outbox.h"
#include "SmtpConnection.h"
#include "Texts.h"

#include "carillon/Clock.h"

#include <array>
#include <string>
#include <string_view>

namespace passerelle {

/// Why there is no occasion for a mail any more. As the column reason has them.
inline constexpr std::array<std::string_view, 15> kDropReasons{
    "campaign_gone", "campaign_closed", "decision_changed", "too_old",   "no_creator",
    "user_gone",     "user_inactive",   "no_validator",     "answered",  "all_answered",
    "deadline_past", "deadline_moved",  "link_expired",     "link_gone", "invited_anew"};

/// A mail in words, or why there is none.
struct ComposedMail {
    std::string dropped{};  ///< One word, of kDropReasons: there is no occasion for it any more. Empty: there is.
    Message badAddress{};   ///< One sentence: nobody can be written to. Empty: somebody can.
    MailRecipient to{};
    MailWords words{};
};

/// Makes a mail of what Agora holds now, not when it was planned: a validator who has answered since is not reminded,
/// and an address that was corrected counts. It writes nothing.
class MailComposer {
public:
    /// Borrows all.
    MailComposer(CampaignReader& reader, const AgoraTime& time, const MailOptions& options,
                 const carillon::Clock& clock)
        : _reader(reader), _time(time), _options(options), _clock(clock) {}

    ComposedMail compose(const OutboxMail& mail);
    /// In Agora's zone.
    std::string localText(carillon::TimePoint at) const { return _time.fromUtc(at); }

private:
    std::string now() const;
    std::string whyDropped(const OutboxMail& mail, const MailCampaign& campaign, MailFacts& facts);
    std::string whyNoAnswerIsAwaited(const OutboxMail& mail);
    std::string whyNoReminder(const OutboxMail& mail, const MailCampaign& campaign, MailFacts& facts);
    std::string whyNoAlert(const OutboxMail& mail, const MailCampaign& campaign, MailFacts& facts);
    std::string linkFor(const MailInvitation& invitation) const;

    CampaignReader& _reader;
    const AgoraTime& _time;
    const MailOptions& _options;
    const carillon::Clock& _clock;
};

}  // namespace passerelle
