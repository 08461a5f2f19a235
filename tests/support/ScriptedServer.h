#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/StreamSocket.h"
#include "Poco/Timespan.h"

/// A server on loopback that answers each request with the bytes that the test says, one connection after the other.
class ScriptedServer {
public:
    /// Drip: sends `again` over and over, each after a pause, until the client goes.
    enum class Then { Stay, Close, Hang, Drip };
    struct Answer {
        std::string bytes{};
        Then then = Then::Stay;
        std::string again{};
        std::chrono::milliseconds pause{0};
    };
    /// By the number of the request, from 1 on.
    using Script = std::function<Answer(int)>;

    explicit ScriptedServer(Script script) : ScriptedServer(std::move(script), Poco::Net::ServerSocket()) {}
    ScriptedServer(Script script, Poco::Net::ServerSocket socket, const std::string& address = "127.0.0.1")
        : _script(std::move(script)), _socket(socket) {
        _socket.bind(Poco::Net::SocketAddress(address, 0));
        _socket.listen();
        _thread = std::thread([this] { serve(); });
    }
    ~ScriptedServer() {
        _stop = true;
        _thread.join();
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    std::string url(const std::string& scheme = "http", const std::string& host = "127.0.0.1") const {
        return scheme + "://" + host + ":" + std::to_string(_socket.address().port()) + "/p";
    }
    std::uint16_t port() const { return _socket.address().port(); }
    int connections() const { return _connections; }
    std::vector<std::string> requests() const {
        const std::scoped_lock lock(_mutex);
        return _requests;
    }

private:
    void serve() {
        while (!_stop) {
            if (!_socket.poll(Poco::Timespan(20'000), Poco::Net::Socket::SELECT_READ)) continue;
            try {
                Poco::Net::StreamSocket connection = _socket.acceptConnection();
                ++_connections;
                while (!_stop && serveOne(connection)) {
                }
            } catch (const Poco::Exception&) {  // the client went, or speaks no TLS
            }
        }
    }
    bool serveOne(Poco::Net::StreamSocket& connection) {
        const std::string request = readRequest(connection);
        if (request.empty()) return false;
        int number = 0;
        {
            const std::scoped_lock lock(_mutex);
            _requests.push_back(request);
            number = static_cast<int>(_requests.size());
        }
        const Answer answer = _script(number);
        if (!answer.bytes.empty()) connection.sendBytes(answer.bytes.data(), static_cast<int>(answer.bytes.size()));
        if (answer.then == Then::Hang) waitUntilClosed(connection);
        if (answer.then == Then::Drip) drip(connection, answer);
        return answer.then == Then::Stay;
    }
    std::string readRequest(Poco::Net::StreamSocket& connection) const {
        std::string text;
        while (!_stop && !isComplete(text)) {
            if (!connection.poll(Poco::Timespan(20'000), Poco::Net::Socket::SELECT_READ)) continue;
            char bytes[4'096];
            const int count = connection.receiveBytes(bytes, sizeof bytes);
            if (count <= 0) return "";
            text.append(bytes, static_cast<std::size_t>(count));
        }
        return text;
    }
    void drip(Poco::Net::StreamSocket& connection, const Answer& answer) const {
        const Poco::Timespan pause(std::chrono::microseconds(answer.pause).count());
        while (!_stop && !connection.poll(pause, Poco::Net::Socket::SELECT_READ))
            connection.sendBytes(answer.again.data(), static_cast<int>(answer.again.size()));
    }
    void waitUntilClosed(Poco::Net::StreamSocket& connection) const {
        char byte = 0;
        while (!_stop)
            if (connection.poll(Poco::Timespan(20'000), Poco::Net::Socket::SELECT_READ) &&
                connection.receiveBytes(&byte, 1) <= 0)
                return;
    }
    static bool isComplete(const std::string& text) {
        const auto end = text.find("\r\n\r\n");
        const auto length = text.find("Content-Length: ");
        if (end == std::string::npos) return false;
        return length > end || text.size() - end - 4 >= static_cast<std::size_t>(std::atoi(text.c_str() + length + 16));
    }

    Script _script;
    Poco::Net::ServerSocket _socket;
    std::atomic<bool> _stop{false};
    std::atomic<int> _connections{0};
    mutable std::mutex _mutex{};
    std::vector<std::string> _requests{};
    std::thread _thread{};
};

inline std::string http(const std::string& body, const std::string& headers = "",
                        const std::string& status = "200 OK") {
    return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
