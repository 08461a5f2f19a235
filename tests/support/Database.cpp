#include "Database.h"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <vector>

#include "Poco/Data/DataException.h"
#include "Poco/Data/MySQL/Connector.h"
#include "Poco/Data/SQLite/Connector.h"
#include "Poco/Exception.h"
#include "Poco/Nullable.h"
#include "TestSkipped.h"

using namespace Poco::Data::Keywords;
using Poco::Data::Session;

namespace {

constexpr std::size_t kOpenTimeoutSeconds = 5;  // SQLite: of a locked database too

std::optional<std::string> environment(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
}

/// Everything but the schema. Throws TestSkipped where there is no server.
std::string serverConnection() {
    const auto port = environment("CARILLON_TEST_MYSQL_PORT");
    const auto user = environment("CARILLON_TEST_MYSQL_USER");
    const auto password = environment("CARILLON_TEST_MYSQL_PASSWORD");
    if (!port || !user || !password) {
        const std::string reason = "no MariaDB: CARILLON_TEST_MYSQL_PORT, _USER or _PASSWORD is not set";
        if (environment("CARILLON_TEST_REQUIRE_MYSQL") == "1") throw Poco::IllegalStateException(reason);
        throw TestSkipped{reason + " (sh tests/support/mariadb.sh start DIR prints them)"};
    }
    return "host=127.0.0.1;port=" + *port + ";user=" + *user + ";password=" + *password + ";character-set=utf8mb4";
}

constexpr const char* kDatabaseCollation = "CARILLON_TEST_MYSQL_DATABASE_COLLATION";
constexpr const char* kTableCollation = "CARILLON_TEST_MYSQL_TABLE_COLLATION";
constexpr const char* kAgorasTables = "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci";

/// A collation's name begins with that of its character set.
std::string characterSetOf(const std::string& collation) {
    return collation.substr(0, collation.find('_'));
}

std::string inCollation(const std::string& collation) {
    return "CHARACTER SET " + characterSetOf(collation) + " COLLATE " + collation;
}

void requireCollation(Session& server, const std::optional<std::string>& collation) {
    if (!collation) return;
    try {
        server << "SET NAMES " + characterSetOf(*collation) + " COLLATE " + *collation, now;
    } catch (const Poco::Data::DataException&) {
        throw TestSkipped{"this server has no collation " + *collation};
    }
}

Session openServer() {
    return {"MySQL", serverConnection(), kOpenTimeoutSeconds};
}

std::string uniqueName() {
    static std::atomic<int> counter{0};
    return "carillon_test_" + std::to_string(getpid()) + "_" + std::to_string(++counter);
}

std::filesystem::path makeFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "carillon-test.XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw Poco::CreateFileException(path);
    return path;
}

std::vector<std::string> statementsOf(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) throw Poco::OpenFileException(file.string());
    std::vector<std::string> statements;
    std::string statement;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.starts_with("--")) continue;
        statement += line + "\n";
        if (!line.ends_with(';')) continue;
        statement.resize(statement.size() - 2);
        statements.push_back(std::move(statement));
        statement.clear();
    }
    if (!statement.empty()) throw Poco::SyntaxException(file.string() + " ends in mid-statement", statement);
    return statements;
}

}  // namespace

TestDatabase::TestDatabase(Kind kind) : _kind(kind) {
    try {
        if (kind == Kind::MySql) {
            createMySql();
        } else {
            createSqlite();
        }
        executeFile(std::filesystem::path(CARILLON_SCHEMAS_DIR) / "agora" / (kind == Kind::MySql ? "mysql" : "sqlite") /
                    "agora.sql");
    } catch (...) {
        drop();
        throw;
    }
}

TestDatabase::~TestDatabase() {
    drop();
}

void TestDatabase::createMySql() {
    Poco::Data::MySQL::Connector::registerConnector();
    _connector = "MySQL";
    const std::string server = serverConnection();
    Session admin = openServer();
    _name = uniqueName();
    admin << "DROP DATABASE IF EXISTS " + _name, now;
    const auto collation = environment(kDatabaseCollation);
    requireCollation(admin, collation);
    requireCollation(admin, environment(kTableCollation));
    admin << "CREATE DATABASE " + _name + (collation ? " " + inCollation(*collation) : ""), now;
    _connectionString = server + ";db=" + _name;
    reconnect();
}

void TestDatabase::reconnect() {
    _session = std::make_unique<Session>(_connector, _connectionString, kOpenTimeoutSeconds);
    // A server may be set not to heed what the client library asks for.
    if (_kind == Kind::MySql) execute("SET NAMES utf8mb4");
}

