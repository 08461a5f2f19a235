#pragma once

#include "carillon/Check.h"
#include "carillon/Clock.h"
#include "carillon/ConfigReader.h"
#include "carillon/MailAccount.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"

#include "Poco/Exception.h"

#include <cstddef>
#include <cstdint>
#include <functional>
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
    std::string detail{};  ///< One sentence for people.
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
};

/// What a run would do with one item. `what` names it without a secret.
struct PlannedItem {
    std::string what{};
    std::string effect{};  ///< One word for programs, a counter of the report: applied, duplicate, rejected.
    std::string reason{};  ///< One more, such as unknown_token; may be empty.
    std::string detail{};  ///< One sentence for people.
};

using PlanSink = std::function<void(const PlannedItem&)>;

/// One unit of work that a plugin offers. The host creates one object a run in a process made for running plugins,
/// calls configure() once, then one of the other functions once, all on one thread, and destroys the object while
/// the library is loaded. Each function may throw: the host makes a failed report of it and goes on.
/// A task starts no thread that outlives the call and keeps no global state.
class SyncTask {
public:
    virtual ~SyncTask() = default;

    /// Reads the job's `task.*` keys into the task. Only this: no connection, no file but through the reader, since
    /// `carillon validate` calls it for jobs that never run. A key that is not read here is unknown to the task.
    virtual void configure(ConfigReader& config) = 0;

    /// Does the work. Returns Failed, or throws, when work is left that should have been done.
    virtual RunReport run(RunContext& context) = 0;

    /// Looks at everything that run() needs and hands each finding to the sink as it is known. Writes nothing.
    virtual void check(RunContext& context, const CheckSink& sink) = 0;

    /// Hands each item that run() would deal with now to the sink, in its order. Writes nothing, here or elsewhere. The
    /// report counts what run() would do, and has failed where that would fail.
    virtual RunReport preview(RunContext&, const PlanSink&) {
        throw Poco::NotImplementedException("this task has no dry run");
    }

    /// The items put aside by earlier runs.
    virtual std::vector<Reject> rejects(RunContext&, const RejectQuery&) {
        throw Poco::NotImplementedException("this task keeps no rejects");
    }

    /// Decides these rejects anew.
    virtual RunReport replay(RunContext&, const ReplayRequest&) {
        throw Poco::NotImplementedException("this task keeps no rejects");
    }

    /// The account with which the task's application sends its own mail, for the host's alerts
    /// (alerts.mail.account_of). The task conceals the password.
    virtual MailAccount mailAccount(RunContext&) {
        throw Poco::NotImplementedException("this task has no mail account");
    }
};

}  // namespace carillon
