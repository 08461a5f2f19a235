#pragma once

#include "AgoraSession.h"

#include <string>

namespace passerelle {

/// Writes into Agora's tables what an answer writes, for a token that nobody has used, and takes it back: for faults
/// that only a write shows, such as a server that only reads, a full disk, or a trigger that refuses. Nothing is left
/// of it, no counter moves, and of triggers only those of these rows fire.
class WriteTrial {
public:
    /// Borrows the session.
    explicit WriteTrial(AgoraSession& session) : _session(session) {}

    /// `moment` is in Agora's zone. False: no token is unused, and what was tried found no row to change. Throws
    /// DatabaseFailed.
    bool run(const std::string& moment);

private:
    bool write(const std::string& moment);

    AgoraSession& _session;
};

}  // namespace passerelle
