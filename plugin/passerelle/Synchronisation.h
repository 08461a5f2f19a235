#pragma once

#include "Acknowledger.h"
#include "AgoraDatabase.h"
#include "AgoraTime.h"
#include "Gateway.h"
#include "ListingReader.h"
#include "Outbox.h"
#include "Rejects.h"
#include "Tally.h"

#include "carillon/RunContext.h"
#include "carillon/RunReport.h"

#include <string>
#include <vector>

namespace passerelle {

/// One synchronisation over its two seams. Delivered at least once, in effect exactly once, acknowledged eventually:
/// each batch goes into the inbox, is decided and applied in one transaction; only what is committed is acknowledged,
/// and only what this very listing showed, since a gateway's row numbers mean nothing beyond it. No item holds back
/// another: what the database refuses is parted from the others and put aside.
class Synchronisation {
public:
    /// Borrows all but the limits.
    Synchronisation(Gateway& gateway, AgoraSession& session, const AgoraTime& time, SyncLimits limits,
                    carillon::RunContext& context);

    /// Lists, applies, acknowledges. A fault of the gateway or of the database ends as a failed report with what was
    /// done until then, and so does an item that cannot be acknowledged.
    carillon::RunReport run();

private:
    /// At one batch; the effects are of the last one.
    struct Attempt {
        bool begun = false;
        bool commitSent = false;
        Effects effects{};
    };

    void prepareInbox();
    std::vector<std::string> readStanding();
    Message takeBackRejects(const Message& failure);
    Message readListing();
    void applyBatch(const Batch& batch);
    void apply(const std::vector<Validation>& items);
    void applyOnce(const std::vector<Validation>& items, Attempt& attempt);
    void halve(const std::vector<Validation>& items, const DataRefused& refusal);
    void putRefusedAside();
    void requireAccepted(std::int64_t most) const;
    void finishListing(bool complete, std::vector<std::string> earlier);
    void requireJudged(const std::vector<std::string>& earlier);
    void warn(const char* event, const Message& text);
    void forgetStrangers();
    void countRejects();
    void sampleApplied();
    carillon::RunReport pruned(Message failure);
    carillon::RunReport report(const Message& failure) const;

    Gateway& _gateway;
    AgoraSession& _session;
    AgoraDatabase _database;
    Inbox _inbox;
    Rejects _rejects;
    Outbox _outbox;
    const AgoraTime& _time;
    SyncLimits _limits;
    carillon::RunContext& _context;
    Listing _listing;
    carillon::TimePoint _begunAt;
    bool _inDoubt = false;             // whether the list was one, and whole
    std::vector<Validation> _refused;  // by the database, each alone, of the batch at hand
    std::int64_t _refusals = 0;
    std::string _lastRefusal{};
    bool _inboxReady = false;
    std::int64_t _lastIdBefore = 0;  // in the inbox
    Tally _tally;
    Acknowledger _acknowledger;
};

}  // namespace passerelle
