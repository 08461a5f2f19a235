#include "TokensClean.h"

#include "AgoraDatabase.h"
#include "AgoraSession.h"
#include "AgoraTime.h"
#include "GivingUp.h"
#include "Inbox.h"
#include "JobOptions.h"
#include "PasserelleCheck.h"

#include "carillon/LogLine.h"
#include "carillon/data/TransactionScope.h"

#include <functional>

namespace passerelle {
namespace {

using carillon::RunContext;
using carillon::RunReport;

/// Few enough that a transaction holds its locks for a moment only.
constexpr std::size_t kRowsPerTransaction = 1'000;

/// Deletes batch by batch until one is not full. Returns how many in all.
std::int64_t deleteInBatches(AgoraSession& session, RunContext& context, const char* what, const Message& progress,
                             const std::function<std::size_t()>& deleteBatch) {
    std::int64_t deleted = 0;
    for (std::size_t last = kRowsPerTransaction; last == kRowsPerTransaction;) {
        context.stop().throwIfRequested();
        session.withRetries("delete old rows", [&] {
            carillon::TransactionScope transaction(session.forTransaction());
            last = deleteBatch();
            transaction.commit();
        });
        deleted += static_cast<std::int64_t>(last);
        context.progress(static_cast<std::uint64_t>(deleted), 0, progress);
    }
    carillon::LogLine(context.log(), "rows.deleted").field("what", what).field("count", deleted);
    return deleted;
}

}  // namespace

void TokensClean::configure(carillon::ConfigReader& config) {
    _options = readCleanOptions(config);
}

RunReport TokensClean::run(RunContext& context) {
    warnIfUnprotected(_options.database, context);
    return givingUpWhereHopeless([&] { return clean(context); });
}

RunReport TokensClean::clean(RunContext& context) const {
    AgoraSession session(_options.database, context);
    carillon::LogLine(context.log(), "cleaning.begins").field("database", session.place()).field("days", _options.days);
    AgoraDatabase database(session);
    Inbox inbox(session, context.clock());
    inbox.migrate();
    const AgoraTime time(context, database.readSettings().agoraZone, "UTC");
    const auto before = context.clock().now() - std::chrono::days(_options.days);
    const std::string beforeInAgora = time.fromUtc(before);
    const auto tokens = deleteInBatches(session, context, "expired tokens", say("progress.tokens"), [&] {
        return database.deleteExpiredTokens(beforeInAgora, kRowsPerTransaction);
    });
    const auto received = deleteInBatches(session, context, "acknowledged inbox rows", say("progress.inbox"),
                                          [&] { return inbox.deleteAcknowledged(before, kRowsPerTransaction); });
    RunReport report =
        tokens + received == 0
            ? RunReport::nothingToDo(say("clean.nothing", {{"days", _options.days}}))
            : RunReport::succeeded(say("clean.done", {{"n", tokens}, {"days", _options.days}, {"rows", received}}));
    return report.counter("tokens_deleted", tokens).counter("inbox_deleted", received);
}

void TokensClean::check(RunContext& context, const carillon::CheckSink& sink) {
    sink(checkDatabase(_options.database, RightsOf::Cleaning, context, _options.days));
}

}  // namespace passerelle
