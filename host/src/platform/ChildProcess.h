#pragma once

#include "platform/ExitStatus.h"
#include "platform/HostPipes.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// How a child comes to be.
enum class Launch {
    Fork,  ///< A copy of this process, which must have one thread: fast, for a command that runs one job. As Spawn
           ///< where the system has no such copies.
    Spawn  ///< The program anew with its hidden verb `worker`, for a host with threads.
};

/// A child process with three pipes: to its commands, from its messages, from all that it prints. It has an empty stdin
/// and nothing else of what this process has open, and ends with this process, together with all that it started
/// (process group, job object). The host ignores SIGPIPE. One thread at a time, but for what is said to be for any.
/// Invariant: after the destructor nothing of the child or of what it started is left.
class ChildProcess {
public:
    /// What a forked child does; when it returns, the process ends with failure.
    using Main = void (*)(HostPipes pipes);

    /// Throws Poco::SystemException when the system refuses.
    ChildProcess(Launch launch, const std::string& program, Main main);
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    /// Lets go of the commands and kills what is left.
    ~ChildProcess();

    /// By which people know it.
    int number() const { return _number; }

    /// Gives as much to its commands as they take now; returns how much. Nothing: it will never read it.
    std::optional<std::size_t> write(std::string_view bytes);

    struct Ready {
        bool output = false;    ///< readOutput() has something, or its end.
        bool messages = false;  ///< The same of readMessages().
        bool commands = false;  ///< write() takes something; only when it was asked for.
        bool end = false;       ///< The process may have ended: see collect().
    };
    /// Waits until something is ready, so long at most.
    Ready wait(bool forCommands, std::chrono::milliseconds limit);

    /// Appends what is there now, 64 KiB at most. False: nothing was; then isOpen...() tells whether there can be more.
    bool readOutput(std::string& buffer);
    bool readMessages(std::string& buffer);
    bool isOutputOpen() const { return _output >= 0; }
    bool areMessagesOpen() const { return _messages >= 0; }
    void closeMessages();

    /// Its stop flag is set (HostPipes::serve()).
    void askToStop();
    /// Ends it with all that it started, at once; see collect().
    void kill();

    enum class Wait { No, UntilEnd };
    /// How it ended, once it has: then all that it started and left behind is ended too. A success when somebody else
    /// has waited for it.
    std::optional<ExitStatus> collect(Wait wait);

    /// 0 when it is not known. Any thread.
    std::size_t residentBytes() const;

private:
    int _number = 0;
    std::intptr_t _commands = -1;
    std::intptr_t _messages = -1;
    std::intptr_t _output = -1;
    std::intptr_t _process = -1;  // tells the end; -1 where nothing does
    bool _collected = false;
    void* _more = nullptr;  // what else the system needs, such as a job object
};

}  // namespace carillon
