#include "Synchronisation.h"

#include "carillon/CrashPoint.h"
#include "carillon/LogLine.h"
#include "carillon/TransactionScope.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <string_view>
#include <utility>

namespace passerelle {
namespace {

using carillon::LogLine;
using carillon::RunReport;

/// The payload stands in one row of a statement, escaped: so an item may take a part of a statement only.
constexpr std::size_t kLargestString = 1 << 20;

BacklogLimits readingLimits(std::size_t batchItems, std::size_t maxStatementBytes) {
    BacklogLimits limits;
    limits.batchItems = batchItems;
    limits.stringBytes = std::min(kLargestString, maxStatementBytes / 4);
    limits.itemBytes = 2 * limits.stringBytes;
    return limits;
}

/// Whether each item has a token that nobody used. What is cut comes again with each listing.
bool isFirstAnswer(const std::vector<Validation>& items, const Facts& facts) {
    return std::all_of(items.begin(), items.end(), [&facts](const Validation& item) {
        const auto token = facts.tokens.find(item.token);
        return !item.cut && token != facts.tokens.end() && token->second.usedAt.empty();
    });
}

/// What became of one item, by the effects of settling it alone.
carillon::PlannedItem planOf(const Validation& item, const Effects& effects) {
    carillon::PlannedItem plan;
    plan.what = shortToken(item.token);
    if (effects.duplicate > 0) {
        plan.effect = "duplicate";
        plan.detail = "known already; only to be acknowledged";
        return plan;
    }
    const Decision& decision = effects.received.front().decision;
    plan.effect = effects.rejected > 0 ? "rejected" : "applied";
    plan.reason = reasonName(decision.reason);
    plan.detail = decision.detail;
    if (effects.rejected > 0) return plan;
    plan.detail = "campaign " + std::to_string(effects.validations.front().campaign) +
                  (decision.action == Action::Refuse ? " refused" : " approved");
    for (const auto& [status, campaigns] : effects.statuses) plan.detail += ", which becomes " + status;
    return plan;
}

std::string percent(double ratio) {
    return std::to_string(static_cast<int>(ratio * 100 + 0.5)) + " %";
}

}  // namespace

Synchronisation::Synchronisation(Gateway& gateway, AgoraSession& session, const AgoraTime& time,
                                 std::size_t maxStatementBytes, SynchronisationLimits limits,
                                 carillon::RunContext& context)
    : _gateway(gateway),
      _session(session),
      _database(session),
      _inbox(session, context.clock()),
      _time(time),
      _reading(readingLimits(limits.batch, maxStatementBytes)),
      _maxRejectRatio(limits.maxRejectRatio),
      _context(context),
      _listing{gateway.address(), context.identity().run},
      _begunAt(context.clock().now()) {}

RunReport Synchronisation::run() {
    std::string failure;
    bool complete = false;
    std::vector<std::string> earlier;
    try {
        earlier = readOpenListings();
        readListing([this](const Batch& batch) { applyBatch(batch); });
        complete = true;
    } catch (const DatabaseFailed& e) {
        return report(e.message());
    } catch (const SafetyValveOpened& e) {
        // Nothing is acknowledged, not even earlier batches: were it the wrong database, they would be lost. Nor does
        // it keep the rejects of earlier batches: as known ones they would slip past the valve in the next run.
        return report(takeBackRejects(e.message()));
    } catch (const carillon::RunStopped& e) {
        return report(e.message());
    } catch (const Poco::Exception& e) {
        failure = e.message();  // the gateway's: what came before is stored, and is acknowledged
    }
    try {
        const auto before = complete && _fetched > 0 ? askStats() : std::nullopt;
        acknowledgeListing();
        if (complete && (_fetched > 0 || !earlier.empty())) _inbox.closeListing(_listing, std::move(earlier));
        if (complete && _fetched == 0) _pendingAfter = 0;  // it has just said so
        if (before) reconcile(*before);
        if (_fetched > 0) countRejects();
    } catch (const Poco::Exception& e) {
        if (failure.empty()) failure = e.message() + "; what is stored will be acknowledged by the next run";
    }
    return report(failure);
}

void Synchronisation::prepareInbox() {
    if (!_inboxReady) _inbox.migrate();
    _inboxReady = true;
}

/// A run with nothing pending, and that is nearly every one, does not even ask whether its tables are up to date: if
/// they are not, this one statement fails.
std::vector<std::string> Synchronisation::readOpenListings() {
    try {
        return _inbox.openListings(_listing.gateway);
    } catch (const DatabaseFailed&) {
        prepareInbox();
        return _inbox.openListings(_listing.gateway);
    }
}

std::string Synchronisation::takeBackRejects(const std::string& failure) {
    try {
        _inbox.forgetRejects(_listing, _begunAt);
        return failure;
    } catch (const Poco::Exception& e) {
        return failure + "; also: " + e.message();
    }
}

void Synchronisation::readListing(const ListingReader::Take& take) {
    ListingReader reader(_gateway, _reading, _context.stop());
    try {
        reader.read(take);
    } catch (...) {
        _bytes = reader.bytes();
        throw;
    }
    _bytes = reader.bytes();
}

void Synchronisation::applyBatch(const Batch& batch) {
    _context.stop().throwIfRequested();
    noteAges(batch.items);
    prepareInbox();
    const auto started = std::chrono::steady_clock::now();
    Attempt attempt;
    _session.withRetries("store a batch", [&] { applyOnce(batch.items, attempt); });
    const Effects& effects = attempt.effects;
    count(effects);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    LogLine(_context.log(), "batch.applied")
        .field("items", batch.items.size())
        .field("applied", effects.applied)
        .field("duplicate", effects.duplicate)
        .field("rejected", effects.rejected)
        .field("ms", took.count());
    for (const auto& warning : effects.warnings)
        LogLine(_context.log(), "item.noted", Poco::Message::PRIO_WARNING).field("text", warning);
    _context.progress(static_cast<std::uint64_t>(_fetched), 0, "stored");
}

/// The inbox row and its effect share one commit: a crash between two commits would lose or repeat a validation.
///
/// What the inbox holds is looked up only where it may hold something: an answer that was applied has used its token.
/// Should it hold one of the others (a reject that was never acknowledged), its key refuses the new row, and the next
/// attempt looks.
void Synchronisation::applyOnce(const std::vector<Validation>& items, Attempt& attempt) {
    const bool repeated = std::exchange(attempt.begun, true);
    try {
        carillon::TransactionScope transaction(_session.forTransaction());
        Facts facts;
        _database.readFacts(items, facts, true);
        // The attempt before was committed, and only the answer to that was lost: its items are no duplicates.
        if (attempt.commitSent && _inbox.holds(attempt.effects.received, _listing)) return;
        attempt.commitSent = false;
        if (repeated || !isFirstAnswer(items, facts)) readKnown(items, facts);
        Effects& effects = attempt.effects = settle(items, facts, _time);
        _inbox.store(effects, _listing);
        // Only now: where a rival applied these items while we waited for its locks, their tokens look used, and the
        // inbox's key has just made us look again.
        requireSane(effects);
        _database.write(effects, _time.fromUtc(_context.clock().now()));
        attempt.commitSent = true;
        carillon::crashPoint("commit.before");
        transaction.commit();
        carillon::crashPoint("commit.after");
    } catch (...) {
        // After an exception a prepared statement is dead, and its session perhaps with it.
        _inbox.forgetStatements();
        _database.forgetStatements();
        throw;
    }
}

/// What the inbox holds under the items' identities; where another answer has that, be it in this very batch, also
/// under the identity that this answer then has.
void Synchronisation::readKnown(const std::vector<Validation>& items, Facts& facts) {
    std::vector<std::string> identities;
    for (const auto& item : items) identities.push_back(item.identity);
    facts.known.merge(_inbox.known(identities));
    std::vector<std::string> further;
    std::map<std::string, std::string> digests;
    for (const auto& item : items) {
        const auto known = facts.known.find(item.identity);
        const std::string& first = known != facts.known.end()
                                       ? known->second.digest
                                       : digests.try_emplace(item.identity, item.digest).first->second;
        if (first != item.digest) further.push_back(conflictIdentity(item.identity, item.digest));
    }
    facts.known.merge(_inbox.known(further));
}

void Synchronisation::requireSane(const Effects& effects) const {
    const auto opens = [this](std::int64_t rejected, std::int64_t applied) {
        const std::int64_t decided = rejected + applied;
        return decided >= kValveItems && static_cast<double>(rejected) > _maxRejectRatio * static_cast<double>(decided);
    };
    if (!opens(effects.rejected, effects.applied) && !opens(_rejected + effects.rejected, _applied + effects.applied))
        return;
    std::string most = "rejected";
    std::int64_t times = 0;
    for (const auto& [reason, number] : effects.reasons)
        if (number > times) {
            most = reason;
            times = number;
        }
    throw SafetyValveOpened("safety valve: " + std::to_string(effects.rejected) + " of " +
                            std::to_string(effects.rejected + effects.applied) + " items would be rejected (mostly " +
                            most + "), more than task.rejects.max_ratio = " + percent(_maxRejectRatio) +
                            " allows; is this the database that belongs to this gateway? No rejection was stored, "
                            "nothing was acknowledged");
}

/// Texts of the form YYYY-MM-DD HH:MM:SS compare as the times do; what is none is found out when the oldest is read.
void Synchronisation::noteAges(const std::vector<Validation>& items) {
    constexpr std::size_t kForm = std::string_view("YYYY-MM-DD HH:MM:SS").size();
    for (const auto& item : items) {
        if (item.validatedAt.size() != kForm) continue;
        for (auto* oldest : {&_oldest, item.cut ? &_oldestCut : &_oldest})
            if (oldest->empty() || item.validatedAt < *oldest) *oldest = item.validatedAt;
    }
}

/// For monitoring alone: no reason to fail.
void Synchronisation::countRejects() {
    try {
        _rejects = _inbox.countRejects();
    } catch (const Poco::Exception& e) {
        LogLine(_context.log(), "rejects.uncounted", Poco::Message::PRIO_WARNING).field("error", e.message());
    }
}

void Synchronisation::count(const Effects& effects) {
    _fetched += effects.applied + effects.duplicate + effects.rejected;
    _applied += effects.applied;
    _duplicate += effects.duplicate;
    _rejected += effects.rejected;
    for (const auto& [reason, number] : effects.reasons) _reasons[reason] += number;
    for (const auto* rows : {&effects.received, &effects.redelivered})
        for (const auto& row : *rows)
            if (row.gatewayId > 0) _toAcknowledge.add(row.gatewayId);
    for (const auto& warning : effects.warnings) warn(warning);
}

void Synchronisation::acknowledgeListing() {
    constexpr auto kMost = Gateway::kMaxAcknowledged;
    for (auto ids = _toAcknowledge.take(kMost); !ids.empty(); ids = _toAcknowledge.take(kMost)) {
        _gateway.acknowledge(ids);
        _acknowledged += static_cast<std::int64_t>(ids.size());
        _context.progress(static_cast<std::uint64_t>(_acknowledged), static_cast<std::uint64_t>(_fetched),
                          "acknowledged");
    }
}

/// A gateway that cannot say is no fault: each acknowledgement is confirmed.
std::optional<GatewayStats> Synchronisation::askStats() {
    try {
        return _gateway.stats();
    } catch (const Poco::Exception& e) {
        LogLine(_context.log(), "stats.unavailable", Poco::Message::PRIO_WARNING).field("error", e.message());
        return std::nullopt;
    }
}

/// What the gateway counts must have moved by what it confirmed. Where somebody else acknowledges at the same time it
/// moves further, and all of ours may be done before we ask at all.
void Synchronisation::reconcile(const GatewayStats& before) {
    const auto after = askStats();
    if (!after) return;
    _pendingAfter = after->pending;
    const std::int64_t arrived = std::max<std::int64_t>(0, after->total - before.total);
    const std::int64_t expected = std::max<std::int64_t>(0, before.pending - _acknowledged) + arrived;
    if (after->pending == expected) return;
    warn("the gateway counts " + std::to_string(after->pending) + " pending where " + std::to_string(expected) +
         " were expected (" + std::to_string(before.pending) + " before, " + std::to_string(_acknowledged) +
         " acknowledged, " + std::to_string(arrived) + " new): " +
         (after->pending > expected ? "it confirmed what it did not keep"
                                    : "somebody else acknowledges or deletes there at the same time"));
}

void Synchronisation::warn(std::string text) {
    if (_warnings.size() < RunReport::kMaxWarnings)
        _warnings.push_back(std::move(text));
    else
        ++_warningsOmitted;
}

RunReport Synchronisation::preview(const carillon::PlanSink& sink) {
    _planned = true;
    std::string failure;
    try {
        const bool hasInbox = _inbox.exists();
        Facts facts;  // as the batches before would have left them
        readListing([this, hasInbox, &facts, &sink](const Batch& batch) {
            _context.stop().throwIfRequested();
            Facts stored;
            _database.readFacts(batch.items, stored, false);
            facts.tokens = std::move(stored.tokens);  // which of them are used by now, `known` tells
            facts.campaigns.merge(stored.campaigns);
            if (hasInbox) readKnown(batch.items, facts);
            planBatch(batch.items, facts, sink);
        });
    } catch (const Poco::Exception& e) {
        failure = e.message();
    }
    return report(failure);
}

void Synchronisation::planBatch(const std::vector<Validation>& items, Facts& facts, const carillon::PlanSink& sink) {
    Effects all;
    for (const auto& item : items) {
        const Effects effects = settle({item}, facts, _time);
        sink(planOf(item, effects));
        all.applied += effects.applied;
        all.duplicate += effects.duplicate;
        all.rejected += effects.rejected;
        for (const auto& [reason, times] : effects.reasons) all.reasons[reason] += times;
        all.warnings.insert(all.warnings.end(), effects.warnings.begin(), effects.warnings.end());
    }
    requireSane(all);
    count(all);
    _context.progress(static_cast<std::uint64_t>(_fetched), 0, "planned");
}

RunReport Synchronisation::replay(const carillon::ReplayRequest& request) {
    std::vector<std::int64_t> ids = request.ids;
    const bool all = ids.empty();
    std::string failure;
    try {
        for (std::int64_t after = 0;;) {
            if (all) {
                ids.clear();
                for (const auto& reject : _inbox.rejects({after, 500})) ids.push_back(reject.id);
                if (ids.empty()) break;
                after = ids.back();
            }
            for (const auto id : ids) replayOne(id);
            if (!all) break;
        }
    } catch (const Poco::Exception& e) {
        failure = e.message();
    }
    if (failure.empty()) countRejects();
    RunReport result = report(failure);
    if (failure.empty())
        result.message = _fetched == 0 ? "nothing to replay" : std::to_string(_fetched) + " replayed, " + decided();
    if (failure.empty() && _applied == 0 && _rejected > 0) {
        result.outcome = carillon::Outcome::Failed;
        result.message += ": their causes are not mended";
    }
    return result;
}

void Synchronisation::replayOne(std::int64_t id) {
    _context.stop().throwIfRequested();
    const auto payload = _inbox.rejectPayload(id);
    if (!payload) throw Poco::NotFoundException("there is no reject " + std::to_string(id));
    std::vector<Validation> items;
    std::istringstream json("{\"data\":[" + *payload + "]}");
    BacklogLimits whole = _reading;
    whole.stringBytes = whole.itemBytes = payload->size();
    BacklogReader(whole, _context.stop()).read(json, -1, [&items](Batch& batch) { items = std::move(batch.items); });
    identify(items.at(0));
    const Validation& item = items.front();
    Effects effects;
    _session.withRetries("replay a reject", [&] {
        carillon::TransactionScope transaction(_session.forTransaction());
        Facts facts;
        _database.readFacts(items, facts, true);
        // Applied by another replay, or by the attempt before, whose effects then stand: only its answer was lost.
        if (!_inbox.lockReject(id)) return;
        readKnown(items, facts);
        // It is judged as if it came for the first time.
        facts.known.erase(conflictIdentity(item.identity, item.digest));
        if (const auto own = facts.known.find(item.identity);
            own != facts.known.end() && own->second.digest == item.digest)
            facts.known.erase(own);
        effects = settle(items, facts, _time);
        _database.forgetStatements();
        _database.write(effects, _time.fromUtc(_context.clock().now()));
        if (!effects.received.empty()) _inbox.resettle(id, effects.received.front().decision, _listing.run);
        carillon::crashPoint("commit.before");
        transaction.commit();
        carillon::crashPoint("commit.after");
    });
    _database.forgetStatements();
    count(effects);
    LogLine(_context.log(), "reject.replayed")
        .field("id", id)
        .field("token", shortToken(item.token))
        .field("state", effects.applied > 0 ? "applied" : "rejected");
}

std::string Synchronisation::decided() const {
    std::string reasons;
    for (const auto& [reason, number] : _reasons)
        reasons += (reasons.empty() ? " (" : ", ") + reason + (number > 1 ? " " + std::to_string(number) : "");
    std::string text = std::to_string(_applied) + " applied";
    if (_duplicate > 0) text += ", " + std::to_string(_duplicate) + " duplicate";
    if (_rejected > 0) text += ", " + std::to_string(_rejected) + " rejected" + reasons + ")";
    return text;
}

/// How long the oldest item that is left on the gateway has waited; nothing: that is not known.
std::optional<std::chrono::seconds> Synchronisation::lag(bool failed) const {
    using std::chrono::seconds;
    const carillon::TimePoint now = _context.clock().now();
    const std::string& oldest = failed ? _oldest : _oldestCut;
    try {
        std::optional<carillon::TimePoint> since;
        if (!failed && _pendingAfter == 0)
            since = now;
        else if (!oldest.empty())
            since = _time.instantOf(oldest);
        else if (_pendingAfter)
            since = _begunAt;  // what is there has come since
        return since ? std::optional(std::max(seconds(0), std::chrono::floor<seconds>(now - *since))) : std::nullopt;
    } catch (const Poco::NotFoundException&) {  // a zone; the failure says so
        return std::nullopt;
    }
}

/// What /metrics shows of the gateway: see "Metrics" in README.md for how a counter's name becomes a metric.
void Synchronisation::tellMonitoring(RunReport& report) const {
    if (_pendingAfter) report.count("sync_pending", *_pendingAfter);
    if (const auto waited = lag(report.outcome == carillon::Outcome::Failed))
        report.count("sync_lag_seconds", waited->count());
    report.count("sync_items_total.applied", _applied)
        .count("sync_items_total.duplicate", _duplicate)
        .count("sync_items_total.rejected", _rejected);
    if (_rejects) report.count("sync_rejects", *_rejects);
}

RunReport Synchronisation::report(const std::string& failure) const {
    RunReport report;
    report.outcome = !failure.empty() ? carillon::Outcome::Failed
                     : _fetched == 0  ? carillon::Outcome::NothingToDo
                                      : carillon::Outcome::Succeeded;
    std::string done = std::to_string(_fetched) + " fetched, " + decided();
    if (!_planned) done += ", " + std::to_string(_acknowledged) + " acknowledged";
    report.message = _fetched == 0 ? "nothing pending on the gateway" : done;
    if (!failure.empty()) report.message = failure + (_fetched == 0 ? "" : " (" + done + ")");
    report.count("fetched", _fetched)
        .count("applied", _applied)
        .count("duplicate", _duplicate)
        .count("rejected", _rejected)
        .count("acknowledged", _acknowledged);
    if (_pendingAfter) report.count("pending_after", *_pendingAfter);
    report.count("bytes", static_cast<std::int64_t>(_bytes));
    if (!_planned) tellMonitoring(report);
    report.warnings = _warnings;
    report.warningsOmitted = _warningsOmitted;
    return report;
}

}  // namespace passerelle
