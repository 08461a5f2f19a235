#include "Command.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "Poco/Exception.h"

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPoll{5};

void require(int error, const std::string& what) {
    if (error != 0) throw Poco::SystemException(what, std::strerror(error));
}

class Descriptor {
public:
    explicit Descriptor(int number = -1) : _number(number) {}
    Descriptor(Descriptor&& other) noexcept : _number(std::exchange(other._number, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept { return std::swap(_number, other._number), *this; }
    ~Descriptor() {
        if (_number >= 0) ::close(_number);
    }
    int get() const { return _number; }

private:
    int _number;
};

// A file in memory, not a pipe: nobody has to read it for the command to go on, and a grandchild that keeps it open
// does not keep a test waiting.
Descriptor makeMemoryFile() {
    Descriptor file(::memfd_create("command", MFD_CLOEXEC));
    if (file.get() < 0) require(errno, "memfd_create");
    return file;
}

std::string readWhole(const Descriptor& file) {
    std::string text;
    std::array<char, 65536> block{};
    for (ssize_t n; (n = ::pread(file.get(), block.data(), block.size(), static_cast<off_t>(text.size()))) > 0;)
        text.append(block.data(), static_cast<std::size_t>(n));
    return text;
}

std::vector<std::string> makeEnvironment(const std::map<std::string, std::optional<std::string>>& changes) {
    std::vector<std::string> all;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        if (!changes.contains(std::string(text.substr(0, text.find('='))))) all.emplace_back(text);
    }
    for (const auto& [name, value] : changes)
        if (value) all.push_back(name + "=" + *value);
    return all;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

struct SpawnActions {
    SpawnActions() { ::posix_spawn_file_actions_init(&value); }
    ~SpawnActions() { ::posix_spawn_file_actions_destroy(&value); }
    posix_spawn_file_actions_t value{};
};

struct SpawnAttributes {
    SpawnAttributes() {
        ::posix_spawnattr_init(&value);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&value, &signals);
        ::sigfillset(&signals);
        ::posix_spawnattr_setsigdefault(&value, &signals);
        // A session of its own: its group is its own too, and a terminal of the tests is not its terminal.
        ::posix_spawnattr_setflags(&value, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    }
    ~SpawnAttributes() { ::posix_spawnattr_destroy(&value); }
    posix_spawnattr_t value{};
};

}  // namespace

struct RunningCommand::State {
    std::string name{};
    pid_t pid = -1;
    Steady::time_point deadline{};
    std::optional<int> status{};
    Descriptor out{};
    Descriptor err{};
    Descriptor terminal{};
    std::string terminalText{};

    void readTerminal() {
        if (terminal.get() < 0) return;
        std::array<char, 65536> block{};
        for (ssize_t n; (n = ::read(terminal.get(), block.data(), block.size())) > 0;)
            terminalText.append(block.data(), static_cast<std::size_t>(n));
    }

    void look() {
        readTerminal();
        int found = 0;
        if (status || ::waitpid(pid, &found, WNOHANG) != pid) return;
        status = found;
        readTerminal();
    }
};

RunningCommand::RunningCommand(std::unique_ptr<State> state) : _state(std::move(state)) {}
RunningCommand::RunningCommand(RunningCommand&&) noexcept = default;

RunningCommand::~RunningCommand() {
    if (!_state) return;
    ::kill(-_state->pid, SIGKILL);
    if (!_state->status) ::waitpid(_state->pid, nullptr, 0);
}

pid_t RunningCommand::pid() const {
    return _state->pid;
}

std::string RunningCommand::out() {
    _state->look();
    return _state->terminal.get() >= 0 ? _state->terminalText : readWhole(_state->out);
}

std::string RunningCommand::err() {
    return _state->terminal.get() >= 0 ? "" : readWhole(_state->err);
}

bool RunningCommand::hasEnded() {
    _state->look();
    return _state->status.has_value();
}

void RunningCommand::type(const std::string& text) {
    if (::write(_state->terminal.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        require(errno, "typing");
}

void RunningCommand::signal(int number) {
    if (!hasEnded()) ::kill(_state->pid, number);
}

CommandResult RunningCommand::wait() {
    while (!hasEnded()) {
        if (Steady::now() >= _state->deadline)
            throw Poco::TimeoutException(_state->name + " did not end", "stdout: " + out() + "\nstderr: " + err());
        ::poll(nullptr, 0, static_cast<int>(kPoll.count()));
    }
    const int status = *_state->status;
    return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), out(), err()};
}

RunningCommand Command::start() const {
    auto state = std::make_unique<RunningCommand::State>();
    for (const auto& word : _words) state->name += (state->name.empty() ? "" : " ") + word;
    state->deadline = Steady::now() + _limit;
    SpawnActions actions;
    Descriptor slave;
    Descriptor input;
    ::posix_spawn_file_actions_addopen(&actions.value, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (_input) {
        input = makeMemoryFile();
        if (::pwrite(input.get(), _input->data(), _input->size(), 0) < 0) require(errno, "input");
        ::posix_spawn_file_actions_adddup2(&actions.value, input.get(), STDIN_FILENO);
    }
    if (_columns > 0) {
        winsize size{};
        size.ws_row = 24;
        size.ws_col = _columns;
        std::array<int, 2> ends{};
        if (::openpty(&ends[0], &ends[1], nullptr, nullptr, &size) != 0) require(errno, "openpty");
        state->terminal = Descriptor(ends[0]);
        slave = Descriptor(ends[1]);
        ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
        for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
            ::posix_spawn_file_actions_adddup2(&actions.value, slave.get(), number);
    } else {
        state->out = makeMemoryFile();
        state->err = makeMemoryFile();
        ::posix_spawn_file_actions_adddup2(&actions.value, state->out.get(), STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions.value, state->err.get(), STDERR_FILENO);
    }
    if (!_folder.empty()) ::posix_spawn_file_actions_addchdir_np(&actions.value, _folder.c_str());
    ::posix_spawn_file_actions_addclosefrom_np(&actions.value, STDERR_FILENO + 1);

    const SpawnAttributes attributes;
    auto words = _words;
    auto environment = makeEnvironment(_environment);
    require(::posix_spawnp(&state->pid, words.at(0).c_str(), &actions.value, &attributes.value,
                           pointersTo(words).data(), pointersTo(environment).data()),
            state->name);
    return RunningCommand(std::move(state));
}
