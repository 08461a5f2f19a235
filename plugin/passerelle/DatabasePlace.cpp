#include "DatabasePlace.h"

#include "carillon/LogLine.h"

#include "Poco/Net/IPAddress.h"
#include "Poco/String.h"
#include "Poco/StringTokenizer.h"

namespace passerelle {
namespace {

constexpr const char* kLocalhost = "localhost";

std::string hostOf(const DatabaseOptions& options) {
    return options.connection.empty() ? options.host : valueIn(options.connection, "host").value_or(kLocalhost);
}

}  // namespace

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
            .field("remedy", kProtect);
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
