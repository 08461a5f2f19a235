#pragma once

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "AgoraSession.h"
#include "AgoraTime.h"
#include "Gateway.h"
#include "Inbox.h"
#include "Poco/JSONString.h"
#include "Replay.h"
#include "Synchronisation.h"
#include "support/Database.h"
#include "carillon/testing/FakeRunContext.h"

/// A gateway in memory: a list of items, by id, and what goes wrong with it.
class FakeGateway final : public passerelle::Gateway {
public:
    struct Item {
        std::int64_t id = 0;
        std::string token{};
        std::string action = "valide";
        std::optional<std::string> comment{};
        std::string validatedAt = "2026-11-22 09:00:00";
        std::string json{};  ///< Instead of all the others but the id.
    };

    void add(Item item) {
        items.push_back(std::move(item));
        ++_total;
    }

    void readPending(const BodyReader& read) override {
        if (beforeAnswer) beforeAnswer();
        std::string body = R"({"success":true,"count":)" + std::to_string(items.size()) + R"(,"data":[)";
        for (const auto& item : items) body += (body.back() == '[' ? "" : ",") + jsonOf(item);
        body += "]}";
        std::istringstream stream(body.substr(0, cutAt));
        read(stream, static_cast<std::int64_t>(body.size()));
        if (afterListing) afterListing();
    }
    void acknowledge(std::span<const std::int64_t> ids) override {
        CPPUNIT_ASSERT(!ids.empty() && ids.size() <= kMaxAcknowledged);
        if (beforeAcknowledge) beforeAcknowledge();
        if (acknowledgesUntilFault == 0)
            throw passerelle::GatewayUnavailable("the gateway " + _address + " answers 503");
        if (acknowledgesUntilFault > 0) --acknowledgesUntilFault;
        acknowledged.insert(acknowledged.end(), ids.begin(), ids.end());
        const std::set<std::int64_t> done(ids.begin(), ids.end());
        if (!keepsWhatItConfirms) return;
        std::erase_if(items, [&done](const Item& item) { return done.contains(item.id); });
        if (losesAnswers) throw passerelle::GatewayUnavailable("no answer within 30s");
    }
    passerelle::GatewayHealth health() override { return {}; }
    passerelle::GatewayStats stats() override {
        if (!hasStats) throw passerelle::GatewayRefused("404");
        return {static_cast<std::int64_t>(items.size()), 0, _total};
    }
    const std::string& address() const override { return _address; }
    void setAddress(const std::string& address) { _address = address; }

    std::vector<Item> items{};
    std::vector<std::int64_t> acknowledged{};
    std::function<void()> beforeAnswer{};
    std::function<void()> afterListing{};
    std::function<void()> beforeAcknowledge{};
    std::size_t cutAt = std::string::npos;
    int acknowledgesUntilFault = -1;  ///< Negative: none fails.
    bool losesAnswers = false;        ///< Acknowledges, and fails.
    bool hasStats = true;
    bool keepsWhatItConfirms = true;

private:
    static std::string jsonOf(const Item& item) {
        const std::string id = "{\"id\":" + std::to_string(item.id) + ",";
        if (!item.json.empty()) return id + item.json + "}";
        return id + "\"token\":" + Poco::toJSON(item.token) + R"(,"campaign_id":0,"user_id":0,"action":)" +
               Poco::toJSON(item.action) +
               ",\"commentaire\":" + (item.comment ? Poco::toJSON(*item.comment) : std::string("null")) +
               R"(,"validated_at":")" + item.validatedAt + "\"}";
    }

    std::int64_t _total = 0;
    std::string _address = "http://gateway.example.com/p";
};

/// Agora's tables in a database of their own with the campaign 10 of the validators Ann (1) and Bob (2), whose tokens
/// are `ann` and `bob`. SQLite's, unless a derived class says otherwise.
class AgoraTestFixture : public CppUnit::TestFixture {
public:
    using Kind = TestDatabase::Kind;

    virtual Kind kind() const { return Kind::Sqlite; }
    bool isSqlite() const { return kind() == Kind::Sqlite; }

    void setUp() override {
        _database = std::make_unique<TestDatabase>(kind());
        // What is written at the context's time is read as Agora reads it, by Paris's clocks.
        if (!isSqlite())
            _database->execute(
                "SET SESSION sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT'), SESSION time_zone = '+01:00'");
        _database->addUser(1, "Ann", "Arbor");
        _database->addUser(2, "Bob", "Bée");
        _database->addCampaign(10, "en_validation", "Printemps");
        _database->addValidator(10, 1);
        _database->addValidator(10, 2);
        _database->addToken("ann", 10, 1, "2026-12-01 00:00:00");
        _database->addToken("bob", 10, 2, "2026-12-01 00:00:00");
        _context = std::make_unique<carillon::testing::FakeRunContext>();
        _gateway = std::make_unique<FakeGateway>();
        openSession();
        passerelle::Inbox(*_session, _context->clock()).migrate();
    }
    void tearDown() override {
        _session.reset();
        _gateway.reset();
        _context.reset();
        _database.reset();
    }

protected:
    TestDatabase& db() { return *_database; }
    carillon::testing::FakeRunContext& context() { return *_context; }
    FakeGateway& gateway() { return *_gateway; }
    passerelle::AgoraSession& session() { return *_session; }

