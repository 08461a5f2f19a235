#pragma once

#include "GatewayClient.h"

#include "carillon/ConfigReader.h"

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
};

/// The `task.*` keys of TokensClean.
struct CleanOptions {
    DatabaseOptions database{};
    std::int64_t days = 90;
};

SyncOptions readSyncOptions(carillon::ConfigReader& in);
CleanOptions readCleanOptions(carillon::ConfigReader& in);

}  // namespace passerelle
