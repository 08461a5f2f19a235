#include "Synchronisation.h"

#include "Items.h"
#include "ItemsVerification.h"
#include "Tally.h"

#include "carillon/LogLine.h"
#include "carillon/data/TransactionScope.h"
#include "shared/CrashPoint.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace passerelle {
namespace {

/// After so many refusals and no answer that the database took, the others are not tried any more.
constexpr std::int64_t kHopeless = 1'000;

using carillon::LogLine;
using carillon::RunReport;

/// Whether each item has a token that nobody used. What is cut comes again with each listing.
bool isFirstAnswer(const std::vector<Validation>& items, const Facts& facts) {
    return std::all_of(items.begin(), items.end(), [&facts](const Validation& item) {
        const auto token = facts.tokens.find(item.token);
        return !item.cut && token != facts.tokens.end() && token->second.usedAt.empty();
    });
}

}  // namespace

Synchronisation::Synchronisation(Gateway& gateway, AgoraSession& session, const AgoraTime& time, SyncLimits limits,
                                 carillon::RunContext& context)
    : _gateway(gateway),
      _session(session),
      _database(session),
      _inbox(session, context.clock()),
      _rejects(session),
      _outbox(session, context.clock()),
      _time(time),
      _limits(limits),
      _context(context),
      _listing{gateway.address(), context.identity().run},
      _begunAt(context.clock().now()),
      _acknowledger(gateway, context, _tally) {}

RunReport Synchronisation::run() {
    Message failure;
    std::vector<std::string> earlier;
    try {
        earlier = readStanding();
        failure = readListing();
        requireJudged(earlier);
        requireAccepted(kValveItems);
    } catch (const DatabaseFailed& e) {
        _tally.noteCause(e);
        return report(saidBy(e));
    } catch (const SafetyValveOpened& e) {
        // Nothing is acknowledged, not even what was stored: were it the wrong database, it would be lost.
        return report(takeBackRejects(withSemicolon(failure, saidBy(e))));
    } catch (const carillon::RunStopped& e) {
        return pruned(saidBy(e));
    }
    try {
        finishListing(failure.empty(), std::move(earlier));
    } catch (const Poco::Exception& e) {
        if (failure.empty()) {
            failure = withSemicolon(saidBy(e), say("acknowledgedlater"));
            _tally.noteCause(e);
        }
    }
    if (failure.empty()) sampleApplied();
    return pruned(failure);
}

/// What Agora itself takes back is told as a figure; what is gone for no such reason, to a person. Also by a run that
/// was given nothing: most are, and a loss is to be told the same day. No reason to fail.
void Synchronisation::sampleApplied() {
    const auto started = std::chrono::steady_clock::now();
    try {
        const auto sample = ItemsVerification(_session, _context).sample();
        const auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
        LogLine(_context.log(), "items.compared", Poco::Message::PRIO_DEBUG)
            .field("items", sample.compared)
            .field("gone", sample.gone.size())
            .field("ms", took.count());
        for (const auto& gone : sample.gone) {
            const bool isVoided = gone.loss == Loss::Voided;
            ++(isVoided ? _tally.voided : gone.loss == Loss::Lost ? _tally.lost : _tally.changed);
            if (!isVoided)
                warn(gone.loss == Loss::Lost ? "item.lost" : "item.changed",
                     withSemicolon(gone.why, say("todo.verify", {{"job", _context.identity().job}})));
        }
    } catch (const Poco::Exception& e) {
        LogLine(_context.log(), "items.uncompared", Poco::Message::PRIO_INFORMATION).field("error", e.message());
    }
}

RunReport Synchronisation::pruned(Message failure) {
    try {
        forgetStrangers();
        if (_tally.forgotten > 0) countRejects();
    } catch (const Poco::Exception& e) {
        if (failure.empty()) failure = saidBy(e);
    }
    return report(failure);
}

void Synchronisation::prepareInbox() {
    if (_inboxReady) return;
    _inbox.migrate();
    if (_limits.notifiesCreators) _outbox.migrate();
    _lastIdBefore = _inbox.lastId();
    _inboxReady = true;
}

/// A run with nothing pending, and that is nearly every one, does not even ask whether its tables are up to date: if
/// they are not, this one statement fails.
std::vector<std::string> Synchronisation::readStanding() {
    InboxStanding standing;
    try {
        standing = _inbox.standing(_listing.gateway);
    } catch (const DatabaseFailed&) {
        prepareInbox();
        standing = _inbox.standing(_listing.gateway);
    }
    _tally.rejects = standing.rejects;
    return std::move(standing.openListings);
}

Message Synchronisation::takeBackRejects(const Message& failure) {
    try {
        _rejects.takeBack(_listing, _lastIdBefore);
        return failure;
    } catch (const Poco::Exception& e) {
        return withSemicolon(failure, say("also", {{"what", saidBy(e)}}));
    }
}

/// Returns what went wrong with the gateway before the end of the list; what came before that is stored, and is to be
/// acknowledged. Throws what concerns the database or the run.
Message Synchronisation::readListing() {
    ListingReader reader(_gateway, _limits.reading(), _context.stop());
    Message failure;
    try {
        reader.read([this](const Batch& batch) { applyBatch(batch); });
    } catch (const Poco::Exception& e) {
        _tally.bytes = reader.bytes();
        if (dynamic_cast<const DatabaseFailed*>(&e) != nullptr ||
            dynamic_cast<const carillon::RunStopped*>(&e) != nullptr)
            throw;
        failure = saidBy(e);
        _tally.noteCause(e);
    }
    _tally.bytes = reader.bytes();
    for (const auto& remark : reader.remarks()) warn("answer.surrounded", remark);
    _inDoubt = !failure.empty() || reader.lost() > 0;
    if (reader.lost() > 0) _tally.leave("not told from a broken one before", static_cast<std::int64_t>(reader.lost()));
    return failure;
}

