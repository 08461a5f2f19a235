#pragma once

#include "AgoraDatabase.h"
#include "AgoraTime.h"
#include "BacklogReader.h"
#include "Gateway.h"
#include "IdRanges.h"
#include "Inbox.h"
#include "ListingReader.h"

#include "carillon/RunContext.h"
#include "carillon/RunReport.h"
#include "carillon/SyncTask.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace passerelle {

/// The rejected share of what was decided is too large: the wrong database is configured, or the wrong gateway.
class SafetyValveOpened : public Poco::RuntimeException {
public:
    using Poco::RuntimeException::RuntimeException;
    const char* name() const noexcept override { return "Safety valve"; }
    Poco::Exception* clone() const override { return new SafetyValveOpened(*this); }
    void rethrow() const override { throw *this; }
};

struct SynchronisationLimits {
    std::size_t batch = 2'000;
    double maxRejectRatio = 0.5;
};

/// One synchronisation over its two seams. Delivered at least once, in effect exactly once, acknowledged eventually:
/// each batch goes into the inbox, is decided and applied in one transaction; only what is committed is acknowledged,
/// and only what this very listing showed, since a gateway's row numbers mean nothing beyond it.
class Synchronisation {
public:
    /// The share of rejections counts from this many items on.
    static constexpr std::int64_t kValveItems = 20;

    /// Borrows all but the limits.
    Synchronisation(Gateway& gateway, AgoraSession& session, const AgoraTime& time, std::size_t maxStatementBytes,
                    SynchronisationLimits limits, carillon::RunContext& context);

    /// Lists, applies, acknowledges. A fault of the gateway or of the database ends as a failed report with what was
    /// done until then.
    carillon::RunReport run();

    /// Lists and decides, item by item, and writes and acknowledges nothing; the counts of what a run would do now.
    /// Holds what it planned, some 200 bytes an item, since no inbox does.
    carillon::RunReport preview(const carillon::PlanSink& sink);

    /// Decides these rejects anew.
    carillon::RunReport replay(const carillon::ReplayRequest& request);

private:
    /// At one batch; the effects are of the last one.
    struct Attempt {
        bool begun = false;
        bool commitSent = false;
        Effects effects{};
    };

    void prepareInbox();
    std::vector<std::string> readOpenListings();
    std::string takeBackRejects(const std::string& failure);
    void readListing(const ListingReader::Take& take);
    void applyBatch(const Batch& batch);
    void applyOnce(const std::vector<Validation>& items, Attempt& attempt);
    void readKnown(const std::vector<Validation>& items, Facts& facts);
    void requireSane(const Effects& effects) const;
    void noteAges(const std::vector<Validation>& items);
    void count(const Effects& effects);
    void countRejects();
    void acknowledgeListing();
    void replayOne(std::int64_t id);
    void planBatch(const std::vector<Validation>& items, Facts& facts, const carillon::PlanSink& sink);
    std::optional<GatewayStats> askStats();
    void reconcile(const GatewayStats& before);
    void warn(std::string text);
    std::string decided() const;
    std::optional<std::chrono::seconds> lag(bool failed) const;
    void tellMonitoring(carillon::RunReport& report) const;
    carillon::RunReport report(const std::string& failure) const;

    Gateway& _gateway;
    AgoraSession& _session;
    AgoraDatabase _database;
    Inbox _inbox;
    const AgoraTime& _time;
    BacklogLimits _reading;
    double _maxRejectRatio;
    carillon::RunContext& _context;
    Listing _listing;
    carillon::TimePoint _begunAt;
    IdRanges _toAcknowledge;  // committed, by the gateway's ids

    bool _inboxReady = false;
    bool _planned = false;  // instead of done
    std::int64_t _fetched = 0;
    std::int64_t _applied = 0;
    std::int64_t _duplicate = 0;
    std::int64_t _rejected = 0;
    std::int64_t _acknowledged = 0;
    std::optional<std::int64_t> _pendingAfter;
    std::optional<std::int64_t> _rejects;  // in the inbox, of all runs
    std::string _oldest;                   // validated_at of the items that were listed
    std::string _oldestCut;                // and of those that stay on the gateway
    std::uint64_t _bytes = 0;
    std::map<std::string, std::int64_t> _reasons;
    std::vector<std::string> _warnings;
    std::int64_t _warningsOmitted = 0;
};

}  // namespace passerelle
