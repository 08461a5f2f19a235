#include "runner/WorkerPipes.h"

#include "base/JsonWriter.h"
#include "runner/WorkerMessages.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

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
    sendMember("prepared", prepared);
}

void WorkerPipes::returned(const std::string& flaw) {
    JsonWriter json;
    json.beginObject().member("returned", flaw).endObject();
    sendLastWord(json.takeLine());
}

void WorkerPipes::log(Poco::Message::Priority level, Poco::Timestamp at, const std::string& text) {
    JsonWriter json;
    json.beginObject().key("log").beginObject();
    json.member("level", static_cast<int>(level)).member("at", at.epochMicroseconds()).member("text", text);
    json.endObject().endObject();
    send(json.takeLine());
}

void WorkerPipes::progress(std::uint64_t done, std::uint64_t total, std::string_view what) {
    JsonWriter json;
    json.beginObject().key("progress").beginObject();
    json.member("done", done).member("total", total).member("what", what);
    json.endObject().endObject();
    send(json.takeLine());
}

void WorkerPipes::conceal(const std::string& secret) {
    sendMember("conceal", secret);
}

void WorkerPipes::fault(const ConfigFault& fault) {
    sendJson("fault", toLine(*toJson(fault)));
}

void WorkerPipes::check(const Check& check) {
    sendJson("check", toLine(*toJson(check)));
}

void WorkerPipes::reject(const Reject& reject) {
    sendJson("reject", toLine(*toJson(reject)));
}

void WorkerPipes::planned(const PlannedItem& item) {
    sendJson("planned", toLine(*toJson(item)));
}

void WorkerPipes::mailAccount(const MailAccount& account) {
    sendJson("mail_account", toLine(*toJson(account)));
}

void WorkerPipes::plugin(const PluginDescription& plugin) {
    sendJson("plugin", toLine(*toJson(plugin)));
}

void WorkerPipes::report(RunReport report) {
    sendLastWord("{\"report\":" + toLine(*toJson(report)) + "}\n");
}

void WorkerPipes::error(const std::string& text) {
    JsonWriter json;
    json.beginObject().member("error", text).endObject();
    sendLastWord(json.takeLine());
}

void WorkerPipes::done() {
    sendLastWord("{\"done\":true}\n");
}

template <typename Value>
void WorkerPipes::sendMember(const char* name, const Value& value) {
    JsonWriter json;
    json.beginObject().member(name, value).endObject();
    send(json.takeLine());
}

void WorkerPipes::sendJson(const char* name, const std::string& text) {
    JsonWriter json;
    json.beginObject().key(name).raw(text).endObject();
    send(json.takeLine());
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
