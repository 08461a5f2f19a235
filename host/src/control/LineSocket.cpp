#include "control/LineSocket.h"

#include "Poco/Exception.h"

#include <array>

namespace carillon {

bool LineSocket::send(const std::string& line) {
    const std::string bytes = line + '\n';
    try {
        for (std::size_t sent = 0; sent < bytes.size();)
            sent +=
                static_cast<std::size_t>(_socket.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent)));
        return true;
    } catch (const Poco::Exception&) {
        return false;
    }
}

LineSocket::Received LineSocket::receive(std::string& line, std::chrono::milliseconds limit) {
    if (takeLine(line)) return Received::Line;
    try {
        const Poco::Timespan wait(std::chrono::microseconds(limit).count());
        if (!_socket.poll(wait, Poco::Net::Socket::SELECT_READ)) return Received::Nothing;
        std::array<char, 65536> block{};
        const int n = _socket.receiveBytes(block.data(), static_cast<int>(block.size()));
        if (n <= 0 || _buffer.size() > kLongestLine) return Received::End;
        _buffer.append(block.data(), static_cast<std::size_t>(n));
    } catch (const Poco::Exception&) {
        return Received::End;
    }
    return takeLine(line) ? Received::Line : Received::Nothing;
}

bool LineSocket::takeLine(std::string& line) {
    const auto end = _buffer.find('\n');
    if (end == std::string::npos) return false;
    line = _buffer.substr(0, end);
    _buffer.erase(0, end + 1);
    return true;
}

}  // namespace carillon
