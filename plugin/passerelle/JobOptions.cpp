#include "JobOptions.h"

#include "Texts.h"

#include "carillon/LogLine.h"

#include "Poco/Net/IPAddress.h"
#include "Poco/String.h"
#include "Poco/StringTokenizer.h"

namespace passerelle {
namespace {

using namespace std::chrono_literals;
using carillon::ConfigReader;

/// Poco splits the connection string at `;` and trims what is between.
void refuseUnwritable(ConfigReader& in, const char* key, const std::string& value) {
    if (value.find(';') != std::string::npos || value.starts_with(' ') || value.ends_with(' '))
        in.fault(key, say("config.semicolon"));
}

DatabaseOptions readMySqlParts(ConfigReader& in, DatabaseOptions options, bool required) {
    options.socket = in.text("database.socket", "");
    options.host = in.text("database.host", "");
    options.port = in.integer("database.port", options.port, 1, 65535);
    options.portGiven = in.has("database.port");
    options.name = in.text("database.name", "");
    options.user = in.text("database.user", "");
    options.password = in.secret("database.password").value_or("");
    options.tls = in.flag("database.tls.required", false);
    options.tlsCa = in.path("database.tls.ca", "");
    options.tlsCertificate = in.path("database.tls.certificate", "");
    options.tlsKey = in.path("database.tls.key", "");
    options.tls = options.tls || !options.tlsCa.empty();
    in.requireTrust("database.tls.ca", options.tlsCa);
    in.requireTrust("database.tls.certificate", options.tlsCertificate);
    in.requireSecrecy("database.tls.key", options.tlsKey);
    refuseUnwritable(in, "database.password", options.password);
    refuseUnwritable(in, "database.name", options.name);
    refuseUnwritable(in, "database.user", options.user);
    refuseUnwritable(in, "database.host", options.host);
    if (options.host.find('@') != std::string::npos) {
        in.fault("database.host", say("config.userinhost"));
        options.host.clear();
    }
    if (!required) return options;
    if (options.host.empty() && options.socket.empty()) in.missing("database.host");
    if (options.name.empty()) in.missing("database.name");
    if (options.user.empty()) in.missing("database.user");
    return options;
}

TlsFiles readGatewayTls(ConfigReader& in) {
    TlsFiles files{in.path("gateway.ca", ""), in.path("gateway.certificate", ""),
                   in.path("gateway.certificate_key", "")};
    if (files.certificate.empty() == files.certificateKey.empty()) return files;
    const bool keyLacks = files.certificateKey.empty();
    in.fault(keyLacks ? "gateway.certificate" : "gateway.certificate_key",
             say("config.bothcertificates",
                 {{"other", keyLacks ? "task.gateway.certificate_key" : "task.gateway.certificate"}}));
    return files;
}

/// So begin the codes of what is wrong with a proxy, which the host's own code only says in English.
constexpr std::string_view kProxyCodes = "proxy.";

ProxyChoice readGatewayProxy(ConfigReader& in) {
    const auto given = in.sensitiveText("gateway.proxy", "@");
    if (!given) return {};
    if (*given == "none" || *given == "direct") return {.isDirect = true};
    try {
        const ProxyChoice choice{.proxy = carillon::parseProxy(*given, "task.gateway.proxy")};
        in.conceal(choice.proxy->password);
        return choice;
    } catch (const Poco::SyntaxException& e) {
        in.fault("gateway.proxy", say("config.ornone", {{"why", recognise(Poco::trim(e.message()), {kProxyCodes})}}));
        return {};
    }
}

constexpr const char* kLocalhost = "localhost";

std::string hostOf(const DatabaseOptions& options) {
    return options.connection.empty() ? options.host : valueIn(options.connection, "host").value_or(kLocalhost);
}

}  // namespace

DatabaseOptions readDatabaseOptions(ConfigReader& in) {
    DatabaseOptions options;
    options.connector =
        in.choice("database.connector", Connector::MySql, {{"MySQL", Connector::MySql}, {"SQLite", Connector::Sqlite}});
    options.timeout = in.duration("database.timeout", 30s, 1s, 10min);
    const bool sqlite = options.connector == Connector::Sqlite;
    options.connection =
        sqlite ? in.path("database.connection", "") : in.sensitiveText("database.connection", "password").value_or("");
    if (!sqlite) in.conceal(valueIn(options.connection, "password").value_or(""));
    options = readMySqlParts(in, options, !sqlite && options.connection.empty());
    const bool parts = !options.host.empty() || !options.socket.empty() || !options.name.empty() ||
                       !options.user.empty() || !options.password.empty();
    if (sqlite && options.connection.empty())
        in.fault("database.connection", say("config.nosqlite"));
    else if (!options.connection.empty() && parts)
        in.fault("database.connection", say("config.connectionandhost"));
    return options;
}

SyncOptions readSyncOptions(ConfigReader& in) {
    SyncOptions options;
    options.database = readDatabaseOptions(in);
    options.url = in.optionalText("gateway.url");
    options.key = in.secret("gateway.key");
    options.mode = in.optionalText("mode");
    options.dialect = in.choice("gateway.dialect", Dialect::Path, {{"path", Dialect::Path}, {"query", Dialect::Query}});
    options.gatewayZone = in.text("gateway.timezone", "UTC");
    options.tls = readGatewayTls(in);
    options.proxy = readGatewayProxy(in);
    options.timeout = in.duration("gateway.timeout", 30s, 100ms, 10min);
    options.batch = static_cast<std::size_t>(in.integer("batch", 2'000, 1, 10'000));
    options.maxRejectRatio = in.ratio("rejects.max_ratio", 0.5);
    options.keepsStrangers =
        std::chrono::floor<std::chrono::days>(in.duration("rejects.keep", 90 * 24h, 24h, 36'500 * 24h));
    options.notifiesCreators = in.flag("notify.creators", false);
    return options;
}

CleanOptions readCleanOptions(ConfigReader& in) {
    CleanOptions options;
    options.database = readDatabaseOptions(in);
    options.days = in.integer("days", 90, 1, 36'500);
    return options;
}

std::optional<std::string> valueIn(const std::string& connection, const std::string& key) {
    std::optional<std::string> value;
    constexpr int options = Poco::StringTokenizer::TOK_TRIM | Poco::StringTokenizer::TOK_IGNORE_EMPTY;
    for (const auto& part : Poco::StringTokenizer(connection, ";", options)) {
        const auto equals = part.find('=');
        if (equals != std::string::npos && Poco::icompare(Poco::trim(part.substr(0, equals)), key) == 0)
            value = Poco::trim(part.substr(equals + 1));
    }
    return value;
}

bool mustGoByTcp(const DatabaseOptions& options) {
    const bool hasPort = options.connection.empty() ? options.portGiven && options.socket.empty()
                                                    : valueIn(options.connection, "port").has_value();
    return hasPort && Poco::icompare(hostOf(options), kLocalhost) == 0;
}

bool isNearby(const DatabaseOptions& options) {
    const std::string host = hostOf(options);
    // A host of this form is how the client library takes the path of a socket.
    if (!options.socket.empty() || host.starts_with("socket=") || Poco::icompare(host, kLocalhost) == 0) return true;
    Poco::Net::IPAddress address;
    return Poco::Net::IPAddress::tryParse(host, address) && address.isLoopback();
}

bool isUnprotected(const DatabaseOptions& options) {
    return options.connector == Connector::MySql && !options.tls && !isNearby(options);
}

std::string allowedLogins(const DatabaseOptions& options) {
    constexpr const char* kSafe = "mysql_native_password,client_ed25519";
    constexpr const char* kSafeNearby = "mysql_native_password,client_ed25519,caching_sha2_password,sha256_password";
    return options.tls ? "" : isNearby(options) ? kSafeNearby : kSafe;
}

void warnIfUnprotected(const DatabaseOptions& options, carillon::RunContext& context) {
    if (isUnprotected(options))
        carillon::LogLine(context.log(), "database.unprotected", Poco::Message::PRIO_WARNING)
            .field("host", hostOf(options))
            .field("remedy", say("todo.protect").text);
}

std::string whereOf(const DatabaseOptions& options) {
    if (options.connector == Connector::Sqlite) return options.connection;
    if (!options.connection.empty()) return "of task.database.connection";
    std::string place = options.socket.empty() ? options.host + ":" + std::to_string(options.port) : options.socket;
    if (mustGoByTcp(options))
        place += " by TCP (without task.database.port, localhost is the local server's socket)";
    else if (options.socket.empty() && Poco::icompare(options.host, "localhost") == 0)
        place = "localhost by its socket (task.database.port asks for TCP)";
    return options.name + " at " + place + " as user " + options.user;
}

}  // namespace passerelle
