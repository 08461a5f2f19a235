#pragma once

#include "control/ControlMessages.h"
#include "control/LineSocket.h"
#include "runner/RunReporter.h"

#include "Poco/Exception.h"

#include <optional>
#include <string>

namespace carillon {

/// A command's connection to the host of its state folder. One thread.
class ControlClient {
public:
    /// Nothing when no host runs.
    static std::optional<ControlClient> connect(const std::string& stateDir);

    /// One request, one answer. Throws Poco::Exception when the host refuses, goes away or is of another version.
    template <class Answer>
    Answer ask(const HostRequest& request) {
        return understand([&] { return fromJson<Answer>(exchange(request)[nameOf(request.verb)]); });
    }

    /// Hands a run over and follows it to its end. Throws like ask().
    RunResult run(RunRequest request, const RunFollower& follower);

private:
    explicit ControlClient(Poco::Net::StreamSocket socket) : _lines(std::move(socket)) {}

    std::string receive();
    JsonValue exchange(HostRequest request);
    template <class Read>
    static auto understand(Read read) {
        try {
            return read();
        } catch (const Poco::DataFormatException& e) {
            throw Poco::RuntimeException("the host that runs is of another version: restart it (" + e.message() + ")");
        }
    }
    bool take(const JsonValue& message, const RunFollower& follower, RunResult& result);
    void passStopOn(const RunFollower& follower, int& passedOn, RunResult& result);

    LineSocket _lines;
};

}  // namespace carillon
