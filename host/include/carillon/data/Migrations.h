#pragma once

#include "carillon/Clock.h"

#include "Poco/Data/Session.h"
#include "Poco/DigestEngine.h"
#include "Poco/Exception.h"
#include "Poco/SHA2Engine.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// One of them. Borrows both texts.
struct Migration {
    std::string_view name{};  ///< `001_inbox.sql`
    std::string_view text{};  ///< A statement ends with a semicolon at the end of a line.
};

/// Numbered files of DDL, forward only, each applied once and remembered with its checksum in a table of its owner.
/// A file that was changed after it was applied is refused by name. Several processes may do this at once: each
/// statement is written so that it may be repeated: CREATE … IF NOT EXISTS; or ALTER TABLE … ADD COLUMN …, which is one
/// with all that the statement changes, and has been done where its first column is there.
class Migrations {
public:
    /// Learns of each step of apply(): migration.before and migration.after a statement, migration.noted after a file.
    using Hook = std::function<void(const char* step)>;

    /// The files in order: of Migration, or whatever else has a name and a text. `table` is a constant of the caller's,
    /// such as passerelle_migration.
    template <typename Files>
    Migrations(
        const Files& files, std::string table, Hook onStep = [](const char*) {})
        : _table(std::move(table)), _onStep(std::move(onStep)) {
        for (const auto& file : files) _files.push_back({file.name, file.text});
    }

    /// Applies what is missing. One statement when nothing is. Throws Poco::DataException or the database's.
    void apply(Poco::Data::Session& session, const Clock& clock) const {
        using namespace Poco::Data::Keywords;
        const auto applied = readApplied(session);
        for (const auto& file : _files) {
            std::string name(file.name);
            std::string checksum = checksumOf(file.text);
            if (const auto it = applied.find(name); it != applied.end()) {
                if (it->second == checksum) continue;
                throw Poco::DataException(_table + ": " + name +
                                          " was changed after it was applied here; restore the file, or the database");
            }
            for (const std::string& statement : statementsOf(file.text)) {
                _onStep("migration.before");
                execute(session, statement);
                _onStep("migration.after");
            }
            remember(session, name, checksum, toRfc3339(clock.now()));
            _onStep("migration.noted");
        }
    }

    /// All of it on one line, parted by `; `, for somebody who may create tables where the program may not: a database
    /// that this was run on needs no apply().
    std::string script(const Clock& clock) const {
        std::string all = creationOf(_table) + "; ";
        for (const auto& file : _files) {
            for (std::string statement : statementsOf(file.text)) {
                std::replace(statement.begin(), statement.end(), '\n', ' ');
                statement.erase(statement.find_last_not_of(' ') + 1);
                all += statement + "; ";
            }
            // Somebody may run it twice.
            all += "DELETE FROM " + _table + " WHERE name = '" + std::string(file.name) + "'; INSERT INTO " + _table +
                   " (name, checksum, applied_at) VALUES ('" + std::string(file.name) + "', '" + checksumOf(file.text) +
                   "', '" + toRfc3339(clock.now()) + "'); ";
        }
        all.resize(all.size() - 2);
        return all;
    }

private:
    static constexpr std::string_view kCreate = "CREATE TABLE IF NOT EXISTS ";
    static constexpr std::string_view kAlter = "ALTER TABLE ";
    static constexpr std::string_view kAddColumn = " ADD COLUMN ";

    static std::string creationOf(const std::string& table) {
        return std::string(kCreate) + table +
               " (name VARCHAR(100) NOT NULL PRIMARY KEY, checksum VARCHAR(64) NOT NULL,"
               " applied_at VARCHAR(30) NOT NULL)";
    }

    /// A server refuses even CREATE TABLE IF NOT EXISTS of a table that is there to a user without that right.
    static void execute(Poco::Data::Session& session, const std::string& statement) {
        using namespace Poco::Data::Keywords;
        try {
            session << statement, now;
        } catch (const Poco::Exception&) {
            if (!isDone(session, statement)) throw;
        }
    }

    static std::string wordAt(const std::string& text, std::size_t at) {
        return text.substr(at, text.find(' ', at) - at);
    }

    static bool isDone(Poco::Data::Session& session, const std::string& statement) {
        if (statement.starts_with(kCreate)) return isThere(session, wordAt(statement, kCreate.size()), "*");
        const std::string table = statement.starts_with(kAlter) ? wordAt(statement, kAlter.size()) : "";
        const std::size_t column = kAlter.size() + table.size();
        return !table.empty() && statement.compare(column, kAddColumn.size(), kAddColumn) == 0 &&
               isThere(session, table, wordAt(statement, column + kAddColumn.size()));
    }

    static bool isThere(Poco::Data::Session& session, const std::string& table, const std::string& column) {
        using namespace Poco::Data::Keywords;
        try {
            std::vector<int> none;
            session << "SELECT COUNT(" + column + ") FROM " + table + " WHERE 1 = 0", into(none), now;
            return true;
        } catch (const Poco::Exception&) {
            return false;
        }
    }

    std::map<std::string, std::string> readApplied(Poco::Data::Session& session) const {
        using namespace Poco::Data::Keywords;
        std::vector<std::string> names;
        std::vector<std::string> checksums;
        const auto read = [&] { session << "SELECT name, checksum FROM " + _table, into(names), into(checksums), now; };
        try {
            read();
        } catch (const Poco::Exception&) {  // no such table yet, or something worse that shows at once below
            session << creationOf(_table), now;
            names.clear();
            checksums.clear();
            read();
        }
        std::map<std::string, std::string> applied;
        for (std::size_t i = 0; i < names.size(); ++i) applied[names[i]] = checksums[i];
        return applied;
    }

    void remember(Poco::Data::Session& session, std::string name, std::string checksum, std::string at) const {
        using namespace Poco::Data::Keywords;
        try {
            session << "INSERT INTO " + _table + " (name, checksum, applied_at) VALUES (?, ?, ?)", use(name),
                use(checksum), use(at), now;
        } catch (const Poco::Exception&) {  // the key refuses it when another process has just written it
            const auto applied = readApplied(session);
            if (const auto it = applied.find(name); it == applied.end() || it->second != checksum) throw;
        }
    }

    static std::string checksumOf(std::string_view text) {
        Poco::SHA2Engine engine;
        engine.update(text.data(), text.size());
        return Poco::DigestEngine::digestToHex(engine.digest());
    }

    /// A statement ends with a semicolon at the end of a line. Lines of comment are left out: MySQL refuses a statement
    /// that has nothing else.
    static std::vector<std::string> statementsOf(std::string_view text) {
        std::vector<std::string> statements;
        std::string statement;
        while (!text.empty()) {
            const std::size_t end = text.find('\n');
            std::string_view line = text.substr(0, end);
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
            line.remove_suffix(line.size() - (line.find_last_not_of(" \t\r") + 1));
            const std::size_t first = line.find_first_not_of(" \t");
            if (first == std::string_view::npos || line.substr(first, 2) == "--") continue;
            const bool last = line.back() == ';';
            if (last) line.remove_suffix(1);
            statement.append(line).append("\n");
            if (last) statements.push_back(std::exchange(statement, {}));
        }
        if (!statement.empty()) statements.push_back(std::move(statement));
        return statements;
    }

    std::vector<Migration> _files;
    std::string _table;
    Hook _onStep;
};

}  // namespace carillon
