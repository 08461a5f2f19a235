#include "cli/PasswordPrompt.h"

#include "access/PasswordHash.h"
#include "cli/Cli.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iostream>
#include <optional>

namespace carillon {
namespace {

volatile sig_atomic_t endingSignal = 0;

/// The terminal on stdin without echo. A signal that would end the process ends it once the echo is back.
class Unseen {
public:
    Unseen() {
        struct sigaction note {};
        note.sa_handler = [](int number) { endingSignal = number; };  // no SA_RESTART: the reading ends
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
        if (endingSignal != 0) ::raise(endingSignal);
    }

private:
    static constexpr std::array kSignals{SIGINT, SIGTERM, SIGQUIT, SIGHUP};
    std::array<struct sigaction, kSignals.size()> _before{};
    termios _seen{};
};

/// Byte by byte: what follows the line is for others. Nothing at the end of stdin.
std::optional<std::string> readLine() {
    constexpr std::size_t kLongest = 65'536;
    std::string line;
    for (char c = 0; line.size() < kLongest;) {
        const ssize_t n = ::read(STDIN_FILENO, &c, 1);
        if (n < 0 && errno == EINTR && endingSignal == 0) continue;
        if (n <= 0 && line.empty()) return std::nullopt;
        if (n <= 0 || c == '\n') break;
        line += c;
    }
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
}

std::string ask(const std::string& question) {
    const Unseen unseen;
    std::cerr << question << ": " << std::flush;
    return readLine().value_or("");
}

void requireGood(const std::string& password) {
    if (const auto problem = faultOfPassword(password)) throw UsageError(*problem + "; nothing was changed");
}

}  // namespace

std::string readNewPassword(const std::string& user) {
    if (::isatty(STDIN_FILENO) != 1) {
        const auto line = readLine();
        if (!line)
            throw UsageError("no password on stdin; run it on a terminal, or give one line; nothing was changed");
        requireGood(*line);
        return *line;
    }
    std::string password = ask("New password for " + user);
    requireGood(password);
    if (ask("The same again") != password) throw UsageError("the two passwords differ; nothing was changed");
    return password;
}

}  // namespace carillon
