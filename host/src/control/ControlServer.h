#pragma once

#include "scheduler/HostActions.h"

#include "Poco/Net/TCPServer.h"
#include "Poco/ThreadPool.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

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
    std::string _path;
    std::pair<std::uint64_t, std::uint64_t> _socket{};  // device and number of the file that is this server's
    Poco::ThreadPool _threads;
    std::atomic<bool> _ending{false};
    std::unique_ptr<Poco::Net::TCPServer> _server;
};

}  // namespace carillon
