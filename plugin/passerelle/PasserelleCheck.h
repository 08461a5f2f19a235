#pragma once

#include "AgoraSession.h"
#include "JobOptions.h"
#include "ServerNeeds.h"
#include "Settings.h"

#include "carillon/Check.h"
#include "carillon/RunContext.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace passerelle {

/// The "Test de la passerelle": five checks, each told as it ends, none of which leaves anything written. A check that
/// needs what an earlier one found missing fails with that reason.
class PasserelleCheck {
public:
    /// Borrows both.
    PasserelleCheck(const SyncOptions& options, carillon::RunContext& context);

    void run(const carillon::CheckSink& sink);

private:
    carillon::Check checkConfiguration();
    carillon::Check checkConnectivity();
    carillon::Check checkPendingList();
    carillon::Check checkSynchronisation();

    const SyncOptions& _options;
    carillon::RunContext& _context;
    std::unique_ptr<AgoraSession> _session;
    std::optional<Settings> _settings;
    Message _obstacle;  // why the gateway cannot be asked
};

/// The fifth check, which TokensClean has too: connection, tables with their row counts, what the task needs of the
/// server, tokens, and a write that is taken back. `keptDays`: tokens that expired longer ago are to be deleted.
carillon::Check checkDatabase(const DatabaseOptions& options, RightsOf task, carillon::RunContext& context,
                              std::optional<std::int64_t> keptDays = std::nullopt);

}  // namespace passerelle
