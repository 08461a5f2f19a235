#pragma once

#include "AgoraDatabase.h"
#include "AgoraTime.h"
#include "Inbox.h"
#include "ListingReader.h"
#include "Tally.h"

#include "carillon/Preview.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"

#include <vector>

namespace passerelle {

class Gateway;

/// Lists and decides, item by item, and writes and acknowledges nothing.
class Preview {
public:
    /// Borrows all but the limits.
    Preview(Gateway& gateway, AgoraSession& session, const AgoraTime& time, SyncLimits limits,
            carillon::RunContext& context);

    /// The counts are of what a run would do now. Holds what it planned, some 200 bytes an item, since no inbox does.
    carillon::RunReport run(const carillon::PlanSink& sink);

private:
    void planBatch(const std::vector<Validation>& items, Facts& facts, const carillon::PlanSink& sink);

    Gateway& _gateway;
    AgoraDatabase _database;
    Inbox _inbox;
    const AgoraTime& _time;
    SyncLimits _limits;
    carillon::RunContext& _context;
    Tally _tally;
};

}  // namespace passerelle
