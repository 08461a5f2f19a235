#pragma once

#include "carillon/Clock.h"
#include "carillon/Failure.h"
#include "carillon/Interface.h"
#include "carillon/Message.h"
#include "carillon/Zone.h"

#include "Poco/Logger.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace carillon {

/// Thrown by StopToken::throwIfRequested: the run was asked to end, or its time is over.
class CARILLON_INTERFACE RunStopped : public Failure {
public:
    using Failure::Failure;
    const char* name() const noexcept override { return "Run stopped"; }
    Poco::Exception* clone() const override { return new RunStopped(*this); }
    void rethrow() const override { throw *this; }
};

/// The request to end a run, and its deadline. A task looks at it between two steps; a run that goes on regardless
/// is ended from outside after a grace. Safe from any thread.
class CARILLON_INTERFACE StopToken {
public:
    virtual ~StopToken() = default;

    /// Whether somebody asked, whatever time is left.
    virtual bool isAsked() const = 0;
    /// Time until the deadline, never negative; an hour when there is none: what a wait may last at most.
    virtual std::chrono::milliseconds remaining() const = 0;

    bool requested() const { return isAsked() || remaining() <= std::chrono::milliseconds::zero(); }
    void throwIfRequested() const {
        // The host asks, too, when the time is over.
        if (remaining() <= std::chrono::milliseconds::zero())
            throwStopped("host.run.timelimit", "the run reached its time limit");
        if (isAsked()) throwStopped("host.run.asked", "the run was asked to stop");
    }

private:
    /// The host has the texts of these codes.
    [[noreturn]] static void throwStopped(const char* code, const char* text) {
        Message said = say(code);
        said.text = text;
        throw RunStopped(said);
    }
};

/// What began a run.
enum class Trigger : std::uint8_t {
    Schedule,  ///< A due time.
    Misfire,   ///< One that had passed unseen.
    Retry,     ///< The failure of an attempt before.
    Cli,       ///< A command.
    Api,
    Web,
    Replay,    ///< A person who has rejects decided anew. It tells nothing of how the job's own runs go.
    Backfill,  ///< A person who has a due time of the past run now: scheduledAt is that one.
    Other      ///< Something that this version does not know.
};
inline constexpr std::array<std::string_view, 9> kTriggerNames{"schedule", "misfire", "retry",    "cli",  "api",
                                                               "web",      "replay",  "backfill", "other"};

/// Which run this is. Plain data; the names are those of the report and the history.
struct RunIdentity {
    std::string job{};
    std::string run{};  ///< Unique across time and hosts; the key of log lines and of the history.
    Trigger trigger = Trigger::Other;
    std::string host{};
    int attempt = 1;
    std::int64_t fence = 0;  ///< Grows with each run of the job: what a later run wrote, an earlier one must not undo.
    TimePoint scheduledAt{};
    TimePoint startedAt{};
};

/// What the host lends to a task for one run. All references live until the task is destroyed.
/// Used by the thread that called the task only, except clock(), stop() and log().
class CARILLON_INTERFACE RunContext {
public:
    virtual ~RunContext() = default;

    virtual const RunIdentity& identity() const = 0;
    virtual const Clock& clock() const = 0;
    virtual const StopToken& stop() const = 0;

    /// The job's own logger: its lines get time, level and run, and go where the job's `logging.*` keys say.
    /// Never throws for a full disk or a closed channel.
    virtual Poco::Logger& log() = 0;

    /// Says how far the run is; total 0 = unknown. Cheap: call it after each step, the host thins it out.
    virtual void progress(std::uint64_t done, std::uint64_t total, const Message& what) = 0;

    /// Names a secret that did not come from ConfigReader::secret (which does this itself): from now on the host
    /// replaces it in every log line, report and message of this run.
    virtual void conceal(const std::string& secret) = 0;

    /// The zone of that name, such as Europe/Paris; empty: the machine's own. Read once in the life of the process.
    /// Throws Poco::NotFoundException, with the nearest name, when there is none.
    virtual std::shared_ptr<const Zone> zone(const std::string& name) const = 0;
};

}  // namespace carillon