    passerelle::DatabaseOptions databaseOptions() const {
        passerelle::DatabaseOptions options;
        options.connector = isSqlite() ? passerelle::Connector::Sqlite : passerelle::Connector::MySql;
        options.connection = _database->connectionString();
        return options;
    }
    void openSession(std::chrono::milliseconds timeout = std::chrono::seconds(30)) {
        auto options = databaseOptions();
        options.timeout = timeout;
        _session = std::make_unique<passerelle::AgoraSession>(options, *_context);
        _session->useZone("Europe/Paris");
    }

    /// One run after the other, each with a name of its own.
    passerelle::Synchronisation synchronisation(std::size_t batch = 1'000, std::size_t maxStatementBytes = 16 << 20) {
        _context->settableIdentity().run = "run-" + std::to_string(++_runs);
        return {*_gateway, *_session, _time, limits(batch, maxStatementBytes), *_context};
    }
    carillon::RunReport replay(const carillon::ReplayRequest& request = {}) {
        _context->settableIdentity().run = "run-" + std::to_string(++_runs);
        return passerelle::Replay(*_session, _time, limits(), *_context).run(request);
    }
    static passerelle::SyncLimits limits(std::size_t batch = 1'000, std::size_t maxStatementBytes = 16 << 20) {
        return {.batch = batch, .maxStatementBytes = maxStatementBytes};
    }
    carillon::RunReport run(std::size_t batch = 1'000) { return synchronisation(batch).run(); }

    /// `applied 1, rejected 0, …` of a report, for short comparisons.
    static std::string counted(const carillon::RunReport& report) {
        std::string text(carillon::outcomeName(report.outcome));
        for (const auto& figure : report.figures)
            if (figure.value != 0 && figure.name != "bytes" && !figure.name.starts_with("sync_"))
                text += " " + figure.key() + "=" + std::to_string(figure.value);
        return text;
    }

    /// What it tells monitoring.
    static std::string told(const carillon::RunReport& report) {
        std::string text;
        for (const auto& figure : report.figures)
            if (figure.name.starts_with("sync_"))
                text += (text.empty() ? "" : " ") + figure.key() + "=" + std::to_string(figure.value);
        return text;
    }

    /// The rows of a SELECT of one text, one a line.
    std::string rows(const std::string& expression, const std::string& rest) {
        using namespace Poco::Data::Keywords;
        std::vector<Poco::Nullable<std::string>> found;
        _database->session() << "SELECT CAST(" + expression + " AS CHAR(4000)) FROM " + rest, into(found), now;
        std::string text;
        for (const auto& row : found) text += (text.empty() ? "" : "\n") + row.value("NULL");
        return text;
    }
    std::string inbox() {
        return rows(
            "identity || ' ' || state || ' ' || COALESCE(reason, '-') || ' ' || gateway_id || "
            "CASE WHEN gateway_id = 0 OR EXISTS (SELECT 1 FROM passerelle_listing l WHERE l.run = i.run AND "
            "l.gateway = i.gateway AND l.closed_at IS NULL) THEN ' open' ELSE ' acked' END",
            "passerelle_inbox i ORDER BY id");
    }
    std::string campaignStatus(int id = 10) {
        return _database->text("SELECT statut FROM campaigns WHERE id = " + std::to_string(id));
    }
    long long countRows(const std::string& table) { return _database->count("SELECT COUNT(*) FROM " + table); }

    /// Everything in Agora's tables, and in the inbox where there is one.
    std::string everything(bool withInbox = true) {
        std::string text =
            rows("id || cle || COALESCE(valeur, '-')", "settings ORDER BY id") + "\n" +
            rows("id || statut || titre", "campaigns ORDER BY id") + "\n" +
            rows("id || token || COALESCE(used_at, '-') || expires_at", "validation_tokens ORDER BY id") + "\n" +
            rows("id || action || COALESCE(commentaire, '-')", "validations ORDER BY id") + "\n" +
            rows("id || action || description || created_at", "campaign_logs ORDER BY id") + "\n" +
            rows("id || nom || prenom", "users ORDER BY id");
        if (withInbox)
            text += "\n" +
                    rows(
                        "id || identity || digest || state || run || gateway || gateway_id || received_at || "
                        "payload",
                        "passerelle_inbox ORDER BY id") +
                    "\n" +
                    rows("run || gateway || opened_at || COALESCE(closed_at, '-')",
                         "passerelle_listing ORDER BY run, gateway");
        return text;
    }

    const carillon::testing::FakeRunContext _zones{};
    const passerelle::AgoraTime _time{_zones, "Europe/Paris", "UTC"};

private:
    std::unique_ptr<TestDatabase> _database{};
    std::unique_ptr<carillon::testing::FakeRunContext> _context{};
    std::unique_ptr<FakeGateway> _gateway{};
    std::unique_ptr<passerelle::AgoraSession> _session{};
    int _runs = 0;
};

/// The same tests on a MariaDB or MySQL server.
template <typename Tests>
class MySqlTestFixture : public Tests {
public:
    AgoraTestFixture::Kind kind() const override { return AgoraTestFixture::Kind::MySql; }
};
