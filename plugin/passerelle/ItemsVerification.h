#pragma once

#include "AgoraItems.h"
#include "AgoraSession.h"
#include "InboxItems.h"
#include "Texts.h"

#include "carillon/Items.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace passerelle {

/// What became of an applied item that is no more in Agora as it was applied.
enum class Loss : std::uint8_t {
    Voided,   ///< What Agora itself does, such as editing a campaign, explains it; nothing is wrong.
    Lost,     ///< Nothing in Agora explains it.
    Changed,  ///< Its row is there, with another answer.
};

/// An applied item that Agora has no more as it was applied.
struct GoneItem {
    AppliedItem item{};
    Loss loss = Loss::Lost;
    Message why{};  ///< One sentence.
};

/// What a sample found.
struct ItemsSample {
    std::size_t compared = 0;
    std::vector<GoneItem> gone{};
};

/// Holds the inbox against Agora's own rows: what was applied is a row of `validations` with the campaign and the user
/// of its token and the action that came; of an answer that a person corrected, the action is not compared. Editing a
/// campaign in Agora voids all its answers and their tokens, and deleting one deletes them: that explains a row which
/// is gone. Only what is seen of it counts: the campaign is gone; or none of its older answers is left, and its status
/// went back, or the answer's token is unused again, was replaced by another one of the same person, or is gone, with
/// all of the campaign's, earlier than TokensClean can have deleted it. Only reads.
class ItemsVerification {
public:
    /// Borrows both.
    ItemsVerification(AgoraSession& session, carillon::RunContext& context)
        : _inbox(session), _agora(session), _context(context) {}

    /// All of it, in order of their ids.
    carillon::RunReport all(const carillon::ItemSink& gone);

    /// A few: the youngest ones, and as many in a row from anywhere.
    ItemsSample sample();
    static constexpr std::size_t kSample = 50;

private:
    std::vector<GoneItem> judge(const std::vector<AppliedItem>& missing);
    Message editOf(const AppliedItem& item, const std::string& status, const std::vector<CampaignToken>& tokens);
    std::vector<GoneItem> compare(const std::vector<AppliedItem>& items);
    void hand(const GoneItem& gone, const carillon::ItemSink& sink);

    InboxItems _inbox;
    AgoraItems _agora;
    carillon::RunContext& _context;
};

}  // namespace passerelle
