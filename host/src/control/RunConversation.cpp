#include "control/RunConversation.h"

#include "control/ControlMessages.h"

#include <utility>

namespace carillon {
namespace {

constexpr std::chrono::milliseconds kLookAround{50};

void passStopOn(const JsonValue& message, RunHandle& handle) {
    if (message.has("stop_by"))
        handle.requestStopBy(message["stop_by"].text());
    else
        handle.requestStop("stopped by " + message["stop"].text());
}

}  // namespace

void RunConversation::Outbox::add(std::string line, bool last) {
    {
        const std::lock_guard lock(_mutex);
        _last = _last || last;
        if (_lines.size() >= kMost && !last)
            ++_left;
        else
            _lines.push_back(std::move(line));
    }
    _added.notify_one();
}

bool RunConversation::Outbox::take(std::string& line, std::chrono::milliseconds limit) {
    std::unique_lock lock(_mutex);
    _added.wait_for(lock, limit, [this] { return !_lines.empty(); });
    if (_lines.empty()) return false;
    line = std::move(_lines.front());
    _lines.pop_front();
    if (_left > 0 && _lines.empty() && !_last)
        _lines.push_back(messageLine("log", "lines.skipped count=" + std::to_string(std::exchange(_left, 0))));
    return true;
}

bool RunConversation::Outbox::isOver() {
    const std::lock_guard lock(_mutex);
    return _last && _lines.empty();
}

void RunConversation::connect(RunRequest& ask, const std::shared_ptr<Outbox>& outbox) {
    ask.follower.onLogLine = [outbox](const std::string& line) { outbox->add(messageLine("log", line)); };
    ask.follower.onProgress = [outbox](std::uint64_t done, std::uint64_t total, const std::string& what) {
        Poco::JSON::Object::Ptr progress = new Poco::JSON::Object;
        progress->set("done", done);
        progress->set("total", total);
        progress->set("what", what);
        outbox->add(messageLine("progress", progress));
    };
    ask.onEnd = [outbox](const RunResult& result) { outbox->add(messageLine("result", toJson(result)), true); };
    ask.onBusy = [outbox](const Holder& holder) { outbox->add(messageLine("busy", toJson(holder)), true); };
    ask.onRefused = [outbox](const std::string& why, const std::vector<ConfigFault>& faults) {
        Poco::JSON::Array::Ptr array = new Poco::JSON::Array;
        for (const auto& fault : faults) array->add(toJson(fault));
        outbox->add(faults.empty() ? messageLine("refused", why) : messageLine("faults", array), true);
    };
}

void RunConversation::hold(RunRequest ask) {
    const auto outbox = std::make_shared<Outbox>();
    const auto handle = ask.handle;
    connect(ask, outbox);
    _actions.ask(std::move(ask));
    std::string line;
    while (!_hostEnds.load()) {
        while (outbox->take(line, kLookAround))
            if (!_lines.send(line)) return;
        if (outbox->isOver()) return;
        switch (_lines.receive(line, std::chrono::milliseconds(0))) {
            case LineSocket::Received::Line:
                passStopOn(JsonValue::parse(line), *handle);
                break;
            case LineSocket::Received::End:
                return;
            case LineSocket::Received::Nothing:
                break;
        }
    }
}

}  // namespace carillon
