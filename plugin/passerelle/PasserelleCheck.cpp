#include "PasserelleCheck.h"

#include "AgoraInspection.h"
#include "BacklogReader.h"
#include "GatewayAddress.h"
#include "JobOptions.h"
#include "MailCheck.h"
#include "Preview.h"
#include "ServerNeeds.h"
#include "SyncParts.h"

namespace passerelle {
namespace {

using carillon::Check;
using carillon::CheckState;
using carillon::TimePoint;

constexpr const char* kDatabase = "database";

Check passed(std::string name, Message message) {
    return {std::move(name), CheckState::Passed, std::move(message), {}, ""};
}

Check failed(std::string name, Message message, Message recommendation) {
    return {std::move(name), CheckState::Failed, std::move(message), {}, std::move(recommendation)};
}

Message maskedKey(const std::string& key) {
    if (key.empty()) return say("key.missing");
    return say("key.masked", {{"beginning", key.size() > 8 ? key.substr(0, 4) : ""}, {"n", key.size()}});
}

/// What to do about a fault of the gateway, by its kind.
Message gatewayRecommendation(const Poco::Exception& e) {
    if (dynamic_cast<const GatewayRefused*>(&e) != nullptr) return say("todo.refused");
    if (dynamic_cast<const MalformedAnswer*>(&e) != nullptr) return say("todo.malformed");
    return say("todo.unreachable");
}

void fail(Check& check, Message message, Message recommendation) {
    check.state = CheckState::Failed;
    check.message = std::move(message);
    check.recommendation = std::move(recommendation);
}

void warn(Check& check, const Message& recommendation) {
    check.state = CheckState::Warning;
    check.recommendation = withSemicolon(std::move(check.recommendation), recommendation);
}

void judgeSpeed(std::chrono::milliseconds responseTime, Check& check) {
    if (responseTime > std::chrono::seconds(5)) warn(check, say("todo.slow"));
}

/// Whether a token had expired when it was used is judged by the gateway's clock.
void judgeClock(std::chrono::seconds skew, Check& check) {
    constexpr std::chrono::minutes kTolerated{1};
    check.details.emplace_back("clock_skew_s", std::to_string(skew.count()));
    if (std::chrono::abs(skew) <= kTolerated) return;
    check.message = withSemicolon(
        std::move(check.message),
        say(skew.count() > 0 ? "look.clockahead" : "look.clockbehind", {{"seconds", std::chrono::abs(skew).count()}}));
    warn(check, say("todo.clock"));
}

void judgeWay(const DatabaseOptions& options, Check& check) {
    if (check.state == CheckState::Failed || !isUnprotected(options)) return;
    check.message = withSemicolon(std::move(check.message), say("look.unprotected"));
    warn(check, say("todo.protect"));
}

Check checkTables(AgoraSession& session, RightsOf task) {
    Check check = passed(kDatabase, say("look.tables"));
    std::string missing;
    for (const auto& table : AgoraInspection(session).countTables()) {
        check.details.emplace_back(table.table, table.rows ? Message(*table.rows) : say("value.missing"));
        if (!table.rows) missing += (missing.empty() ? "" : ", ") + table.table;
    }
    if (missing.empty()) return check;
    const std::string grants = DatabaseRights(session).missingGrants(task);
    fail(check, say("look.notables", {{"tables", missing}}),
         withSemicolon(say("todo.owndatabase"),
                       grants.empty() ? Message() : say("todo.orgrants", {{"grants", grants}})));
    return check;
}

/// What a run would find out only when it has something to write.
void checkServer(AgoraSession& session, RightsOf task, const carillon::Clock& clock, Check& check) {
    if (const auto faults = ServerNeeds(session).findFaults(); !faults.empty())
        return fail(check, faults.front().message, faults.front().remedy);
    DatabaseRights rights(session);
    const std::string grants = rights.missingGrants(task);
    Inbox inbox(session, clock);
    if (task != RightsOf::Mails && !inbox.exists() && !rights.mayCreate("passerelle_inbox"))
        fail(check, say("look.nocreate"),
             say("todo.create", {{"script", inbox.script() + (grants.empty() ? "" : "; " + grants)}}));
    else if (!grants.empty())
        fail(check, say("look.norights"), say("todo.grants", {{"grants", grants}}));
}

void tryWriting(AgoraSession& session, const std::string& now, Check& check) {
    try {
        const bool tried = AgoraInspection(session).tryWriting(now);
        check.details.emplace_back("writing", say(tried ? "value.tried" : "value.untried"));
    } catch (const DatabaseFailed& e) {
        fail(check, saidBy(e), say("todo.server"));
    }
}

void checkTokens(AgoraInspection& tables, const std::string& now, Check& check) {
    const TokenCounts tokens = tables.countTokens(now);
    check.details.emplace_back("tokens_active", std::to_string(tokens.active));
    check.details.emplace_back("tokens_used", std::to_string(tokens.used));
    check.details.emplace_back("tokens_expired", std::to_string(tokens.expired));
    check.message =
        say("look.tokens", {{"what", check.message}, {"active", tokens.active}, {"expired", tokens.expired}});
}

void judgeOverdue(AgoraInspection& tables, const std::string& before, std::int64_t keptDays, Check& check) {
    const std::int64_t overdue = tables.countExpiredBefore(before);
    check.details.emplace_back("tokens_overdue", std::to_string(overdue));
    if (overdue == 0) return;
    check.message += ", " + say("look.overdue", {{"n", overdue}, {"days", keptDays}});
    warn(check, say("todo.clean"));
}

}  // namespace

PasserelleCheck::PasserelleCheck(const SyncOptions& options, carillon::RunContext& context)
    : _options(options), _context(context) {}

void PasserelleCheck::run(const carillon::CheckSink& sink) {
    sink(checkConfiguration());
    sink(checkConnectivity());
    sink(checkPendingList());
    sink(checkSynchronisation());
    sink(checkDatabase(_options.database, RightsOf::Synchronisation, _context));
    if (_options.notifiesCreators) sink(checkOutbox(_options.database, RightsOf::Notifying, _context));
}

Check PasserelleCheck::checkConfiguration() {
    try {
        _session = std::make_unique<AgoraSession>(_options.database, _context);
        _settings = readEffectiveSettings(*_session, _options, _context);
    } catch (const Poco::Exception& e) {
        _obstacle = say("obstacle.settings");
        return failed("configuration", saidBy(e), say("todo.databasekeys"));
    }
    Check check = passed("configuration", say("look.configured"));
    check.details = {{"mode", _settings->mode},
                     {"address", shownAddress(_settings->url)},
                     {"key", maskedKey(_settings->key)},
                     {"dialect", _options.dialect == Dialect::Path ? "path" : "query"},
                     {"zone", _settings->agoraZone}};
    const Message missing = _settings->missing();
    if (_settings->mode.empty()) {
        fail(check, noMode(), say("todo.setit"));
    } else if (!missing.empty() && _settings->usesGateway()) {
        fail(check, missing, say("todo.setit"));
    } else if (!_settings->usesGateway()) {
        check.state = CheckState::Warning;
        check.message = say("look.othermode", {{"mode", _settings->mode}});
        check.recommendation = say("todo.mode");
    }
    if (!missing.empty()) _obstacle = say("obstacle.address");
    return check;
}

Check PasserelleCheck::checkConnectivity() {
    const char* name = "connectivity";
    if (!_obstacle.empty()) return failed(name, say("look.nottried", {{"why", _obstacle}}), say("todo.before"));
    try {
        GatewayClient gateway(gatewayOptions(*_settings, _options, false), _context);
        const GatewayHealth health = gateway.health();
        Check check = passed(
            name, withColon(say("look.answers", {{"status", health.status}, {"ms", health.responseTime.count()}}),
                            health.message));
        check.details = {{"address", gateway.address()},
                         {"status", std::to_string(health.status)},
                         {"response_ms", std::to_string(health.responseTime.count())},
                         {"message", health.message},
                         {"version", health.version}};
        if (const std::string proxy = gateway.proxyName(); !proxy.empty()) check.details.emplace_back("proxy", proxy);
        judgeSpeed(health.responseTime, check);
        if (health.skew) judgeClock(*health.skew, check);
        return check;
    } catch (const Poco::Exception& e) {
        _obstacle = say("obstacle.gateway");
        return failed(name, saidBy(e), gatewayRecommendation(e));
    }
}

Check PasserelleCheck::checkPendingList() {
    const char* name = "pending list";
    if (!_obstacle.empty()) return failed(name, say("look.nottried", {{"why", _obstacle}}), say("todo.before"));
    std::int64_t count = 0;
    std::int64_t counted = 0;
    std::optional<Validation> sample;
    try {
        GatewayClient gateway(gatewayOptions(*_settings, _options, false), _context);
        BacklogReader reader({}, _context.stop());
        gateway.readPending([&](std::istream& body, std::int64_t announced) {
            reader.read(body, announced, [&](Batch& batch) {
                count += static_cast<std::int64_t>(batch.items.size());
                if (!sample) sample = batch.items.front();
            });
        });
        if (count == 0) counted = gateway.stats().pending;
    } catch (const Poco::Exception& e) {
        _obstacle = say("obstacle.list");
        return failed(name, saidBy(e), gatewayRecommendation(e));
    }
    Check check = passed(name, say("look.pending", {{"n", count}}));
    check.details = {{"count", std::to_string(count)}};
    if (counted > 0) {
        check.message += ", " + say("look.counted", {{"n", counted}});
        warn(check, say("todo.leavesout"));
    }
    if (sample) {
        check.details.emplace_back("sample_token", shortToken(sample->token) + "…");
        check.details.emplace_back("sample_action", excerpt(sample->action));
        check.details.emplace_back("sample_validated_at", excerpt(sample->validatedAt));
    }
    return check;
}

Check PasserelleCheck::checkSynchronisation() {
    const char* name = "synchronisation (dry run)";
    if (!_obstacle.empty()) return failed(name, say("look.nottried", {{"why", _obstacle}}), say("todo.before"));
    try {
        SyncParts parts(*_settings, _options, _context);
        const carillon::RunReport report =
            Preview(parts.gateway, *_session, parts.time, parts.limits, _context).run([](const carillon::PlannedItem&) {
            });
        Check check = passed(name, say("look.dryrun", {{"what", report.message}}));
        for (const auto& figure : report.figures)
            check.details.emplace_back(figure.key(), std::to_string(figure.value));
        if (report.outcome == carillon::Outcome::Failed) {
            check.state = CheckState::Failed;
            check.message = report.message;
            check.recommendation = say("todo.mend");
        } else if (report.valueOf(carillon::FigureRole::Rejected).value_or(0) > 0) {
            check.state = CheckState::Warning;
            check.recommendation = say("todo.rejects");
        }
        return check;
    } catch (const Poco::Exception& e) {
        return failed(name, saidBy(e), say("todo.mend"));
    }
}

Check checkDatabase(const DatabaseOptions& options, RightsOf task, carillon::RunContext& context,
                    std::optional<std::int64_t> keptDays) {
    try {
        AgoraSession session(options, context);
        Check check = checkTables(session, task);
        if (check.state == CheckState::Passed) checkServer(session, task, context.clock(), check);
        if (check.state != CheckState::Passed) return check;
        AgoraInspection tables(session);
        const AgoraTime time(context, AgoraDatabase(session).readSettings().agoraZone, "UTC");
        const TimePoint now = context.clock().now();
        checkTokens(tables, time.fromUtc(now), check);
        // The job may be an hour late, and a night's tokens are always there.
        if (keptDays) judgeOverdue(tables, time.fromUtc(now - std::chrono::days(*keptDays + 1)), *keptDays, check);
        if (task == RightsOf::Synchronisation) tryWriting(session, time.fromUtc(now), check);
        judgeWay(options, check);
        return check;
    } catch (const Poco::Exception& e) {
        return failed(kDatabase, saidBy(e), say("todo.database"));
    }
}

}  // namespace passerelle
