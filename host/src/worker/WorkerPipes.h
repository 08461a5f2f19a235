#pragma once

#include "platform/HostPipes.h"
#include "record/TaskMessage.h"

#include <mutex>
#include <optional>
#include <string>

namespace carillon {

/// The worker's ends of the pipes to its host: lines come in, what the task says goes out, one JSON object a line.
/// A host that is gone has nobody to report to: the process ends, and a database undoes what was not committed.
class WorkerPipes final : public TaskOutput {
public:
    explicit WorkerPipes(const HostPipes& host) : _host(host) {}

    /// The host's next line; none when it let go of the worker. One thread.
    std::optional<std::string> receive();

    void prepared(bool prepared);
    /// The run is over and all that it said was sent. `flaw`: why this process must not have another one.
    void returned(const std::string& flaw);

    void say(TaskMessage message) override;

private:
    void sendLastWord(const std::string& line);
    void send(const std::string& line);

    HostPipes _host;
    std::string _received;
    std::mutex _mutex;
};

}  // namespace carillon
