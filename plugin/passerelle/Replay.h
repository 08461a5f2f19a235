#pragma once

#include "AgoraDatabase.h"
#include "AgoraSession.h"
#include "AgoraTime.h"
#include "ListingReader.h"
#include "Outbox.h"
#include "Rejects.h"
#include "Tally.h"

#include "carillon/Rejects.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"

#include <cstdint>
#include <map>
#include <string>

namespace passerelle {

/// Decides rejects anew, each in a transaction of its own.
class Replay {
public:
    /// Borrows all but the limits.
    Replay(AgoraSession& session, const AgoraTime& time, SyncLimits limits, carillon::RunContext& context);

    carillon::RunReport run(const carillon::ReplayRequest& request);

private:
    using Corrections = std::map<std::string, std::string>;

    void replayAll();
    void countOpen(carillon::Message& failure);
    void replayOne(std::int64_t id, const Corrections& corrections, const std::string& by);
    Validation readPayload(const std::string& payload) const;
    Effects decideAnew(std::int64_t id, const Validation& item, const Message& note);

    AgoraSession& _session;
    AgoraDatabase _database;
    Inbox _inbox;
    Rejects _rejects;
    Outbox _outbox;
    const AgoraTime& _time;
    SyncLimits _limits;
    carillon::RunContext& _context;
    Tally _tally;
};

}  // namespace passerelle
