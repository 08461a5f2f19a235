#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace carillon {

/// A child's side of the pipes to its host. Plain data: they are open as long as the process.
class HostPipes {
public:
    /// Whether the command line is that of a child that was started anew: the hidden verb `worker`, alone or with what
    /// this system adds to it.
    static bool areNamed(int argc, const char* const* argv);
    /// The pipes that such a child was given, and which no program that it starts is given. Nothing: it was started by
    /// somebody else.
    static std::optional<HostPipes> inherited(int argc, const char* const* argv);

    /// Of the child itself (ChildProcess.cpp). `watched`: the system ends this process with its host.
    HostPipes(std::intptr_t commands, std::intptr_t messages, bool watched);

    /// Waits; up to `most` bytes. 0: the host let go of the child. One thread.
    std::size_t read(char* bytes, std::size_t most) const;
    /// All of it; waits while the host does not read. False: the host is gone. One thread at a time.
    bool write(std::string_view bytes) const;

    /// False in a process that this child made as a copy of itself, which must not speak for it.
    bool areOfThisProcess() const;

    /// Makes this process one that serves its host: it ends with it, with all that it has started in its group,
    /// whatever it does; what its children leave behind becomes its own, where the system has that; each line it prints
    /// goes out at once. Returns the flag that is set when the host asks it to stop. Once.
    std::atomic<bool>& serve() const;

    std::intptr_t commands() const { return _commands; }
    std::intptr_t messages() const { return _messages; }

private:
    std::intptr_t _commands;
    std::intptr_t _messages;
    std::int64_t _process;
    bool _watched;
};

}  // namespace carillon
