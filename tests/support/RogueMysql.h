#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "Poco/Exception.h"
#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/StreamSocket.h"
#include "Poco/Timespan.h"

/// Somebody on loopback who answers in the place of a MySQL server, without TLS, asks each client to log in by the
/// plugin that the test names, and keeps all that it is told.
class RogueMysql {
public:
    explicit RogueMysql(std::string plugin) : _plugin(std::move(plugin)) {
        _socket.bind(Poco::Net::SocketAddress("127.0.0.1", 0));
        _socket.listen();
        _thread = std::thread([this] { serve(); });
    }
    ~RogueMysql() {
        _stop = true;
        _thread.join();
    }
    RogueMysql(const RogueMysql&) = delete;
    RogueMysql& operator=(const RogueMysql&) = delete;

    std::uint16_t port() const { return _socket.address().port(); }
    std::string heard() const {
        const std::scoped_lock lock(_mutex);
        return _heard;
    }

private:
    void serve() {
        while (!_stop) {
            if (!_socket.poll(Poco::Timespan(20'000), Poco::Net::Socket::SELECT_READ)) continue;
            try {
                Poco::Net::StreamSocket client = _socket.acceptConnection();
                converse(client);
            } catch (const Poco::Exception&) {  // the client has gone
            }
        }
    }
    void converse(Poco::Net::StreamSocket& client) {
        using namespace std::string_literals;
        const std::string challenge = "aaaaaaaabbbbbbbbbbbb";
        // Long passwords, a database with the login, protocol 4.1, transactions, 20 bytes of challenge, plugins.
        const std::string lower = "\x09\xa2"s;
        const std::string upper = "\x08\x00"s;
        send(client, 0,
             "\x0a"s + "8.0.36\0"s + "\x01\0\0\0"s + challenge.substr(0, 8) + "\0"s + lower + "\x2d" + "\x02\0"s +
                 upper + "\x15" + std::string(10, '\0') + challenge.substr(8) + "\0"s + "mysql_native_password\0"s);
        if (!hear(client)) return;
        send(client, 2, "\xfe"s + _plugin + "\0"s + challenge + "\0"s);
        if (!hear(client)) return;
        send(client, 4, "\x01\x04"s);  // of caching_sha2_password: the hash is not known, give the password itself
        if (!hear(client)) return;
        send(client, 6, "\xff\x15\x04#28000no"s);
    }
    static void send(Poco::Net::StreamSocket& client, char number, const std::string& payload) {
        std::string packet(4, '\0');
        packet[0] = static_cast<char>(payload.size());
        packet[3] = number;
        packet += payload;
        client.sendBytes(packet.data(), static_cast<int>(packet.size()));
    }
    /// One packet. False: the client has gone.
    bool hear(Poco::Net::StreamSocket& client) {
        client.setReceiveTimeout(Poco::Timespan(2, 0));
        char bytes[4'096];
        const int count = client.receiveBytes(bytes, sizeof bytes);
        if (count <= 0) return false;
        const std::scoped_lock lock(_mutex);
        _heard.append(bytes, static_cast<std::size_t>(count));
        return true;
    }

    const std::string _plugin;
    Poco::Net::ServerSocket _socket;
    std::atomic<bool> _stop{false};
    mutable std::mutex _mutex{};
    std::string _heard{};
    std::thread _thread{};
};
