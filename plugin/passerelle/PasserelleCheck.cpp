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
constexpr const char* kWhereSettings = "Agora, Parametres > Validation";

Check passed(std::string name, std::string message) {
    return {std::move(name), CheckState::Passed, std::move(message), {}, ""};
}

Check failed(std::string name, std::string message, std::string recommendation) {
    return {std::move(name), CheckState::Failed, std::move(message), {}, std::move(recommendation)};
}

std::string maskedKey(const std::string& key) {
    if (key.empty()) return "(missing)";
    return (key.size() > 8 ? key.substr(0, 4) : "") + "… (" + std::to_string(key.size()) + " characters)";
}

/// What to do about a fault of the gateway, by its kind.
std::string gatewayRecommendation(const Poco::Exception& e) {
    if (dynamic_cast<const GatewayRefused*>(&e) != nullptr)
        return std::string("correct what the message names: address and key in ") + kWhereSettings +
               ", task.* in the job's file";
    if (dynamic_cast<const MalformedAnswer*>(&e) != nullptr)
        return "mend the gateway as the message says; where it only quotes, open the gateway's address in a browser: "
               "its hosting shows an error or maintenance page, or PHP prints a warning";
    return "check that this machine reaches the gateway: name, proxy, firewall, certificate; then run this check again";
}

void fail(Check& check, std::string message, std::string recommendation) {
    check.state = CheckState::Failed;
    check.message = std::move(message);
    check.recommendation = std::move(recommendation);
}

void warn(Check& check, const std::string& recommendation) {
    check.state = CheckState::Warning;
    check.recommendation += (check.recommendation.empty() ? "" : "; ") + recommendation;
}

void judgeSpeed(std::chrono::milliseconds responseTime, Check& check) {
    if (responseTime > std::chrono::seconds(5))
        warn(check, "the gateway is slow: ask its hosting, or raise task.gateway.timeout");
}

/// Whether a token had expired when it was used is judged by the gateway's clock.
void judgeClock(std::chrono::seconds skew, Check& check) {
    constexpr std::chrono::minutes kTolerated{1};
    check.details.emplace_back("clock_skew_s", std::to_string(skew.count()));
    if (std::chrono::abs(skew) <= kTolerated) return;
    check.message += "; its clock is " + std::to_string(std::chrono::abs(skew).count()) + " s " +
                     (skew.count() > 0 ? "ahead of" : "behind") + " this machine's";
    warn(check, "set the clock that is wrong, best by NTP: answers shortly before a token expires are judged by both");
}

void judgeWay(const DatabaseOptions& options, Check& check) {
    if (check.state == CheckState::Failed || !isUnprotected(options)) return;
    check.message += "; but what goes to and from the database is not encrypted on its way";
    warn(check, kProtect);
}

Check checkTables(AgoraSession& session, RightsOf task) {
    Check check = passed(kDatabase, "all tables are there");
    std::string missing;
    for (const auto& table : AgoraInspection(session).countTables()) {
        check.details.emplace_back(table.table, table.rows ? std::to_string(*table.rows) : "missing");
        if (!table.rows) missing += (missing.empty() ? "" : ", ") + table.table;
    }
    if (missing.empty()) return check;
    const std::string grants = DatabaseRights(session).missingGrants(task);
    fail(check, "tables missing or not readable: " + missing,
         "check that task.database.* names Agora's own database and a user with rights on it" +
             (grants.empty() ? "" : "; or run as an administrator of the server: " + grants));
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
        fail(check, "the database's user may not make the plugin's own tables, and they are not there",
             "grant it CREATE, or run as an administrator of the server: " + inbox.script() +
                 (grants.empty() ? "" : "; and: " + grants));
    else if (!grants.empty())
        fail(check, "the database's user lacks rights", "run as an administrator of the server: " + grants);
}

void tryWriting(AgoraSession& session, const std::string& now, Check& check) {
    try {
        const bool tried = AgoraInspection(session).tryWriting(now);
        check.details.emplace_back("writing", tried ? "tried and taken back" : "no unused token to try it with");
    } catch (const DatabaseFailed& e) {
        fail(check, e.message(), "mend what the server says: a run would fail alike");
    }
}

void checkTokens(AgoraInspection& tables, const std::string& now, Check& check) {
    const TokenCounts tokens = tables.countTokens(now);
    check.details.emplace_back("tokens_active", std::to_string(tokens.active));
    check.details.emplace_back("tokens_used", std::to_string(tokens.used));
    check.details.emplace_back("tokens_expired", std::to_string(tokens.expired));
    check.message +=
        ": " + std::to_string(tokens.active) + " active and " + std::to_string(tokens.expired) + " expired tokens";
}

