#include "Preview.h"

#include "ListingReader.h"
#include "Tally.h"

namespace passerelle {
namespace {

/// What became of one item, by the effects of settling it alone.
carillon::PlannedItem planOf(const Validation& item, const Effects& effects) {
    carillon::PlannedItem plan;
    plan.what = shortToken(item.token);
    if (effects.duplicate > 0) {
        plan.effect = "duplicate";
        plan.detail = say("plan.known");
        return plan;
    }
    const Decision& decision = effects.received.front().decision;
    plan.effect = effects.rejected > 0 ? "rejected" : "applied";
    plan.role = effects.rejected > 0 ? carillon::FigureRole::Rejected : carillon::FigureRole::Work;
    plan.reason = reasonName(decision.reason);
    plan.detail = decision.detail;
    if (effects.rejected > 0) return plan;
    plan.detail = say(decision.action == Action::Refuse ? "plan.refused" : "plan.approved",
                      {{"campaign", effects.validations.front().campaign}});
    for (const auto& [status, campaigns] : effects.statuses)
        plan.detail += ", " + say("plan.becomes", {{"status", status}});
    return plan;
}

}  // namespace

Preview::Preview(Gateway& gateway, AgoraSession& session, const AgoraTime& time, SyncLimits limits,
                 carillon::RunContext& context)
    : _gateway(gateway),
      _database(session),
      _inbox(session, context.clock()),
      _time(time),
      _limits(limits),
      _context(context) {}

carillon::RunReport Preview::run(const carillon::PlanSink& sink) {
    Message failure;
    ListingReader reader(_gateway, _limits.reading(), _context.stop());
    try {
        const bool hasInbox = _inbox.exists();
        Facts facts;  // as the batches before would have left them
        reader.read([&](const Batch& batch) {
            _context.stop().throwIfRequested();
            Facts stored;
            _database.readFacts(batch.items, stored, false);
            facts.tokens = std::move(stored.tokens);  // which of them are used by now, `known` tells
            facts.campaigns.merge(stored.campaigns);
            if (hasInbox) _inbox.readKnown(batch.items, facts);
            planBatch(batch.items, facts, sink);
        });
        requireRecognised(_tally, _limits.maxRejectRatio);
        failure = _tally.describeLeft();
    } catch (const Poco::Exception& e) {
        failure = saidBy(e);
    }
    _tally.bytes = reader.bytes();
    for (const auto& remark : reader.remarks()) _tally.warn(remark);
    return _tally.reportDecided(failure);
}

void Preview::planBatch(const std::vector<Validation>& items, Facts& facts, const carillon::PlanSink& sink) {
    for (const auto& item : items) {
        const Effects effects = settle({item}, facts, _time);
        sink(planOf(item, effects));
        _tally.count(effects);
    }
    _context.progress(static_cast<std::uint64_t>(_tally.fetched()), 0, say("progress.planned"));
}

}  // namespace passerelle
