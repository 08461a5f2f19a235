#pragma once

#include "AgoraSession.h"
#include "AgoraTime.h"
#include "MailPlan.h"

#include "carillon/Clock.h"
#include "carillon/Items.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace passerelle {

/// The life of mails as people ask for it: those that were sent, put aside or dismissed. Only after Outbox::migrate().
class OutboxItems {
public:
    /// Borrows the session.
    OutboxItems(AgoraSession& session, const AbandonedBounds& bounds) : _session(session), _bounds(bounds) {}

    /// Of these kinds, as the query says. Throws carillon::Failure for a filter that cannot be one.
    std::vector<carillon::Item> list(std::span<const MailKind> kinds, const carillon::ItemQuery& query);

    /// Dismisses all of them, or none and returns the first that is no open reject; 0: all are dismissed.
    std::int64_t dismiss(std::span<const MailKind> kinds, const carillon::DismissRequest& request,
                         carillon::TimePoint at, const std::string& run);

private:
    std::string statesOf(const carillon::ItemQuery& query) const;
    std::string conditions(const carillon::ItemQuery& query);

    AgoraSession& _session;
    const AbandonedBounds _bounds;  // what its run has left is told as a reject
};

}  // namespace passerelle
