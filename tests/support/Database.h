#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "Poco/Data/Session.h"

/// The inbox rows of open listings, for a SELECT COUNT(*) FROM.
inline constexpr const char* kUnacknowledged =
    "passerelle_inbox i JOIN passerelle_listing l ON l.run = i.run AND l.gateway = i.gateway WHERE l.closed_at IS NULL";

/// A fresh database with Agora's own tables, dropped with the object. Make it in setUp() or in the test,
/// not as a plain member: CppUnit builds all fixtures at once, and this may throw TestSkipped.
///
/// MySql is a schema of its own on the server that CARILLON_TEST_MYSQL_PORT, _USER and _PASSWORD name; without
/// them the test is skipped, or fails where CARILLON_TEST_REQUIRE_MYSQL=1. Sqlite is a file in a folder of its own.
///
/// The schema's default is CARILLON_TEST_MYSQL_DATABASE_COLLATION, else the server's; Agora's tables are made with
/// CARILLON_TEST_MYSQL_TABLE_COLLATION, else as its own migrations make them. A collation that the server has not got
/// skips the test.
/// For one thread; code under test opens its own session with connector() and connectionString().
class TestDatabase {
public:
    enum class Kind { MySql, Sqlite };

    explicit TestDatabase(Kind kind);
    ~TestDatabase();
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    Kind kind() const { return _kind; }
    /// Whether Agora's tables can hold a character of four bytes, and else what they can: `é`.
    static bool holdsEveryCharacter();
    static std::string rareCharacter() { return holdsEveryCharacter() ? "😀" : "é"; }
    /// What they make of the `→` in the plugin's own texts.
    static std::string arrow();
    Poco::Data::Session& session() { return *_session; }
    const std::string& connector() const { return _connector; }
    const std::string& connectionString() const { return _connectionString; }
    /// The schema's name on the server, or the path of the SQLite file.
    const std::string& name() const { return _name; }

    /// After its server was started again.
    void reconnect();

    void execute(const std::string& sql);
    /// The statements of a file, each ended by a semicolon at the end of a line.
    void executeFile(const std::filesystem::path& file);

    /// The one value of a SELECT as a number. Throws Poco::NotFoundException where it is NULL or there is no row.
    long long count(const std::string& sql);
    /// The one value of a SELECT as text of at most 8000 characters, of any column type; empty where it is NULL or
    /// there is no row. Date-times read 'YYYY-MM-DD HH:MM:SS' in both kinds.
    std::string text(const std::string& sql);

    void addUser(int id, const std::string& prenom, const std::string& nom);
    void addCampaign(int id, const std::string& statut, const std::string& titre);
    /// Validators of one campaign take their order from the order of the calls.
    void addValidator(int campaign, int user);
    /// Date-times in Agora's zone, 'YYYY-MM-DD HH:MM:SS'; an empty usedAt is an unused token.
    void addToken(const std::string& token, int campaign, int user, const std::string& expiresAt,
                  const std::string& usedAt = {});
    void setSetting(const std::string& cle, const std::string& valeur);

private:
    void createMySql();
    void createSqlite();
    void drop();

    const Kind _kind;
    std::string _connector{};
    std::string _connectionString{};
    std::string _name{};
    std::filesystem::path _folder{};
    std::unique_ptr<Poco::Data::Session> _session{};
};
