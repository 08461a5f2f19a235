#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// How a command ended and what it printed.
struct CommandResult {
    int exitCode = 0;  ///< 128 + n when signal n ended it, as a shell has it.
    std::string out{};
    std::string err{};
};

/// A command that was started: a process group of its own, killed with the object. One thread.
class RunningCommand {
public:
    RunningCommand(RunningCommand&&) noexcept;
    ~RunningCommand();

    pid_t pid() const;
    /// What it has printed so far.
    std::string out();
    std::string err();
    bool hasEnded();
    /// As if somebody typed it on the command's terminal.
    void type(const std::string& text);
    /// Sends the signal to the command alone.
    void signal(int number);
    /// Waits until it has ended. Throws Poco::TimeoutException, with all that it printed, when its limit is over.
    CommandResult wait();

private:
    friend class Command;
    struct State;
    explicit RunningCommand(std::unique_ptr<State> state);
    std::unique_ptr<State> _state;
};

/// A program with its words, to be run once or often:
///     const auto result = Command({kCarillon, "jobs"}).set("CARILLON_CONFIG", file).run();
/// Its environment is the caller's without NO_COLOR and CARILLON_CONFIG; its stdin is empty unless something is said
/// below; it inherits no descriptor.
class Command {
public:
    explicit Command(std::vector<std::string> words) : _words(std::move(words)) {}

    Command& in(const std::filesystem::path& folder) { return _folder = folder, *this; }
    Command& set(const std::string& name, const std::string& value) { return _environment[name] = value, *this; }
    Command& unset(const std::string& name) { return _environment[name] = std::nullopt, *this; }
    /// Another program starts it: its words come before the command's own.
    Command& within(const std::vector<std::string>& starter) {
        return _words.insert(_words.begin(), starter.begin(), starter.end()), *this;
    }
    /// From the start on.
    Command& limit(std::chrono::milliseconds limit) { return _limit = limit, *this; }
    /// What there is on stdin.
    Command& input(const std::string& text) { return _input = text, *this; }
    /// stdin, stdout and stderr are one terminal of so many columns; what is printed there is `out`.
    Command& onTerminal(unsigned short columns = 100) { return _columns = columns, *this; }

    /// Throws Poco::SystemException when there is no such program.
    RunningCommand start() const;
    CommandResult run() const { return start().wait(); }

private:
    std::vector<std::string> _words;
    std::filesystem::path _folder{};
    std::map<std::string, std::optional<std::string>> _environment{{"NO_COLOR", {}}, {"CARILLON_CONFIG", {}}};
    std::chrono::milliseconds _limit{30'000};
    std::optional<std::string> _input{};
    unsigned short _columns = 0;
};
