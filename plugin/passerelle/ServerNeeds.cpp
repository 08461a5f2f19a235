#include "ServerNeeds.h"

#include "DatabaseRights.h"

#include "Poco/Tuple.h"

#include <array>
#include <map>

namespace passerelle {
namespace {

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
                                   Table{"passerelle_listing", true, true}};

// One row a table; the last column is the server's, and the same in each.
constexpr const char* kSelectEngines = R"sql(
    SELECT t.table_name, t.table_type, COALESCE(t.engine, ''), COALESCE(e.transactions, ''),
           CASE WHEN @@log_bin = 1 AND @@binlog_format = 'STATEMENT' THEN 'STATEMENT' ELSE '' END
      FROM information_schema.tables t LEFT JOIN information_schema.engines e ON e.engine = t.engine
     WHERE t.table_schema = DATABASE() AND t.table_name IN ()sql";

using EngineRow = Poco::Tuple<std::string, std::string, std::string, std::string, std::string>;

ServerFault byStatement() {
    return {
        "the server writes its binary log by statement (binlog_format = STATEMENT), which cannot hold a transaction "
        "that reads what others committed (error 1665)",
        "set binlog_format = ROW (or MIXED) in the server's configuration, and SET GLOBAL binlog_format = 'ROW'"};
}

ServerFault missing(AgoraSession& session, const std::string& tables) {
    const std::string grants = DatabaseRights(session).missingGrants(RightsOf::Synchronisation);
    return {"the database lacks tables, or hides them from this user: " + tables,
            "check that task.database.* names Agora's own database and a user with rights on it" +
                (grants.empty() ? "" : "; or run as an administrator of the server: " + grants)};
}

ServerFault viewed(const std::string& views) {
    return {"not a table but a view, whose transactions cannot be vouched for: " + views,
            "name the database that has the tables themselves in task.database.*"};
}

ServerFault withoutTransactions(const std::string& tables, const std::string& statements) {
    return {
        "tables whose engine has no transactions, so that a run that breaks off would leave half an answer: " + tables,
        "run: " + statements};
}

void append(std::string& list, const std::string& item) {
    list += (list.empty() ? "" : ", ") + item;
}

}  // namespace

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
        throw DatabaseFailed(faults.front().message + "; " + faults.front().remedy);
}

}  // namespace passerelle
