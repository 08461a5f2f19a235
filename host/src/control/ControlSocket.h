#pragma once

#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/StreamSocket.h"

#include <chrono>
#include <optional>
#include <string>

namespace carillon {

/// `<stateDir>/carillon.sock`: where a host listens for the commands of its machine.
std::string controlPath(const std::string& stateDir);

/// Listens there, for the owner only (mode 0600); a socket that a host left behind is replaced. The caller holds the
/// host's lock. Throws Poco::Exception.
Poco::Net::ServerSocket listenForControl(const std::string& stateDir);

/// The connection to the host; nothing when none listens. Throws Poco::FileException with a sentence when the folder is
/// not trusted (TrustedPath.h): whoever answers there may be anybody.
std::optional<Poco::Net::StreamSocket> connectToHost(const std::string& stateDir);

/// One line after the other over a socket. One thread.
class LineSocket {
public:
    explicit LineSocket(Poco::Net::StreamSocket socket) : _socket(std::move(socket)) {}

    /// False: the other side is gone.
    bool send(const std::string& line);

    enum class Received { Line, Nothing, End };
    /// Waits for a whole line, so long at most.
    Received receive(std::string& line, std::chrono::milliseconds limit);

private:
    /// A request or an answer of a sane peer is shorter.
    static constexpr std::size_t kLongestLine = 16 << 20;

    bool takeLine(std::string& line);

    Poco::Net::StreamSocket _socket;
    std::string _buffer;
};

}  // namespace carillon
