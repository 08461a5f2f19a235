#pragma once

#include "base/JsonValue.h"
#include "control/ControlSocket.h"
#include "runner/RunReporter.h"
#include "scheduler/RunRequest.h"

#include "Poco/JSON/Object.h"

#include <optional>
#include <string>

namespace carillon {

/// A command's connection to the host of its state folder. One thread.
class ControlClient {
public:
    /// Nothing when no host runs.
    static std::optional<ControlClient> connect(const std::string& stateDir);

    /// One request, one answer, which is a line of JSON. Throws Poco::Exception when the host refuses or goes away.
    std::string ask(const Poco::JSON::Object& request);

    /// Hands a run over and follows it to its end. Throws like ask().
    RunResult run(const RunRequest& ask, const RunFollower& follower);

private:
    explicit ControlClient(Poco::Net::StreamSocket socket) : _lines(std::move(socket)) {}

    std::string receive();
    bool take(const JsonValue& message, const RunFollower& follower, RunResult& result);
    void passStopOn(const RunFollower& follower, int& passedOn, RunResult& result);

    LineSocket _lines;
};

}  // namespace carillon
