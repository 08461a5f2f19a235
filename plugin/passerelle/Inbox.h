#pragma once

#include "AgoraSession.h"
#include "Settlement.h"

#include "carillon/Clock.h"

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
    bool operator==(const Listing&) const = default;
};

/// How the inbox stands before a listing.
struct InboxStanding {
    std::vector<std::string> openListings{};  ///< Of this gateway, by their runs.
    std::int64_t rejects = 0;
};

/// A decision as the columns of the inbox hold it.
struct DecisionColumns {
    explicit DecisionColumns(const Decision& decision);
    std::string state;
    Poco::Nullable<std::string> reason;
    Poco::Nullable<std::string> detail;  ///< As long as the column, cut at a character.
};

/// 0 is NULL.
inline Poco::Nullable<std::int64_t> numberOrNull(std::int64_t number) {
    return number == 0 ? Poco::Nullable<std::int64_t>() : Poco::Nullable<std::int64_t>(number);
}

struct InboxCounts {
    std::int64_t applied = 0;
    std::int64_t rejected = 0;
    std::int64_t unacknowledged = 0;  ///< Seen in a listing that is open.
};

/// The table passerelle_inbox: every item that was ever delivered, once each; and passerelle_listing: in which listing
/// it was seen last. A listing is open from its first batch until all of it is acknowledged: one row a listing tells
/// what a mark in each of its items would more than double the writing for. This, InboxItems and Rejects have the only
/// SQL on them. Functions that take part in a batch's transaction are marked so; the others are transactions of their
/// own, with retries.
class Inbox {
public:
    /// Borrows both; the clock tells received_at and when a listing opens and closes.
    Inbox(AgoraSession& session, const carillon::Clock& clock);
    ~Inbox();

    /// Creates or brings up to date the plugin's own tables, on a server that has what it needs to be written to.
    /// Throws DatabaseFailed that says what it lacks, or what an administrator has to run.
    void migrate();
    /// What makes these tables, on one line, for an administrator where the database's user may not.
    std::string script();

    /// Whether migrate() was ever done here. Writes nothing.
    bool exists();

    /// In the transaction: what is known of these identities.
    std::unordered_map<std::string, KnownAnswer> known(std::vector<std::string> identities);
    /// In the transaction: the same of these items, into the facts; where another answer has an item's identity, be it
    /// in this very batch, also of the identity that this answer then has.
    void readKnown(const std::vector<Validation>& items, Facts& facts);
    /// In the transaction: stores new items, and notes where known ones were seen again; opens the listing.
    void store(const Effects& effects, const Listing& listing);
    /// In the transaction: whether these rows are in it, and by this very listing. All or none are.
    bool holds(const std::vector<InboxRow>& received, const Listing& listing);
    /// In the transaction: deletes items that are applied or dismissed, were received, and last seen in a listing that
    /// was closed, before `before`, and forgets such listings. Returns how many items, `limit` at most.
    std::size_t deleteAcknowledged(carillon::TimePoint before, std::size_t limit);

    /// Prepared statements belong to a session, an opened listing to its transaction: to be called when either may have
    /// been lost.
    void forgetStatements();

    InboxStanding standing(const std::string& gateway);
    /// After a complete listing whose items are acknowledged: closes it, and those of this gateway that were open
    /// before it began, since what they saw and it did not the gateway holds as done. They are named, since the clocks
    /// of two hosts, or of one before and after it was set, do not tell which came first.
    void closeListing(const Listing& listing, std::vector<std::string> earlier);

    /// The youngest item's; 0: there is none.
    std::int64_t lastId();
    /// Whether one of these runs on this gateway was the last to see an item that is applied.
    bool hasApplied(const std::string& gateway, std::vector<std::string> runs);
    InboxCounts counts();

private:
    struct Statements;

    void storeRows(const Effects& effects, const Listing& listing);
    void openListing(const Listing& listing, std::string at);

    AgoraSession& _session;
    const carillon::Clock& _clock;
    std::unique_ptr<Statements> _statements;
    std::optional<Listing> _opened{};
};

/// Deletes these items, in statements of a size that the server takes.
void deleteItems(AgoraSession& session, std::vector<std::int64_t> ids);

}  // namespace passerelle
