#pragma once

#include "AgoraItems.h"
#include "AgoraSession.h"
#include "InboxItems.h"

#include "carillon/Items.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace passerelle {

/// An applied item that Agora has no more.
struct GoneItem {
    AppliedItem item{};
    bool isExplained = false;  ///< What Agora itself does, such as editing a campaign; nothing is wrong.
    std::string why{};         ///< One sentence.
};

/// Holds the inbox against Agora's own rows: what was applied is a row of `validations` with the campaign and the user
/// of its token. Editing a campaign in Agora voids its answers, and deleting one deletes them: that explains a row
/// which is gone. Only reads.
class ItemsVerification {
public:
    /// Borrows both.
    ItemsVerification(AgoraSession& session, carillon::RunContext& context)
        : _inbox(session), _agora(session), _context(context) {}

    /// All of it, in order of their ids.
    carillon::RunReport all(const carillon::ItemSink& gone);

    /// A few: the youngest ones, and as many in a row from anywhere.
    std::vector<GoneItem> sample();
    static constexpr std::size_t kSample = 50;

private:
    std::vector<GoneItem> compare(const std::vector<AppliedItem>& items);
    void hand(const GoneItem& gone, const carillon::ItemSink& sink);

    InboxItems _inbox;
    AgoraItems _agora;
    carillon::RunContext& _context;
};

}  // namespace passerelle
