#pragma once

#include "Poco/Net/StreamSocket.h"

#include <chrono>
#include <string>
#include <utility>

namespace carillon {

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
