#include "platform/Console.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iostream>

namespace carillon {
namespace {

volatile sig_atomic_t endingSignal = 0;

/// What is let through while a line is awaited; null: what always is.
const sigset_t* maskOfWaiting = nullptr;

/// Returns when stdin has something, its end included, or a signal has come that ends the process. Invariant: while
/// Unseen stands, such a signal comes in here alone, so that none falls between looking for it and the wait.
void awaitInput() {
    while (endingSignal == 0) {
        fd_set input;
        FD_ZERO(&input);
        FD_SET(STDIN_FILENO, &input);
        if (::pselect(STDIN_FILENO + 1, &input, nullptr, nullptr, nullptr, maskOfWaiting) >= 0 || errno != EINTR)
            return;
    }
}

/// The terminal on stdin without echo. A signal that would end the process ends it once the echo is back.
class Unseen {
public:
    Unseen() {
        sigset_t ending;
        ::sigemptyset(&ending);
        for (const int number : kSignals) ::sigaddset(&ending, number);
        ::sigprocmask(SIG_BLOCK, &ending, &_mask);
        maskOfWaiting = &_mask;
        struct sigaction note {};
        note.sa_handler = [](int number) { endingSignal = number; };
        for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &note, &_before[i]);
        ::tcgetattr(STDIN_FILENO, &_seen);
        termios unseen = _seen;
        unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;
    ~Unseen() {
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &_seen);
        std::cerr << '\n';
        for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &_before[i], nullptr);
        maskOfWaiting = nullptr;
        ::sigprocmask(SIG_SETMASK, &_mask, nullptr);
        if (endingSignal != 0) ::raise(endingSignal);
    }

private:
    static constexpr std::array kSignals{SIGINT, SIGTERM, SIGQUIT, SIGHUP};
    std::array<struct sigaction, kSignals.size()> _before{};
    sigset_t _mask{};
    termios _seen{};
};

}  // namespace

bool stdinIsTerminal() {
    return ::isatty(STDIN_FILENO) == 1;
}

bool stdoutIsTerminal() {
    return ::isatty(STDOUT_FILENO) == 1;
}

bool stderrIsTerminal() {
    return ::isatty(STDERR_FILENO) == 1;
}

std::size_t terminalWidth() {
    winsize size{};
    return stdoutIsTerminal() && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// Byte by byte: what follows the line is for others.
std::optional<std::string> readInputLine() {
    constexpr std::size_t kLongest = 65'536;
    std::string line;
    for (char c = 0; line.size() < kLongest;) {
        awaitInput();
        const ssize_t n = endingSignal == 0 ? ::read(STDIN_FILENO, &c, 1) : 0;
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0 && line.empty()) return std::nullopt;
        if (n <= 0 || c == '\n') break;
        line += c;
    }
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
}

std::optional<std::string> readUnseenLine(const std::string& question) {
    const Unseen unseen;
    std::cerr << question << std::flush;
    return readInputLine();
}

}  // namespace carillon
