#pragma once

#include "AgoraItems.h"
#include "AgoraSession.h"
#include "AgoraTime.h"
#include "InboxItems.h"

#include "carillon/Items.h"

#include <string>
#include <vector>

namespace passerelle {

/// The life of items as people ask for it: what the inbox holds, with the names that Agora has.
class Items {
public:
    /// Borrows both. The time tells moments of answers in Agora's zone, as Agora itself shows them.
    Items(AgoraSession& session, const AgoraTime& time) : _inbox(session), _agora(session), _time(time) {}

    /// Throws Poco::InvalidArgumentException for a filter that cannot be one.
    std::vector<carillon::Item> list(const carillon::ItemQuery& query);

private:
    ItemFilter filterOf(const carillon::ItemQuery& query);

    InboxItems _inbox;
    AgoraItems _agora;
    const AgoraTime& _time;
};

/// The token in an item as it came, as it may be shown.
std::string shownToken(const std::string& payload);

/// `validations 812`
std::string storedAs(std::int64_t validation);

}  // namespace passerelle
