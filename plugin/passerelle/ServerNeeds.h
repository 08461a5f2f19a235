#pragma once

#include "AgoraSession.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace passerelle {

/// Which of the plugin's tasks the rights are for. Notifying: what a synchronisation needs beside its own to plan
/// mails.
enum class RightsOf : std::uint8_t { Synchronisation, Cleaning, Mails, Notifying };

/// What the database's user is allowed to do. The server is asked by statements that are prepared and never executed:
/// it refuses those already. SQLite has no users.
class DatabaseRights {
public:
    /// Borrows the session.
    explicit DatabaseRights(AgoraSession& session) : _session(session) {}

    /// A GRANT for each table on which a right is missing, for an administrator of the server to run, parted by `; `.
    /// `prefix`: of tables of this beginning only.
    std::string missingGrants(RightsOf task, std::string_view prefix = "");

    /// Whether the plugin can make this table of its own.
    bool mayCreate(const char* table);

private:
    AgoraSession& _session;
};

/// Does the work. Where the server denies it a right, throws DatabaseFailed with what is missing in all.
void namingRights(AgoraSession& session, RightsOf task, const std::function<void()>& work);

/// Whether the server denies the user a right.
bool isDenied(const Poco::Exception& e);

/// What keeps a server from being written to, and the way out; one sentence each.
struct ServerFault {
    Message message{};
    Message remedy{};
};

/// What the plugin needs of the server, looked at and not assumed: that a transaction is one, in each table that is
/// written to, and in the server's binary log. A file of SQLite has all of it.
class ServerNeeds {
public:
    /// Borrows the session.
    explicit ServerNeeds(AgoraSession& session) : _session(session) {}

    /// All that is wrong; one statement. Throws what the database throws.
    std::vector<ServerFault> findFaults();

    /// Throws DatabaseFailed with the first of them and its remedy.
    void require();

private:
    AgoraSession& _session;
};

}  // namespace passerelle
