#include "PasserelleSync.h"

#include "GivingUp.h"
#include "Items.h"
#include "ItemsVerification.h"
#include "JobOptions.h"
#include "PasserelleCheck.h"
#include "Preview.h"
#include "Rejects.h"
#include "Replay.h"
#include "SyncParts.h"
#include "Synchronisation.h"

#include "carillon/LogLine.h"

#include <set>

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
    if (settings.mode.empty()) return RunReport::giveUp(noMode());
    if (!settings.usesGateway()) return RunReport::nothingToDo(say("nothing.mode", {{"mode", settings.mode}}));
    if (const Message missing = settings.missing(); !missing.empty()) return RunReport::giveUp(missing);
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

std::vector<carillon::Item> PasserelleSync::items(RunContext& context, const carillon::ItemQuery& query) {
    AgoraSession session(_options.database, context);
    const Settings settings = readEffectiveSettings(session, _options, context);
    Inbox(session, context.clock()).migrate();
    const AgoraTime time(context, settings.agoraZone, _options.gatewayZone);
    return Items(session, time).list(query);
}

RunReport PasserelleSync::dismiss(RunContext& context, const carillon::DismissRequest& request) {
    AgoraSession session(_options.database, context);
    readEffectiveSettings(session, _options, context);
    Inbox(session, context.clock()).migrate();
    const std::int64_t stranger = InboxItems(session).dismiss(request, context.clock().now());
    const std::int64_t open = Rejects(session).count();
    const std::set<std::int64_t> ids(request.ids.begin(), request.ids.end());
    const std::size_t dismissed = stranger == 0 ? ids.size() : 0;
    RunReport report = stranger != 0 ? RunReport::giveUp(say("items.notopen", {{"id", stranger}}))
                                     : RunReport::succeeded(say("items.dismissed", {{"n", dismissed}}));
    return report.counter("dismissed", static_cast<std::int64_t>(dismissed), carillon::FigureRole::Work)
        .gauge("sync_rejects", open, carillon::FigureRole::OpenRejects);
}

RunReport PasserelleSync::verify(RunContext& context, const carillon::ItemSink& gone) {
    AgoraSession session(_options.database, context);
    readEffectiveSettings(session, _options, context);
    Inbox(session, context.clock()).migrate();
    return ItemsVerification(session, context).all(gone);
}

carillon::MailAccount PasserelleSync::mailAccount(RunContext& context) {
    AgoraSession session(_options.database, context);
    auto account = AgoraDatabase(session).readMailAccount();
    context.conceal(account.password);
    return account;
}

}  // namespace passerelle
