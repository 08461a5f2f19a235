#include "control/RunConversation.h"

#include "control/ControlMessages.h"
#include "words/HostTexts.h"

#include <utility>

namespace carillon {
namespace {

constexpr std::chrono::milliseconds kLookAround{50};

void passStopOn(const JsonValue& message, RunHandle& handle) {
    if (message.has("stop_by"))
        handle.requestStopBy(message["stop_by"].text());
    else
        handle.requestStop(sayHost("run.stoppedby", {{"by", message["stop"].text()}}));
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
        _lines.push_back(toJson("log", "lines.skipped count=" + std::to_string(std::exchange(_left, 0))));
    return true;
}

bool RunConversation::Outbox::isOver() {
    const std::lock_guard lock(_mutex);
    return _last && _lines.empty();
}

void RunConversation::connect(RunRequest& request, const std::shared_ptr<Outbox>& outbox) {
    request.follower.onLogLine = [outbox](const std::string& line) { outbox->add(toJson("log", line)); };
    request.follower.onProgress = [outbox](std::uint64_t done, std::uint64_t total, const Message& what) {
        outbox->add(toJson("progress", Progress{done, total, what}));
    };
    request.onEnd = [outbox](const RunResult& result) { outbox->add(toJson("result", result), true); };
    request.onBusy = [outbox](const Holder& holder) { outbox->add(toJson("busy", holder), true); };
    request.onSlotHasRun = [outbox](const std::string& run) { outbox->add(toJson("slot_has_run", run), true); };
    request.onRefused = [outbox](const std::string& why, const std::vector<ConfigFault>& faults) {
        outbox->add(faults.empty() ? toJson("refused", why) : toJson("faults", faults), true);
    };
}

void RunConversation::hold(RunRequest request) {
    const auto outbox = std::make_shared<Outbox>();
    const auto handle = request.handle;
    const std::string job = request.job;
    const Actor actor = request.actor;
    bool told = false;
    connect(request, outbox);
    _actions.submit(std::move(request));
    std::string line;
    while (!_hostEnds.load()) {
        while (outbox->take(line, kLookAround))
            if (!_lines.send(line)) return;
        if (outbox->isOver()) return;
        switch (_lines.receive(line, std::chrono::milliseconds(0))) {
            case LineSocket::Received::Line:
                passStopOn(JsonValue::parse(line), *handle);
                if (!std::exchange(told, true)) _actions.tellStop(job, actor);
                break;
            case LineSocket::Received::End:
                return;
            case LineSocket::Received::Nothing:
                break;
        }
    }
}

}  // namespace carillon
