#include "control/ControlClient.h"

#include "platform/ControlChannel.h"
#include "platform/User.h"

namespace carillon {
namespace {

constexpr std::chrono::milliseconds kLook{50};

Poco::Exception gone() {
    return Poco::IOException("the host went away before it answered; 'carillon status' tells whether one runs");
}

}  // namespace

std::optional<ControlClient> ControlClient::connect(const std::string& stateDir) {
    auto socket = connectToControl(stateDir);
    if (!socket) return std::nullopt;
    return ControlClient(std::move(*socket));
}

std::string ControlClient::receive() {
    std::string line;
    for (;;) {
        switch (_lines.receive(line, std::chrono::seconds(1))) {
            case LineSocket::Received::Line:
                return line;
            case LineSocket::Received::End:
                throw gone();
            case LineSocket::Received::Nothing:
                break;
        }
    }
}

JsonValue ControlClient::exchange(HostRequest request) {
    request.by = callingUser().name();
    if (!_lines.send(toJson(request))) throw gone();
    JsonValue answer = JsonValue::parse(receive());
    if (answer.has("refused")) throw Poco::RuntimeException(answer["refused"].text());
    return answer;
}

RunResult ControlClient::run(RunRequest request, const RunFollower& follower) {
    request.actor.behind = callingUser().name();
    if (!_lines.send(toJson(request))) throw gone();
    RunResult result;
    int stopsPassedOn = 0;
    for (std::string line;;) {
        passStopOn(follower, stopsPassedOn, result);
        const auto received = _lines.receive(line, kLook);
        if (received == LineSocket::Received::End) throw gone();
        if (received != LineSocket::Received::Line) continue;
        if (understand([&] { return take(JsonValue::parse(line), follower, result); })) return result;
    }
}

/// True: it was the last one.
bool ControlClient::take(const JsonValue& message, const RunFollower& follower, RunResult& result) {
    if (message.has("log")) {
        if (follower.onLogLine) follower.onLogLine(message["log"].text());
        return false;
    }
    if (message.has("progress")) {
        const auto how = fromJson<Progress>(message["progress"]);
        if (follower.onProgress) follower.onProgress(how.done, how.total, how.what);
        return false;
    }
    const int stoppedBy = result.stoppedBy;
    if (message.has("refused") && stoppedBy == 0) throw Poco::RuntimeException(message["refused"].text());
    if (message.has("result")) {
        readJson(message["result"], result);
        if (!result.faults.empty()) result.kind = RunResult::Kind::BadConfiguration;
    } else if (message.has("faults")) {
        result.kind = RunResult::Kind::BadConfiguration;
        readJson(message["faults"], result.faults);
    } else if (message.has("busy")) {
        result.kind = RunResult::Kind::Busy;
        readJson(message["busy"], result.holder);
    } else if (message.has("slot_has_run")) {
        result.kind = RunResult::Kind::SlotHasRun;
        result.holder.run = message["slot_has_run"].text();
    } else {
        result.kind = RunResult::Kind::NotBegun;
    }
    result.stoppedBy = stoppedBy;
    return true;
}

void ControlClient::passStopOn(const RunFollower& follower, int& passedOn, RunResult& result) {
    if (!follower.stopSignals) return;
    const StopSignals stops = follower.stopSignals();
    for (; passedOn < stops.count; ++passedOn) {
        result.stoppedBy = stops.number;
        _lines.send(toJson(stops.by.empty() ? "stop" : "stop_by", nameOf(stops)));
    }
}

}  // namespace carillon