void Synchronisation::applyBatch(const Batch& batch) {
    _context.stop().throwIfRequested();
    _tally.noteListed(batch.items, _time);
    prepareInbox();
    apply(batch.items);
    putRefusedAside();
    _context.progress(static_cast<std::uint64_t>(_tally.fetched()), 0, say("progress.stored"));
}

void Synchronisation::apply(const std::vector<Validation>& items) {
    const auto started = std::chrono::steady_clock::now();
    Attempt attempt;
    try {
        _session.withRetries("store a batch", [&] { applyOnce(items, attempt); });
    } catch (const DataRefused& e) {
        return halve(items, e);
    }
    const Effects& effects = attempt.effects;
    _tally.count(effects);
    _acknowledger.note(effects);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    LogLine(_context.log(), "batch.applied")
        .field("items", items.size())
        .field("applied", effects.applied)
        .field("duplicate", effects.duplicate)
        .field("rejected", effects.rejected)
        .field("ms", took.count());
    for (const auto& warning : effects.warnings)
        LogLine(_context.log(), "item.noted", Poco::Message::PRIO_WARNING).field("text", warning.text);
}

/// Until the culprit stands alone.
void Synchronisation::halve(const std::vector<Validation>& items, const DataRefused& refusal) {
    _context.stop().throwIfRequested();
    if (items.size() > 1) {
        const auto middle = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
        apply({items.begin(), middle});
        apply({middle, items.end()});
        return;
    }
    if (!items.front().refusal.empty()) {  // not even the inbox takes it
        ++_tally.rejected;
        ++_tally.reasons[std::string(reasonName(Reason::RefusedByDatabase))];
        _tally.leave(std::string(reasonName(Reason::RefusedByDatabase)), 1);
        _tally.warn(say("cannotputaside", {{"token", shortToken(items.front().token)}, {"words", refusal.words()}}));
        return;
    }
    ++_refusals;
    _lastRefusal = refusal.words();
    _refused.push_back(items.front());
    _refused.back().refusal = _lastRefusal;
    requireAccepted(kHopeless);
}

/// Rejects that an earlier run could not acknowledge come again by themselves; where that run applied something, it was
/// the right database.
void Synchronisation::requireJudged(const std::vector<std::string>& earlier) {
    try {
        requireRecognised(_tally, _limits.maxRejectRatio);
    } catch (const SafetyValveOpened&) {
        if (_tally.duplicate == 0 || !_inbox.hasApplied(_listing.gateway, earlier)) throw;
    }
}

/// A database that refuses every answer has a fault of its own, and none of theirs.
void Synchronisation::requireAccepted(std::int64_t most) const {
    if (_tally.applied > 0 || _refusals < most) return;
    throw SafetyValveOpened(say("refusesall", {{"n", _refusals}, {"words", _lastRefusal}}));
}

void Synchronisation::putRefusedAside() {
    for (const auto& item : std::exchange(_refused, {})) apply({item});
}

/// The inbox row and its effect share one commit: a crash between two commits would lose or repeat a validation. So
/// does the mail about a status that it brings.
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
        if (repeated || !isFirstAnswer(items, facts)) _inbox.readKnown(items, facts);
        Effects& effects = attempt.effects = settle(items, facts, _time);
        _database.write(effects, _time.fromUtc(_context.clock().now()));
        _inbox.store(effects, _listing);
        if (_limits.notifiesCreators) _outbox.plan(noticesOf(effects.changes));
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

/// For monitoring alone: no reason to fail.
void Synchronisation::countRejects() {
    try {
        _tally.rejects = _rejects.count();
    } catch (const Poco::Exception& e) {
        LogLine(_context.log(), "rejects.uncounted", Poco::Message::PRIO_WARNING).field("error", e.message());
    }
}

void Synchronisation::warn(const char* event, const Message& text) {
    LogLine(_context.log(), event, Poco::Message::PRIO_WARNING).field("text", text.text);
    _tally.warn(text);
}

/// Strangers may fill a gateway for ever, but not the database: also where the run failed.
void Synchronisation::forgetStrangers() {
    if (_tally.rejected == 0 && _tally.rejects.value_or(0) <= Rejects::kMostStrangers) return;
    _tally.forgotten = _rejects.forgetStrangers(_begunAt - _limits.keepsStrangers);
    if (_tally.forgotten > 0)
        LogLine(_context.log(), "rejects.forgotten", Poco::Message::PRIO_WARNING).field("count", _tally.forgotten);
}

/// `complete`: the list was read to its end.
void Synchronisation::finishListing(bool complete, std::vector<std::string> earlier) {
    const bool any = _tally.fetched() > 0;
    const auto before = complete && any ? _acknowledger.askStats() : std::nullopt;
    _acknowledger.acknowledge(_inDoubt);
    if (complete && (any || !earlier.empty())) _inbox.closeListing(_listing, std::move(earlier));
    if (complete && !any) _tally.pendingAfter = 0;  // it has just said so
    if (before)
        if (const Message doubt = _acknowledger.reconcile(*before); !doubt.empty()) warn("counts.differ", doubt);
    if (!any) return;
    countRejects();
}

RunReport Synchronisation::report(const Message& failure) const {
    return _tally.reportRun(failure, _begunAt, _context.clock().now());
}

}  // namespace passerelle
