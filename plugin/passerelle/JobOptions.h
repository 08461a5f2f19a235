#pragma once

#include "GatewayClient.h"

#include "carillon/ConfigReader.h"
#include "carillon/RunContext.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace passerelle {

enum class Connector : std::uint8_t { MySql, Sqlite };

/// Where Agora's database is. For MySQL either a Poco connection string or its parts; for SQLite the file.
struct DatabaseOptions {
    Connector connector = Connector::MySql;
    std::string connection{};
    std::string host{};
    std::int64_t port = 3306;
    bool portGiven = false;  ///< Then it tells the server, also on localhost.
    std::string name{};
    std::string user{};
    std::string password{};
    std::string socket{};
    bool tls = false;
    std::string tlsCa{};
    std::string tlsCertificate{};
    std::string tlsKey{};
    std::chrono::milliseconds timeout{30'000};
};

/// The `task.*` keys of PasserelleSync. What is not given comes from Agora's settings.
struct SyncOptions {
    DatabaseOptions database{};
    std::optional<std::string> url{};
    std::optional<std::string> key{};
    std::optional<std::string> mode{};
    Dialect dialect = Dialect::Path;
    std::string gatewayZone{};
    TlsFiles tls{};
    ProxyChoice proxy{};
    std::chrono::milliseconds timeout{30'000};
    std::size_t batch = 2'000;
    double maxRejectRatio = 0.5;
    std::chrono::days keepsStrangers{90};  ///< Rejects of unknown tokens.
    bool notifiesCreators = false;
};

/// The `task.*` keys of TokensClean.
struct CleanOptions {
    DatabaseOptions database{};
    std::int64_t days = 90;
};

SyncOptions readSyncOptions(carillon::ConfigReader& in);
CleanOptions readCleanOptions(carillon::ConfigReader& in);
/// The keys `task.database.*`, which every task has.
DatabaseOptions readDatabaseOptions(carillon::ConfigReader& in);

/// Where Agora's database is, as far as its options tell.

/// Of a Poco connection string; the last one counts, as there.
std::optional<std::string> valueIn(const std::string& connection, const std::string& key);

/// The client library takes `localhost` for the local server's socket and forgets the port: with two servers on one
/// machine that is the wrong one. So a port that was given says which one is meant.
bool mustGoByTcp(const DatabaseOptions& options);

/// On this machine: by a socket, or by a loopback address.
bool isNearby(const DatabaseOptions& options);

/// On another machine, and not by TLS: who is on the way there reads along, and may answer instead.
bool isUnprotected(const DatabaseOptions& options);

/// The client's plugins by which a server may ask for the login, with commas; empty: any. Some give it the password, in
/// clear or locked with a key of the server's own: these only where it has proved who it is, and the latter where
/// nobody but this machine can answer.
std::string allowedLogins(const DatabaseOptions& options);

/// The first line of a run's log, where it has to be.
void warnIfUnprotected(const DatabaseOptions& options, carillon::RunContext& context);

/// For people; without a secret.
std::string whereOf(const DatabaseOptions& options);

}  // namespace passerelle
