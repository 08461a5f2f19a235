#pragma once

#include "platform/FileFacts.h"

#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/StreamSocket.h"

#include <chrono>
#include <optional>
#include <string>

namespace carillon {

/// Where a host listens for the commands of its machine, for its owner only: a socket in the folder of its state; on
/// Windows a port of loopback, with a key in a file there.
class ControlChannel {
public:
    /// Listens. What a host left behind is replaced: the caller holds the host's lock. Throws Poco::Exception.
    explicit ControlChannel(const std::string& stateDir);
    ControlChannel(const ControlChannel&) = delete;
    ControlChannel& operator=(const ControlChannel&) = delete;

    Poco::Net::ServerSocket& socket() { return _socket; }

    /// Whether who has connected may command this host; waits so long at most for what proves it. True at once where
    /// only those who may can connect. Any thread.
    bool admits(Poco::Net::StreamSocket& connection, std::chrono::milliseconds limit) const;

    /// Takes its file away, unless another host that took the folder over has made one of its own.
    void leave();

private:
    std::string _path;
    std::string _key{};
    Poco::Net::ServerSocket _socket;
    std::optional<FileIdentity> _file{};  // that is this one's
};

/// The connection to the host; nothing when none listens. Throws Poco::FileException with a sentence when the folder is
/// not trusted (FileRights.h): whoever answers there may be anybody.
std::optional<Poco::Net::StreamSocket> connectToControl(const std::string& stateDir);

}  // namespace carillon
