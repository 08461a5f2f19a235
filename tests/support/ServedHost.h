#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "Poco/JSON/Object.h"
#include "support/Command.h"
#include "support/HostFolder.h"
#include "support/WaitUntil.h"

/// A row of `carillon ledger`. Times are microseconds since 1970.
struct LedgerRow {
    std::int64_t slot = 0;
    std::string end{};
    std::string reason{};
    std::string trigger{};
    std::string run{};
};

/// A row of `carillon history`.
struct HistoryRow {
    std::string run{};
    std::string trigger{};
    std::string outcome{};
    std::string message{};
    std::int64_t scheduledAt = 0;
    std::int64_t startedAt = 0;
    std::int64_t finishedAt = 0;  ///< 0: it is running.
    int attempt = 0;
};

constexpr std::int64_t kSecond = 1'000'000;

/// A folder with the plugin Troublemaker, and `carillon serve` on it. Ends the host with the object. One thread.
class ServedHost {
public:
    /// `hostKeys`: further lines of carillon.properties; without jobs.enabled all jobs are.
    explicit ServedHost(const std::string& hostKeys = {});

    HostFolder& folder() { return _folder; }
    std::string at(const std::string& name) const { return (_folder.path() / name).string(); }

    /// A job of the troublemaker that does `trouble`, with these further lines.
    void addJob(const std::string& name, const std::string& trouble, const std::string& lines = {}) const;

    /// The program with these words, on this folder.
    Command carillon(std::vector<std::string> words) const;

    /// The command that serves; `start` takes it as it is, or with variables of its own.
    Command serve(std::vector<std::string> more = {}) const;
    /// Starts it and returns when it answers.
    void start() { start(serve()); }
    void start(const Command& command);
    RunningCommand& process() { return *_process; }
    /// SIGTERM, and waits for the end.
    CommandResult stop();
    /// SIGKILL: it does nothing any more.
    void kill();

    /// `status --json` of the pattern's jobs.
    Poco::JSON::Object::Ptr status(const std::string& pattern = "*") const;
    /// All problems that `status` tells, a line each; empty: it left 0.
    std::string problems() const;
    /// Oldest first.
    std::vector<LedgerRow> ledger(const std::string& job) const;
    std::vector<HistoryRow> history(const std::string& job) const;

    /// The host's own log so far.
    std::string log() { return _process->err(); }

private:
    HostFolder _folder;
    std::optional<RunningCommand> _process{};
};

/// What is wrong with a ledger of a job that fires each second: holes and double rows, from the first row to the last,
/// a line each; empty: nothing.
std::string holesIn(const std::vector<LedgerRow>& rows, std::int64_t step = kSecond);

/// A schedule that fires once within the next seconds, and then not for a minute.
std::string onceSoon();

/// The parent of a process; 0: there is no such process.
pid_t parentOf(pid_t process);
/// The children of a process.
std::vector<pid_t> childrenOf(pid_t process);
