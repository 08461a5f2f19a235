#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/StreamSocket.h"
#include "Poco/Timespan.h"

/// A proxy on loopback that takes CONNECT, one connection after the other, and leads to a port of this machine whatever
/// host is asked for.
class TunnelProxy {
public:
    explicit TunnelProxy(std::uint16_t target) : _target(target) {
        _thread = std::thread([this] { serve(); });
    }
    ~TunnelProxy() {
        _stop = true;
        _thread.join();
    }
    TunnelProxy(const TunnelProxy&) = delete;
    TunnelProxy& operator=(const TunnelProxy&) = delete;

    std::string authority() const { return "127.0.0.1:" + std::to_string(_socket.address().port()); }
    std::vector<std::string> requests() const {
        const std::scoped_lock lock(_mutex);
        return _requests;
    }

private:
    using Socket = Poco::Net::StreamSocket;
    static constexpr int kLookMicroseconds = 20'000;

    static bool isReadable(const Socket& socket) {
        return socket.poll(Poco::Timespan(kLookMicroseconds), Poco::Net::Socket::SELECT_READ);
    }
    void serve() {
        while (!_stop) {
            if (!_socket.poll(Poco::Timespan(kLookMicroseconds), Poco::Net::Socket::SELECT_READ)) continue;
            try {
                Socket client = _socket.acceptConnection();
                openTunnel(client);
            } catch (const Poco::Exception&) {  // one of the two went
            }
        }
    }
    void openTunnel(Socket& client) {
        std::string request;
        char byte = 0;
        while (!request.ends_with("\r\n\r\n") && client.receiveBytes(&byte, 1) == 1) request += byte;
        {
            const std::scoped_lock lock(_mutex);
            _requests.push_back(request);
        }
        Socket server(Poco::Net::SocketAddress("127.0.0.1", _target));
        const std::string answer = "HTTP/1.1 200 Connection established\r\nVia: a test\r\n\r\n";
        client.sendBytes(answer.data(), static_cast<int>(answer.size()));
        while (!_stop && pass(client, server) && pass(server, client)) {
        }
    }
    /// False: it is at its end.
    static bool pass(Socket& from, Socket& to) {
        char bytes[4'096];
        if (!isReadable(from)) return true;
        const int count = from.receiveBytes(bytes, sizeof bytes);
        if (count > 0) to.sendBytes(bytes, count);
        return count > 0;
    }

    const std::uint16_t _target;
    Poco::Net::ServerSocket _socket{Poco::Net::SocketAddress("127.0.0.1", 0)};
    std::atomic<bool> _stop{false};
    mutable std::mutex _mutex{};
    std::vector<std::string> _requests{};
    std::thread _thread{};
};
