#include "ServerNeeds.h"

#include "Poco/Data/MySQL/Utility.h"
#include "Poco/Tuple.h"

#include <mysql/mysql.h>

#include <array>
#include <map>
#include <memory>
#include <utility>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;

constexpr unsigned of(RightsOf task) {
    return 1U << static_cast<unsigned>(task);
}
constexpr unsigned kSync = of(RightsOf::Synchronisation);
constexpr unsigned kClean = of(RightsOf::Cleaning);
constexpr unsigned kMails = of(RightsOf::Mails);
constexpr unsigned kBoth = kSync | kClean;
constexpr unsigned kOutbox = kMails | of(RightsOf::Notifying);

struct Right {
    const char* table;
    const char* name;
    const char* statement;
    unsigned tasks = kSync;  ///< Which need it.
};

// The columns are those that the plugin's statements name: rights may be given on single ones.
constexpr Right kRights[] = {
    {"settings", "SELECT", "SELECT cle, valeur FROM settings", kBoth | kMails},
    {"users", "SELECT", "SELECT id, prenom, nom FROM users"},
    {"users", "SELECT", "SELECT id, prenom, nom, email FROM users", kMails},
    {"campaigns", "SELECT", "SELECT id, titre, statut FROM campaigns"},
    {"campaigns", "SELECT", "SELECT id, titre, statut FROM campaigns", kMails},
    {"campaigns", "UPDATE", "UPDATE campaigns SET statut = 'validee' WHERE 1 = 0"},
    {"campaign_validators", "SELECT", "SELECT campaign_id, user_id FROM campaign_validators", kSync | kMails},
    {"validation_tokens", "SELECT",
     "SELECT id, campaign_id, user_id, token, expires_at, used_at FROM validation_tokens", kBoth},
    {"validation_tokens", "SELECT",
     "SELECT id, campaign_id, user_id, token, expires_at, used_at, created_at FROM validation_tokens", kMails},
    {"validation_tokens", "DELETE", "DELETE FROM validation_tokens WHERE 1 = 0", kClean},
    {"validation_tokens", "UPDATE", "UPDATE validation_tokens SET used_at = NULL WHERE 1 = 0"},
    {"validations", "SELECT", "SELECT id, campaign_id, user_id, action FROM validations"},
    {"validations", "SELECT", "SELECT campaign_id, user_id, action, commentaire, validated_at FROM validations",
     kMails},
    {"validations", "INSERT",
     "INSERT INTO validations (campaign_id, user_id, action, commentaire, validated_at, created_at) "
     "VALUES (?, ?, ?, ?, ?, ?)"},
    {"campaign_logs", "INSERT",
     "INSERT INTO campaign_logs (campaign_id, user_id, action, description, old_values, new_values, created_at) "
     "VALUES (?, ?, ?, ?, ?, ?, ?)"},
    {"passerelle_inbox", "SELECT", "SELECT id FROM passerelle_inbox", kBoth},
    {"passerelle_inbox", "INSERT", "INSERT INTO passerelle_inbox (identity) VALUES (?)", kBoth},
    {"passerelle_inbox", "UPDATE", "UPDATE passerelle_inbox SET run = '' WHERE 1 = 0", kBoth},
    {"passerelle_inbox", "DELETE", "DELETE FROM passerelle_inbox WHERE 1 = 0", kBoth},
    {"passerelle_listing", "SELECT", "SELECT run FROM passerelle_listing", kBoth},
    {"passerelle_listing", "INSERT", "INSERT INTO passerelle_listing (run) VALUES (?)", kBoth},
    {"passerelle_listing", "UPDATE", "UPDATE passerelle_listing SET run = '' WHERE 1 = 0", kBoth},
    {"passerelle_listing", "DELETE", "DELETE FROM passerelle_listing WHERE 1 = 0", kBoth},
    {"passerelle_outbox", "SELECT", "SELECT id FROM passerelle_outbox", kOutbox},
    {"passerelle_outbox", "INSERT", "INSERT INTO passerelle_outbox (occasion) VALUES (?)", kOutbox},
    {"passerelle_outbox", "UPDATE", "UPDATE passerelle_outbox SET run = '' WHERE 1 = 0", kOutbox},
    {"passerelle_outbox", "DELETE", "DELETE FROM passerelle_outbox WHERE 1 = 0", kMails},
    {"passerelle_migration", "SELECT", "SELECT name FROM passerelle_migration", kBoth | kOutbox},
    {"passerelle_migration", "INSERT", "INSERT INTO passerelle_migration (name) VALUES (?)", kBoth | kOutbox},
};

/// Of a table, a column, a database, a routine.
bool isDenied(unsigned number) {
    return number == 1142 || number == 1143 || number == 1044 || number == 1370;
}

/// A table that is not there is no denial: its right would be told by another number.
bool isDeniedToPrepare(AgoraSession& session, std::string_view sql) {
    MYSQL* handle = Poco::Data::MySQL::Utility::handle(session.get());
    const std::unique_ptr<MYSQL_STMT, decltype(&mysql_stmt_close)> statement(mysql_stmt_init(handle),
                                                                             &mysql_stmt_close);
    if (statement == nullptr) return false;
    return mysql_stmt_prepare(statement.get(), sql.data(), sql.size()) != 0 &&
           isDenied(mysql_stmt_errno(statement.get()));
}

/// 'user'@'host', as a GRANT takes it.
std::string quotedAccount(const std::string& account) {
    const auto at = account.rfind('@');
    return "'" + account.substr(0, at) + "'@'" + account.substr(at + 1) + "'";
}

using namespace Poco::Data::Keywords;

