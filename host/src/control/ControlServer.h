#pragma once

#include "platform/ControlChannel.h"
#include "scheduler/HostActions.h"

#include "Poco/Net/TCPServer.h"
#include "Poco/ThreadPool.h"

#include <atomic>
#include <memory>
#include <string>

namespace carillon {

/// Answers the commands of this machine on the host's socket; a thread a connection, few of them. Borrows the actions.
class ControlServer {
public:
    /// Listens at once. Throws Poco::Exception.
    ControlServer(const std::string& stateDir, HostActions& actions);
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;
    /// Ends the connections; the runs that they follow go on.
    ~ControlServer();

private:
    ControlChannel _channel;
    Poco::ThreadPool _threads;
    std::atomic<bool> _ending{false};
    std::unique_ptr<Poco::Net::TCPServer> _server;
};

}  // namespace carillon
