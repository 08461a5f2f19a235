#pragma once

#include "AgoraSession.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace passerelle {

struct TableCount {
    std::string table{};
    std::optional<std::int64_t> rows{};  ///< Nothing: the table is missing or cannot be read.
};

struct TokenCounts {
    std::int64_t active = 0;
    std::int64_t used = 0;
    std::int64_t expired = 0;
};

/// What a check asks of Agora's tables.
class AgoraInspection {
public:
    /// Borrows the session.
    explicit AgoraInspection(AgoraSession& session) : _session(session) {}

    std::vector<TableCount> countTables();
    TokenCounts countTokens(const std::string& now);
    std::int64_t countExpiredBefore(const std::string& moment);

    /// Writes into Agora's tables what an answer writes, for a token that nobody has used, and takes it back: for
    /// faults that only a write shows, such as a server that only reads, a full disk, or a trigger that refuses.
    /// Nothing is left of it, no counter moves, and of triggers only those of these rows fire. `moment` is in Agora's
    /// zone. False: no token is unused, and what was tried found no row to change. Throws DatabaseFailed.
    bool tryWriting(const std::string& moment);

private:
    bool write(const std::string& moment);

    AgoraSession& _session;
};

}  // namespace passerelle
