#pragma once

#include "carillon/Items.h"
#include "carillon/testing/Conformance.h"
#include "carillon/testing/FakeRunContext.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace carillon::testing {

/// A function of a task that a host may call once it is configured.
enum class Call { Run, Check, Preview, Rejects, Replay, Items, Verify, MailAccount };

/// `run()`
std::string nameOf(Call call);

/// Those that a task has.
std::vector<Call> callsOf(SyncTask& task);

/// One call of one object, in a thread of its own as in a worker: made, configured, called and destroyed there.
class TaskTrial {
public:
    TaskTrial(const Conformance::Subject& subject, Call call, FakeRunContext::Deadline deadline = {});
    TaskTrial(const TaskTrial&) = delete;
    TaskTrial& operator=(const TaskTrial&) = delete;
    ~TaskTrial();

    FakeRunContext& context() { return _record->context; }
    void start();
    /// Whether it has ended; waits for it so long.
    bool endsWithin(std::chrono::milliseconds patience);

    // Once it has ended:

    /// Why its work was not done: an exception, a fault of the configuration, a report that says so. Empty: it was.
    std::string failure() const { return _record->failure; }
    /// All texts that it said, each with where it stood.
    std::vector<std::pair<std::string, std::string>> said() const;
    std::set<std::string> concealed() const;
    /// What has to be among it, each with what it is.
    std::vector<std::pair<std::string, std::string>> secretsToConceal() const;
    /// Threads that the call began and that are there a second later.
    std::size_t threadsLeft() const;

private:
    struct Record {
        explicit Record(FakeRunContext::Deadline deadline) : context(deadline) {}

        FakeRunContext context;
        std::vector<std::pair<std::string, std::string>> said{};
        std::set<std::string> secrets{};
        std::string password{};  ///< Of the mail account.
        std::string failure{};
        std::atomic<bool> ended{false};
    };

    static void call(Record& record, const Conformance::Subject& subject, Call call);
    static void callItems(Record& record, KeepsItems& task, Call call);
    static void callTask(Record& record, SyncTask& task, Call call);
    static void keep(Record& record, const std::string& where, const RunReport& report);

    Conformance::Subject _subject;
    Call _call;
    std::set<std::int64_t> _threadsBefore{};
    std::shared_ptr<Record> _record;  ///< Shared with the thread, which may go on for longer than this.
    std::thread _thread{};
};

}  // namespace carillon::testing
