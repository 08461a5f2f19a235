#include "Replay.h"

#include "BacklogReader.h"
#include "BrokenItem.h"

#include "carillon/LogLine.h"
#include "carillon/data/TransactionScope.h"
#include "shared/CrashPoint.h"

#include "Poco/Exception.h"

#include <set>
#include <sstream>
#include <utility>

namespace passerelle {
namespace {

const std::string kTooLarge{reasonName(Reason::TooLarge)};

/// What a person read puts right what the gateway sent; the defects of its form are then mended.
void correct(Validation& item, const std::map<std::string, std::string>& corrections) {
    for (const auto& [name, text] : corrections) {
        if (name == "token")
            item.token = text;
        else if (name == "action")
            item.action = text;
        else if (name == "commentaire")
            item.comment = text;
        else if (name == "validated_at")
            item.validatedAt = text;
        else if (name == "id")
            item.gatewayId = parseId(text);
        else
            throw carillon::Failure(say("replay.nomember", {{"name", name}}));
    }
    if (!corrections.empty()) item.defect.clear();
}

/// Empty: none was given. `by`: who gave them; may be empty.
Message noteOf(const std::map<std::string, std::string>& corrections, const std::string& by) {
    std::string names;
    for (const auto& [name, text] : corrections) names += (names.empty() ? "" : ", ") + name;
    if (names.empty()) return {};
    return by.empty() ? say("reject.corrected", {{"names", names}})
                      : say("reject.correctedby", {{"by", by}, {"names", names}});
}

}  // namespace

Replay::Replay(AgoraSession& session, const AgoraTime& time, SyncLimits limits, carillon::RunContext& context)
    : _session(session),
      _database(session),
      _inbox(session, context.clock()),
      _rejects(session),
      _outbox(session, context.clock()),
      _time(time),
      _limits(limits),
      _context(context) {}

carillon::RunReport Replay::run(const carillon::ReplayRequest& request) {
    Message failure;
    try {
        if (request.ids.empty()) replayAll();
        for (const auto id : std::set(request.ids.begin(), request.ids.end()))
            replayOne(id, request.corrections, request.by);
    } catch (const Poco::Exception& e) {
        failure = saidBy(e);
    }
    countOpen(failure);
    carillon::RunReport report = _tally.reportDecided(failure);
    _tally.tellItems(report);
    if (!failure.empty()) return report;
    report.message = _tally.fetched() == 0 ? say("replay.nothing")
                                           : say("replay.done", {{"n", _tally.fetched()}}) + ", " + _tally.decided();
    if (_tally.applied == 0 && _tally.rejected > 0) {
        report.outcome = carillon::Outcome::Failed;
        report.message = say("replay.unmended", {{"done", report.message}});
    }
    return report;
}

/// Also after a failure: what was decided before it stands, and the host would go on telling the number of before.
void Replay::countOpen(carillon::Message& failure) {
    try {
        _tally.rejects = _rejects.count();
    } catch (const Poco::Exception& e) {
        if (failure.empty()) failure = saidBy(e);
    }
}

void Replay::replayAll() {
    for (std::int64_t after = 0;;) {
        const auto rejects = _rejects.list({after, 500});
        if (rejects.empty()) return;
        for (const auto& reject : rejects)
            if (reject.reason != kTooLarge) replayOne(reject.id, {}, "");  // only the gateway has it whole
        after = rejects.back().id;
    }
}

Validation Replay::readPayload(const std::string& payload) const {
    std::istringstream json("{\"data\":[" + payload + "]}");
    BacklogLimits whole = _limits.reading();
    whole.stringBytes = whole.itemBytes = payload.size();
    Batch read;
    BacklogReader(whole, _context.stop()).read(json, -1, [&read](Batch& batch) { read = std::move(batch); });
    return std::move(read.items.at(0));
}

void Replay::replayOne(std::int64_t id, const Corrections& corrections, const std::string& by) {
    _context.stop().throwIfRequested();
    const auto payload = _rejects.payload(id);
    if (!payload) throw carillon::Failure(say("replay.unknown", {{"id", id}}));
    const auto found = _rejects.list({id - 1, 1});
    if (!found.empty() && found.front().id == id && found.front().reason == kTooLarge &&
        !corrections.contains("commentaire"))
        throw carillon::Failure(say("replay.cut", {{"id", id}}));
    Validation item = readPayload(*payload);
    correct(item, corrections);
    identify(item);
    Effects effects;
    try {
        effects = decideAnew(id, item, noteOf(corrections, by));
    } catch (const DataRefused& e) {
        item.refusal = e.words();
        effects = decideAnew(id, item, "");
    }
    _tally.count(effects);
    carillon::LogLine(_context.log(), "reject.replayed")
        .field("id", id)
        .field("token", shortToken(item.token))
        .field("corrected", noteOf(corrections, by).text)
        .field("state", effects.applied > 0 ? "applied" : "rejected");
}

Effects Replay::decideAnew(std::int64_t id, const Validation& item, const Message& note) {
    Effects effects;
    _session.withRetries("replay a reject", [&] {
        _database.forgetStatements();
        carillon::TransactionScope transaction(_session.forTransaction());
        Facts facts;
        _database.readFacts({item}, facts, true);
        // Applied by another replay, or by the attempt before, whose effects then stand: only its answer was lost.
        if (!_rejects.lock(id)) return;
        _inbox.readKnown({item}, facts);
        // It is judged as if it came for the first time.
        facts.known.erase(conflictIdentity(item.identity, item.digest));
        if (const auto own = facts.known.find(item.identity);
            own != facts.known.end() && own->second.digest == item.digest)
            facts.known.erase(own);
        effects = settle({item}, facts, _time);
        _database.write(effects, _time.fromUtc(_context.clock().now()));
        if (_limits.notifiesCreators) _outbox.plan(noticesOf(effects.changes));
        if (!effects.received.empty()) {
            InboxRow row = effects.received.front();
            if (effects.applied > 0) row.decision.detail = note;
            _rejects.resettle(id, row, _context.identity().run);
        }
        carillon::crashPoint("commit.before");
        transaction.commit();
        carillon::crashPoint("commit.after");
    });
    _database.forgetStatements();
    return effects;
}

}  // namespace passerelle
