#pragma once

#include "CampaignReader.h"
#include "MailOptions.h"
#include "MailText.h"
#include "Outbox.h"

#include "carillon/Clock.h"

#include <string>

namespace passerelle {

/// A mail in words, or why there is none.
struct ComposedMail {
    std::string dropped{};     ///< One word: there is no occasion for it any more. Empty: there is.
    std::string badAddress{};  ///< One sentence: nobody can be written to. Empty: somebody can.
    std::string to{};
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

private:
    std::string now() const;
    std::string whyDropped(const OutboxMail& mail, const MailCampaign& campaign, MailFacts& facts);
    bool reminds(const OutboxMail& mail, MailFacts& facts);
    bool warns(const OutboxMail& mail, const MailCampaign& campaign, MailFacts& facts);
    std::string linkFor(const MailInvitation& invitation) const;

    CampaignReader& _reader;
    const AgoraTime& _time;
    const MailOptions& _options;
    const carillon::Clock& _clock;
};

}  // namespace passerelle
