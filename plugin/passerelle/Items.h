#pragma once

#include "AgoraItems.h"
#include "AgoraSession.h"
#include "AgoraTime.h"
#include "InboxItems.h"

#include "carillon/Items.h"

#include <string>
#include <vector>

namespace passerelle {

/// What somebody answered, as far as it can be read.
struct Answer {
    std::string token{};
    std::string action{};
    std::string moment{};  ///< RFC 3339; what is no moment stays as it was sent.
    std::string comment{};
};

/// The life of items as people ask for it: what the inbox holds, with the names that Agora has.
class Items {
public:
    /// Borrows both.
    Items(AgoraSession& session, const AgoraTime& time) : _inbox(session), _agora(session), _time(time) {}

    /// Throws carillon::Failure for a filter that cannot be one.
    std::vector<carillon::Item> list(const carillon::ItemQuery& query);

private:
    ItemFilter filterOf(const carillon::ItemQuery& query);
    std::map<std::int64_t, Answer> correctedAnswers(const std::vector<StoredItem>& rows);
    std::string appliedMoment(const StoredItem& row, const std::string& answeredAt) const;

    InboxItems _inbox;
    AgoraItems _agora;
    const AgoraTime& _time;
};

/// The token in an item as it came, as it may be shown.
std::string shownToken(const std::string& payload);

/// `validations 812`
std::string storedAs(std::int64_t validation);

}  // namespace passerelle
