#include "PasserelleSync.h"

#include "GivingUp.h"
#include "JobOptions.h"
#include "PasserelleCheck.h"
#include "Preview.h"
#include "Rejects.h"
#include "Replay.h"
#include "SyncParts.h"
#include "Synchronisation.h"

#include "carillon/LogLine.h"

namespace passerelle {

using carillon::RunContext;
using carillon::RunReport;

void PasserelleSync::configure(carillon::ConfigReader& config) {
    _options = readSyncOptions(config);
}

template <typename Work>
RunReport PasserelleSync::withParts(RunContext& context, const Work& work) {
    AgoraSession session(_options.database, context);
    const Settings settings = readEffectiveSettings(session, _options, context);
    if (settings.mode.empty()) return RunReport::giveUp(kNoMode);
    if (!settings.usesGateway()) return RunReport::nothingToDo("nothing to do in mode " + settings.mode);
    if (const std::string missing = settings.missing(); !missing.empty()) return RunReport::giveUp(missing);
    SyncParts parts(settings, _options, context);
    carillon::LogLine(context.log(), "sync.begins")
        .field("mode", settings.mode)
        .field("gateway", parts.gateway.address())
        .field("database", session.place());
    return work(session, parts);
}

RunReport PasserelleSync::run(RunContext& context) {
    warnIfUnprotected(_options.database, context);
    return givingUpWhereHopeless([&] {
        return withParts(context, [&context](AgoraSession& session, SyncParts& parts) {
            return Synchronisation(parts.gateway, session, parts.time, parts.limits, context).run();
        });
    });
}

RunReport PasserelleSync::preview(RunContext& context, const carillon::PlanSink& sink) {
    return withParts(context, [&](AgoraSession& session, SyncParts& parts) {
        return Preview(parts.gateway, session, parts.time, parts.limits, context).run(sink);
    });
}

void PasserelleSync::check(RunContext& context, const carillon::CheckSink& sink) {
    PasserelleCheck(_options, context).run(sink);
}

std::vector<carillon::Reject> PasserelleSync::rejects(RunContext& context, const carillon::RejectQuery& query) {
    AgoraSession session(_options.database, context);
    readEffectiveSettings(session, _options, context);  // what a gateway has once said may hold its key
    Inbox(session, context.clock()).migrate();
    return Rejects(session).list(query);
}

RunReport PasserelleSync::replay(RunContext& context, const carillon::ReplayRequest& request) {
    AgoraSession session(_options.database, context);
    const Settings settings = readEffectiveSettings(session, _options, context);
    Inbox(session, context.clock()).migrate();
    if (_options.notifiesCreators) Outbox(session, context.clock()).migrate();
    const SyncParts parts(settings, _options, context);
    return Replay(session, parts.time, parts.limits, context).run(request);
}

carillon::MailAccount PasserelleSync::mailAccount(RunContext& context) {
    AgoraSession session(_options.database, context);
    auto account = AgoraDatabase(session).readMailAccount();
    context.conceal(account.password);
    return account;
}

}  // namespace passerelle
