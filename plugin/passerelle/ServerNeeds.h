#pragma once

#include "AgoraSession.h"

#include <string>
#include <vector>

namespace passerelle {

/// What keeps a server from being written to, and the way out; one sentence each.
struct ServerFault {
    std::string message{};
    std::string remedy{};
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
