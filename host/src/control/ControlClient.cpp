#include "control/ControlClient.h"

#include "control/ControlMessages.h"

#include "Poco/Exception.h"

namespace carillon {
namespace {

constexpr std::chrono::milliseconds kLook{50};

Poco::Exception gone() {
    return Poco::IOException("the host went away before it answered; 'carillon status' tells whether one runs");
}

}  // namespace

std::optional<ControlClient> ControlClient::connect(const std::string& stateDir) {
    auto socket = connectToHost(stateDir);
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

std::string ControlClient::ask(const Poco::JSON::Object& request) {
    if (!_lines.send(toLine(request))) throw gone();
    std::string answer = receive();
    const JsonValue json = JsonValue::parse(answer);
    if (json.has("refused")) throw Poco::RuntimeException(json["refused"].text());
    return answer;
}

RunResult ControlClient::run(const RunRequest& ask, const RunFollower& follower) {
    if (!_lines.send(toLine(*toJson(ask)))) throw gone();
    RunResult result;
    int stopsPassedOn = 0;
    for (std::string line;;) {
        passStopOn(follower, stopsPassedOn, result);
        const auto received = _lines.receive(line, kLook);
        if (received == LineSocket::Received::End) throw gone();
        if (received == LineSocket::Received::Line && take(JsonValue::parse(line), follower, result)) return result;
    }
}

/// True: it was the last one.
bool ControlClient::take(const JsonValue& message, const RunFollower& follower, RunResult& result) {
    if (message.has("log")) {
        if (follower.onLogLine) follower.onLogLine(message["log"].text());
        return false;
    }
    if (message.has("progress")) {
        const auto& progress = message["progress"];
        if (follower.onProgress)
            follower.onProgress(progress["done"].number<std::uint64_t>(), progress["total"].number<std::uint64_t>(),
                                progress["what"].text());
        return false;
    }
    const int stoppedBy = result.stoppedBy;
    if (message.has("refused") && stoppedBy == 0) throw Poco::RuntimeException(message["refused"].text());
    if (message.has("result")) {
        result = resultFromJson(message["result"]);
        if (!result.faults.empty()) result.kind = RunResult::Kind::BadConfiguration;
    } else if (message.has("faults")) {
        result.kind = RunResult::Kind::BadConfiguration;
        for (const auto& fault : message["faults"].members()) result.faults.push_back(faultFromJson(fault.value));
    } else if (message.has("busy")) {
        result.kind = RunResult::Kind::Busy;
        result.holder = holderFromJson(message["busy"]);
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
        _lines.send(messageLine(stops.by.empty() ? "stop" : "stop_by", nameOf(stops)));
    }
}

}  // namespace carillon
