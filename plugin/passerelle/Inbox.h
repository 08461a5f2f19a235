#pragma once

#include "AgoraSession.h"
#include "Settlement.h"

#include "carillon/Clock.h"
#include "carillon/SyncTask.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace passerelle {

/// Which listing an item was seen in.
struct Listing {
    std::string gateway{};
    std::string run{};
};

struct Unacknowledged {
    std::int64_t id = 0;
    std::int64_t gatewayId = 0;
};

struct InboxCounts {
    std::int64_t applied = 0;
    std::int64_t rejected = 0;
    std::int64_t unacknowledged = 0;
};

/// The table passerelle_inbox: every item that was ever delivered, once each. It has the only SQL on it. Functions that
/// take part in a batch's transaction are marked so; the others are transactions of their own, with retries.
class Inbox {
public:
    /// Borrows both; clock for received_at and acked_at.
    Inbox(AgoraSession& session, const carillon::Clock& clock);
    ~Inbox();

    /// Creates or brings up to date the plugin's own tables.
    void migrate();

    /// Whether migrate() was ever done here. Writes nothing.
    bool exists();

    /// In the transaction: what is known of these identities.
    std::unordered_map<std::string, KnownAnswer> known(std::vector<std::string> identities);
    /// In the transaction: stores new items, and notes where known ones were seen again, to be acknowledged again.
    void store(const Effects& effects, const Listing& listing);
    /// In the transaction: whether these rows are in it, and by this very listing. All or none are.
    bool holds(const std::vector<InboxRow>& received, const Listing& listing);
    /// In the transaction: false, the item is no reject any more; else it stays one until the end.
    bool lockReject(std::int64_t id);
    /// In the transaction: what became of a replayed item.
    void resettle(std::int64_t id, const Decision& decision, const std::string& run);
    /// In the transaction: deletes applied items acknowledged before `before`. Returns how many, `limit` at most.
    std::size_t deleteAcknowledged(carillon::TimePoint before, std::size_t limit);

    /// Prepared statements belong to a session: to be called when it may have changed.
    void forgetStatements();

    /// Items that this listing's run saw and that are not acknowledged, with an id above `after`, in order.
    std::vector<Unacknowledged> unacknowledged(const Listing& listing, std::int64_t after, std::size_t limit);
    void markAcknowledged(const std::vector<Unacknowledged>& items);
    /// After a complete listing: what it no longer shows, the gateway holds as done. Returns how many.
    std::size_t markUnlisted(const Listing& listing);

    /// Takes back what this listing put aside since then, which the gateway still has.
    void forgetRejects(const Listing& listing, carillon::TimePoint since);

    std::vector<carillon::Reject> rejects(const carillon::RejectQuery& query);
    /// The item of a reject as it came; nothing when there is no such reject.
    std::optional<std::string> rejectPayload(std::int64_t id);
    InboxCounts counts();

private:
    struct Statements;

    AgoraSession& _session;
    const carillon::Clock& _clock;
    std::unique_ptr<Statements> _statements;
};

}  // namespace passerelle
