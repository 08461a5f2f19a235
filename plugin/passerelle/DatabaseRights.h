#pragma once

#include "AgoraSession.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace passerelle {

/// Which of the plugin's tasks the rights are for.
enum class RightsOf : std::uint8_t { Synchronisation, Cleaning };

/// What the database's user is allowed to do. The server is asked by statements that are prepared and never executed:
/// it refuses those already. SQLite has no users.
class DatabaseRights {
public:
    /// Borrows the session.
    explicit DatabaseRights(AgoraSession& session) : _session(session) {}

    /// A GRANT for each table on which a right is missing, for an administrator of the server to run, parted by `; `.
    /// `prefix`: of tables of this beginning only.
    std::string missingGrants(RightsOf task, std::string_view prefix = "");

    /// Whether the plugin can make its own tables.
    bool mayCreateTables();

private:
    AgoraSession& _session;
};

/// Does the work. Where the server denies it a right, throws DatabaseFailed with what is missing in all.
void namingRights(AgoraSession& session, RightsOf task, const std::function<void()>& work);

/// Whether the server denies the user a right.
bool isDenied(const Poco::Exception& e);

}  // namespace passerelle
