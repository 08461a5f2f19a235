#pragma once

#include "JobOptions.h"

#include "carillon/RunContext.h"

#include <optional>
#include <string>

/// Where Agora's database is, as far as its options tell.
namespace passerelle {

/// Of a Poco connection string; the last one counts, as there.
std::optional<std::string> valueIn(const std::string& connection, const std::string& key);

/// The client library takes `localhost` for the local server's socket and forgets the port: with two servers on one
/// machine that is the wrong one. So a port that was given says which one is meant.
bool mustGoByTcp(const DatabaseOptions& options);

/// On this machine: by a socket, or by a loopback address.
bool isNearby(const DatabaseOptions& options);

/// On another machine, and not by TLS: who is on the way there reads along, and may answer instead.
bool isUnprotected(const DatabaseOptions& options);

/// The way out of that.
inline constexpr const char* kProtect =
    "set task.database.tls.ca to the authority of the server's certificate, so that nobody can read along or answer in "
    "its place";

/// The client's plugins by which a server may ask for the login, with commas; empty: any. Some give it the password, in
/// clear or locked with a key of the server's own: these only where it has proved who it is, and the latter where
/// nobody but this machine can answer.
std::string allowedLogins(const DatabaseOptions& options);

/// The first line of a run's log, where it has to be.
void warnIfUnprotected(const DatabaseOptions& options, carillon::RunContext& context);

/// For people; without a secret.
std::string whereOf(const DatabaseOptions& options);

}  // namespace passerelle