struct Table {
    const char* name;
    bool written;
    bool own = false;  ///< Made by the plugin: it need not be there yet.
};

constexpr std::array kNeededTables{Table{"settings", false},
                                   Table{"users", false},
                                   Table{"campaign_validators", false},
                                   Table{"campaigns", true},
                                   Table{"validation_tokens", true},
                                   Table{"validations", true},
                                   Table{"campaign_logs", true},
                                   Table{"passerelle_inbox", true, true},
                                   Table{"passerelle_listing", true, true},
                                   Table{"passerelle_outbox", true, true}};

// One row a table; the last column is the server's, and the same in each.
constexpr const char* kSelectEngines = R"sql(
    SELECT t.table_name, t.table_type, COALESCE(t.engine, ''), COALESCE(e.transactions, ''),
           CASE WHEN @@log_bin = 1 AND @@binlog_format = 'STATEMENT' THEN 'STATEMENT' ELSE '' END
      FROM information_schema.tables t LEFT JOIN information_schema.engines e ON e.engine = t.engine
     WHERE t.table_schema = DATABASE() AND t.table_name IN ()sql";

using EngineRow = Poco::Tuple<std::string, std::string, std::string, std::string, std::string>;

ServerFault byStatement() {
    return {say("look.binlog"), say("todo.binlog")};
}

ServerFault missing(AgoraSession& session, const std::string& tables) {
    const std::string grants = DatabaseRights(session).missingGrants(RightsOf::Synchronisation);
    return {say("look.hidden", {{"tables", tables}}),
            withSemicolon(say("todo.owndatabase"),
                          grants.empty() ? Message() : say("todo.orgrants", {{"grants", grants}}))};
}

ServerFault viewed(const std::string& views) {
    return {say("look.views", {{"views", views}}), say("todo.views")};
}

ServerFault withoutTransactions(const std::string& tables, const std::string& statements) {
    return {say("look.engines", {{"tables", tables}}), say("todo.engines", {{"statements", statements}})};
}

void append(std::string& list, const std::string& item) {
    list += (list.empty() ? "" : ", ") + item;
}

}  // namespace

std::string DatabaseRights::missingGrants(RightsOf task, std::string_view prefix) {
    if (_session.sqlite()) return "";
    std::vector<std::pair<std::string, std::string>> tables;
    const auto look = [&](const Right& right) {
        if (!std::string_view(right.table).starts_with(prefix) || !isDeniedToPrepare(_session, right.statement)) return;
        if (!tables.empty() && tables.back().first == right.table)
            tables.back().second += std::string(", ") + right.name;
        else
            tables.emplace_back(right.table, right.name);
    };
    for (const auto& right : kRights)
        if ((right.tasks & of(task)) != 0) look(right);
    if (tables.empty()) return "";
    std::string account;
    std::string database;
    _session.get() << "SELECT CURRENT_USER(), DATABASE()", into(account), into(database), now;
    std::string grants;
    for (const auto& [table, rights] : tables)
        grants += (grants.empty() ? "GRANT " : "; GRANT ") + rights + " ON `" + database + "`.`" + table + "` TO " +
                  quotedAccount(account);
    return grants;
}

bool DatabaseRights::mayCreate(const char* table) {
    return _session.sqlite() || !isDeniedToPrepare(_session, "CREATE TABLE " + std::string(table) + " (id INT)");
}

void namingRights(AgoraSession& session, RightsOf task, const std::function<void()>& work) {
    try {
        work();
    } catch (const Poco::Data::DataException& e) {
        if (!isDenied(e)) throw;
        const std::string grants = DatabaseRights(session).missingGrants(task);
        if (grants.empty()) throw;
        throw DatabaseFailed(withSemicolon(databaseMessage(e), say("todo.grants", {{"grants", grants}})));
    }
}

bool isDenied(const Poco::Exception& e) {
    const int number = mysqlErrno(e);
    return number > 0 && isDenied(static_cast<unsigned>(number));
}

std::vector<ServerFault> ServerNeeds::findFaults() {
    if (_session.sqlite()) return {};
    std::string names;
    for (const auto& table : kNeededTables) append(names, "'" + std::string(table.name) + "'");
    std::vector<EngineRow> rows;
    _session.get() << kSelectEngines + names + ")", into(rows), now;
    std::map<std::string, const EngineRow*> found;
    for (const auto& row : rows) found[row.get<0>()] = &row;

    std::string absent;
    std::string views;
    std::string unsafe;
    std::string cures;
    for (const auto& table : kNeededTables) {
        const auto it = found.find(table.name);
        if (it == found.end()) {
            if (!table.own) append(absent, table.name);
        } else if (const EngineRow& row = *it->second; table.written && row.get<1>() == "VIEW") {
            append(views, table.name);
        } else if (table.written && row.get<3>() != "YES") {
            append(unsafe, std::string(table.name) + " (" + row.get<2>() + ")");
            cures += (cures.empty() ? "ALTER TABLE " : "; ALTER TABLE ") + std::string(table.name) + " ENGINE=InnoDB";
        }
    }
    std::vector<ServerFault> faults;
    if (!absent.empty()) faults.push_back(missing(_session, absent));
    if (!views.empty()) faults.push_back(viewed(views));
    if (!unsafe.empty()) faults.push_back(withoutTransactions(unsafe, cures));
    if (!rows.empty() && !rows.front().get<4>().empty()) faults.push_back(byStatement());
    return faults;
}

void ServerNeeds::require() {
    if (const auto faults = findFaults(); !faults.empty())
        throw DatabaseFailed(withSemicolon(faults.front().message, faults.front().remedy));
}

}  // namespace passerelle
