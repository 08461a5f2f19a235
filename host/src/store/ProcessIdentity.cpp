#include "store/ProcessIdentity.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace carillon {
namespace {

constexpr std::size_t kTextParts = 5;

struct ProcessState {
    char state = '?';
    std::uint64_t start = 0;
};

std::string firstLineOf(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

/// The third and the 22nd field of /proc/PID/stat; empty when there is no such file.
std::optional<ProcessState> readState(int pid) {
    const std::string line = firstLineOf("/proc/" + std::to_string(pid) + "/stat");
    const std::size_t nameEnd = line.rfind(')');  // the second field is a name, which may hold blanks and parentheses
    if (nameEnd == std::string::npos) return {};
    std::istringstream fields(line.substr(nameEnd + 1));
    ProcessState found;
    fields >> found.state;
    std::string skipped;
    for (int field = 4; field < 22; ++field) fields >> skipped;
    fields >> found.start;
    return fields ? std::optional(found) : std::nullopt;
}

template <class Number>
bool parseNumber(const std::string& text, Number& value) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stop == end;
}

}  // namespace

ProcessIdentity ProcessIdentity::ofThisProcess(const std::string& host) {
    ProcessIdentity self;
    self.host = host;
    self.boot = firstLineOf("/proc/sys/kernel/random/boot_id");
    std::error_code unreadable;
    self.pidNamespace = std::filesystem::read_symlink("/proc/self/ns/pid", unreadable).string();
    self.pid = ::getpid();
    if (const auto state = readState(self.pid)) self.start = state->start;
    return self;
}

std::optional<ProcessIdentity> ProcessIdentity::parse(const std::string& text) {
    std::vector<std::string> parts;  // from the end: only the host may hold a slash
    std::size_t end = text.size();
    while (parts.size() + 1 < kTextParts) {
        const std::size_t slash = end == 0 ? std::string::npos : text.rfind('/', end - 1);
        if (slash == std::string::npos) return {};
        parts.push_back(text.substr(slash + 1, end - slash - 1));
        end = slash;
    }
    ProcessIdentity process;
    process.host = text.substr(0, end);
    process.boot = parts[3];
    process.pidNamespace = parts[2];
    if (!parseNumber(parts[1], process.pid) || !parseNumber(parts[0], process.start) || process.pid <= 0) return {};
    return process;
}

std::string ProcessIdentity::toText() const {
    return host + '/' + boot + '/' + pidNamespace + '/' + std::to_string(pid) + '/' + std::to_string(start);
}

Liveness livenessOf(const ProcessIdentity& process, const ProcessIdentity& observer) {
    if (process.host != observer.host) return Liveness::Unknown;
    if (process.boot != observer.boot) return Liveness::Gone;
    if (process.pidNamespace != observer.pidNamespace) return Liveness::Unknown;
    if (const auto state = readState(process.pid)) {
        const bool ended = state->state == 'Z' || state->state == 'X';
        const bool another = process.start != 0 && state->start != process.start;
        return ended || another ? Liveness::Gone : Liveness::Alive;
    }
    // Other users' processes may be hidden in /proc; a signal is refused for them, and not for those that are gone.
    return ::kill(process.pid, 0) != 0 && errno == ESRCH ? Liveness::Gone : Liveness::Alive;
}

}  // namespace carillon