void TestDatabase::createSqlite() {
    Poco::Data::SQLite::Connector::registerConnector();
    _connector = "SQLite";
    _folder = makeFolder();
    _name = _connectionString = (_folder / "agora.db").string();
    reconnect();
    execute("PRAGMA foreign_keys = ON");
    execute("PRAGMA busy_timeout = 10000");
    execute("PRAGMA synchronous = OFF");
}

// On a connection of its own, as a test may have left its session broken or in a transaction.
void TestDatabase::drop() {
    try {
        _session.reset();
        if (_kind == Kind::Sqlite) {
            if (!_folder.empty()) std::filesystem::remove_all(_folder);
        } else if (!_name.empty()) {
            Session admin = openServer();
            admin << "SET lock_wait_timeout = 5", now;  // another session may still hold a transaction open
            admin << "DROP DATABASE IF EXISTS " + _name, now;
        }
    } catch (const Poco::Exception& e) {
        std::cerr << "cannot drop test database " << _name << ": " << e.displayText() << std::endl;
    } catch (const std::exception& e) {
        std::cerr << "cannot drop test database " << _name << ": " << e.what() << std::endl;
    } catch (const TestSkipped& e) {  // the test changed the environment
        std::cerr << "cannot drop test database " << _name << ": " << e.reason << std::endl;
    }
}

void TestDatabase::execute(const std::string& sql) {
    *_session << sql, now;
}

void TestDatabase::executeFile(const std::filesystem::path& file) {
    const auto collation = environment(kTableCollation);
    for (auto statement : statementsOf(file)) {
        if (const auto at = statement.find(kAgorasTables); collation && at != std::string::npos)
            statement.replace(at, std::string::npos, "DEFAULT " + inCollation(*collation));
        execute(statement);
    }
}

bool TestDatabase::holdsEveryCharacter() {
    return environment(kTableCollation).value_or("utf8mb4_").starts_with("utf8mb4_");
}

std::string TestDatabase::arrow() {
    return environment(kTableCollation).value_or("utf8mb4_").starts_with("utf8") ? "→" : "?";
}

long long TestDatabase::count(const std::string& sql) {
    Poco::Nullable<Poco::Int64> value;
    *_session << "SELECT CAST((" + sql + ") AS " + (_kind == Kind::MySql ? "SIGNED)" : "INTEGER)"), into(value), now;
    if (value.isNull()) throw Poco::NotFoundException(sql);
    return value.value();
}

// The cast: Poco 1.11 crashes on a LONGTEXT column, which JSON is in MariaDB.
std::string TestDatabase::text(const std::string& sql) {
    Poco::Nullable<std::string> value;
    *_session << "SELECT CAST((" + sql + ") AS " + (_kind == Kind::MySql ? "CHAR(8000))" : "TEXT)"), into(value), now;
    return value.value(std::string());
}

void TestDatabase::addUser(int id, const std::string& prenom, const std::string& nom) {
    *_session << "INSERT INTO users (id, prenom, nom, email) VALUES (?, ?, ?, ?)", bind(id), bind(prenom), bind(nom),
        bind("user" + std::to_string(id) + "@example.org"), now;
}

void TestDatabase::addCampaign(int id, const std::string& statut, const std::string& titre) {
    *_session << "INSERT INTO campaigns (id, statut, titre) VALUES (?, ?, ?)", bind(id), bind(statut), bind(titre), now;
}

void TestDatabase::addValidator(int campaign, int user) {
    const auto ordre =
        count("SELECT COUNT(*) + 1 FROM campaign_validators WHERE campaign_id = " + std::to_string(campaign));
    *_session << "INSERT INTO campaign_validators (campaign_id, user_id, ordre) VALUES (?, ?, ?)", bind(campaign),
        bind(user), bind(static_cast<Poco::Int64>(ordre)), now;
}

void TestDatabase::addToken(const std::string& token, int campaign, int user, const std::string& expiresAt,
                            const std::string& usedAt) {
    *_session << "INSERT INTO validation_tokens (token, campaign_id, user_id, expires_at, used_at) "
                 "VALUES (?, ?, ?, ?, NULLIF(?, ''))",
        bind(token), bind(campaign), bind(user), bind(expiresAt), bind(usedAt), now;
}

void TestDatabase::setSetting(const std::string& cle, const std::string& valeur) {
    *_session << "DELETE FROM settings WHERE cle = ?", bind(cle), now;
    *_session << "INSERT INTO settings (cle, valeur) VALUES (?, ?)", bind(cle), bind(valeur), now;
}
