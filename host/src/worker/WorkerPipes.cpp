#include "worker/WorkerPipes.h"

#include "base/JsonWriter.h"

#include <array>
#include <cstdlib>
#include <variant>

namespace carillon {

std::optional<std::string> WorkerPipes::receive() {
    for (;;) {
        if (const auto end = _received.find('\n'); end != std::string::npos) {
            std::string line = _received.substr(0, end);
            _received.erase(0, end + 1);
            return line;
        }
        std::array<char, 16384> block;
        const std::size_t n = _host.read(block.data(), block.size());
        if (n == 0) return std::nullopt;
        _received.append(block.data(), n);
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
    if (!_host.areOfThisProcess()) std::_Exit(EXIT_FAILURE);
    send(line);
}

void WorkerPipes::send(const std::string& line) {
    const std::lock_guard lock(_mutex);  // a task may log from a thread of its own
    if (!_host.write(line)) std::_Exit(EXIT_FAILURE);
}

}  // namespace carillon