void judgeOverdue(AgoraInspection& tables, const std::string& before, std::int64_t keptDays, Check& check) {
    const std::int64_t overdue = tables.countExpiredBefore(before);
    check.details.emplace_back("tokens_overdue", std::to_string(overdue));
    if (overdue == 0) return;
    check.message += ", of which " + std::to_string(overdue) + " expired more than " + std::to_string(keptDays) +
                     " days ago (task.days)";
    warn(check, "clean them with 'carillon run tokens-clean', and see that this job is enabled and runs each night");
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
        _obstacle = "the settings cannot be read";
        return failed("configuration", e.message(), "correct the keys task.database.* of the job's file");
    }
    Check check = passed("configuration", "mode, address and key are set");
    check.details = {{"mode", _settings->mode},
                     {"address", shownAddress(_settings->url)},
                     {"key", maskedKey(_settings->key)},
                     {"dialect", _options.dialect == Dialect::Path ? "path" : "query"},
                     {"zone", _settings->agoraZone}};
    const std::string missing = _settings->missing();
    if (_settings->mode.empty()) {
        fail(check, kNoMode, std::string("set it in ") + kWhereSettings);
    } else if (!missing.empty() && _settings->usesGateway()) {
        fail(check, missing, std::string("set it in ") + kWhereSettings);
    } else if (!_settings->usesGateway()) {
        check.state = CheckState::Warning;
        check.message = "the mode is '" + _settings->mode + "', not passerelle: runs end at once with nothing to do";
        check.recommendation =
            std::string("if answers come through the gateway, choose the mode passerelle in ") + kWhereSettings;
    }
    if (!missing.empty()) _obstacle = "the gateway's address or key is missing";
    return check;
}

Check PasserelleCheck::checkConnectivity() {
    const char* name = "connectivity";
    if (!_obstacle.empty()) return failed(name, "not tried: " + _obstacle, "mend the check before this one first");
    try {
        GatewayClient gateway(gatewayOptions(*_settings, _options, false), _context);
        const GatewayHealth health = gateway.health();
        Check check = passed(name, "the gateway answers with status " + std::to_string(health.status) + " after " +
                                       std::to_string(health.responseTime.count()) + " ms" +
                                       (health.message.empty() ? "" : ": " + health.message));
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
        _obstacle = "the gateway does not answer";
        return failed(name, e.message(), gatewayRecommendation(e));
    }
}

Check PasserelleCheck::checkPendingList() {
    const char* name = "pending list";
    if (!_obstacle.empty()) return failed(name, "not tried: " + _obstacle, "mend the check before this one first");
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
        _obstacle = "the pending list cannot be read";
        return failed(name, e.message(), gatewayRecommendation(e));
    }
    Check check = passed(name, std::to_string(count) + " pending");
    check.details = {{"count", std::to_string(count)}};
    if (counted > 0) {
        check.message += ", although its statistics count " + std::to_string(counted);
        warn(check,
             "run this check again; if it stays so, the gateway's api.php leaves items out: see the table "
             "validation_responses in its data/validation_queue.db");
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
    if (!_obstacle.empty()) return failed(name, "not tried: " + _obstacle, "mend the check before this one first");
    try {
        SyncParts parts(*_settings, _options, _context);
        const carillon::RunReport report =
            Preview(parts.gateway, *_session, parts.time, parts.limits, _context).run([](const carillon::PlannedItem&) {
            });
        Check check = passed(name, "a run now would do this: " + report.message);
        for (const auto& figure : report.figures)
            check.details.emplace_back(figure.key(), std::to_string(figure.value));
        if (report.outcome == carillon::Outcome::Failed) {
            check.state = CheckState::Failed;
            check.message = report.message;
            check.recommendation = "mend what the message names, then run this check again";
        } else if (report.valueOf(carillon::FigureRole::Rejected).value_or(0) > 0) {
            check.state = CheckState::Warning;
            check.recommendation =
                "see the reasons with 'carillon rejects' after the next run, and replay what can be mended";
        }
        return check;
    } catch (const Poco::Exception& e) {
        return failed(name, e.message(), "mend what the message names, then run this check again");
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
        return failed(kDatabase, e.message(),
                      "correct the keys task.database.* of the job's file, or start the database");
    }
}

}  // namespace passerelle
