#include "worker/WorkerPipes.h"

#include "base/JsonWriter.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <variant>

namespace carillon {

WorkerPipes::WorkerPipes(int in, int out) : _in(in), _out(out), _process(::getpid()) {}

std::optional<std::string> WorkerPipes::receive() {
    for (;;) {
        if (const auto end = _received.find('\n'); end != std::string::npos) {
            std::string line = _received.substr(0, end);
            _received.erase(0, end + 1);
            return line;
        }
        std::array<char, 16384> block;
        const ssize_t n = ::read(_in, block.data(), block.size());
        if (n > 0)
            _received.append(block.data(), static_cast<std::size_t>(n));
        else if (n == 0 || errno != EINTR)
            return std::nullopt;
    }
}

void WorkerPipes::prepared(bool prepared) {
    JsonWriter json;
    json.beginObject().member("prepared", prepared).endObject();
    send(json.takeLine());
}

void WorkerPipes::returned(const std::string& flaw) {
    JsonWriter json;
    json.beginObject().member("returned", flaw).endObject();
    sendLastWord(json.takeLine());
}

void WorkerPipes::say(TaskMessage message) {
    const bool isLast = std::holds_alternative<RunReport>(message) || std::holds_alternative<TaskFailure>(message) ||
                        std::holds_alternative<TaskReturned>(message);
    isLast ? sendLastWord(lineOf(message)) : send(lineOf(message));
}

/// A child that the task forked, and that came back from it, must not speak for its parent.
void WorkerPipes::sendLastWord(const std::string& line) {
    if (::getpid() != _process) ::_exit(EXIT_FAILURE);
    send(line);
}

void WorkerPipes::send(const std::string& line) {
    const std::lock_guard lock(_mutex);  // a task may log from a thread of its own
    for (std::size_t sent = 0; sent < line.size();) {
        const ssize_t n = ::write(_out, line.data() + sent, line.size() - sent);
        if (n > 0)
            sent += static_cast<std::size_t>(n);
        else if (n < 0 && errno != EINTR)
            ::_exit(EXIT_FAILURE);
    }
}

}  // namespace carillon
