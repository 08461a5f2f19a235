#pragma once

#include "carillon/Clock.h"
#include "carillon/Interface.h"
#include "carillon/Message.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace carillon {

/// An item that a task could not deal with and keeps for a person. `what` names it without a secret.
struct Reject {
    std::int64_t id = 0;
    TimePoint receivedAt{};
    std::string what{};
    std::string reason{};  ///< One word for programs, such as unknown_token.
    Message detail{};      ///< One sentence for people.
    std::string run{};
};

/// A page of rejects: those with an id above `after`, in order of their ids, `limit` of them at most; and of these only
/// what the others ask for.
struct RejectQuery {
    std::int64_t after = 0;
    std::size_t limit = 100;
    std::string reason{};        ///< Empty: any.
    TimePoint receivedBefore{};  ///< 1970: at any time.
};

/// Which rejects to decide anew.
struct ReplayRequest {
    std::vector<std::int64_t> ids{};  ///< None: all of them.
    /// Members of the item by name, and the text that is right: what a person read where the task could not. For one
    /// id only.
    std::map<std::string, std::string> corrections{};
    std::string by{};  ///< Who does it; may be empty.
};

/// A task that keeps what it could not deal with for a person: it derives from this beside SyncTask, and the host finds
/// it. As for SyncTask, one call an object, and each may throw.
class CARILLON_INTERFACE KeepsRejects {
public:
    virtual ~KeepsRejects() = default;

    /// The items put aside by earlier runs.
    virtual std::vector<Reject> rejects(RunContext& context, const RejectQuery& query) = 0;

    /// Decides these rejects anew.
    virtual RunReport replay(RunContext& context, const ReplayRequest& request) = 0;
};

}  // namespace carillon
