#pragma once

#include "AgoraSession.h"
#include "OutboxRows.h"

#include "carillon/Clock.h"
#include "carillon/Rejects.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace passerelle {

struct OutboxCounts {
    std::int64_t waiting = 0;                     ///< Planned, and due or not.
    std::int64_t aside = 0;                       ///< Those among them that a run has left while it sent them.
    std::optional<carillon::TimePoint> oldest{};  ///< Of those that wait: when it was planned.
};

/// The table passerelle_outbox as people look after it: how many mails wait, which are put aside, and what is
/// forgotten.
class OutboxReview {
public:
    /// Borrows both; the clock tells when a mail is due that is planned anew.
    OutboxReview(AgoraSession& session, const carillon::Clock& clock) : _session(session), _clock(clock) {}

    /// Throws DatabaseFailed, as the others do.
    OutboxCounts count(std::span<const MailKind> kinds, const AbandonedBounds& bounds);
    std::vector<carillon::Reject> aside(std::span<const MailKind> kinds, const carillon::RejectQuery& query,
                                        const AbandonedBounds& bounds);
    /// Of those that were put aside the ones that never may have been sent, the oldest first.
    std::vector<std::int64_t> neverSent(std::span<const MailKind> kinds, std::size_t limit);
    /// Mails that were put aside, or dismissed, are planned anew, due at once, for this run to send: all of them, or,
    /// where one of the ids is none of such a mail, none. Throws carillon::Failure, which names that id.
    std::vector<OutboxMail> planAnew(std::span<const MailKind> kinds, std::vector<std::int64_t> ids,
                                     const std::string& run);
    /// Deletes what was sent, dropped or dismissed, is older, and stands for nothing that can be due again, whatever
    /// the clock says. Returns how many, `limit` at most.
    std::size_t deleteOld(std::span<const MailKind> kinds, carillon::TimePoint before, std::size_t limit);

private:
    AgoraSession& _session;
    const carillon::Clock& _clock;
};

}  // namespace passerelle
