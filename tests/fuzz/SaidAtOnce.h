#pragma once

#include "Poco/Net/NetException.h"
#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/StreamSocket.h"

#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

/// A mail server that says the same to everybody at once, and hears them out.
class SaidAtOnce {
public:
    SaidAtOnce() : _thread([this] { serve(); }) { _thread.detach(); }

    std::uint16_t port() const { return _server.address().port(); }
    void say(std::string text) {
        const std::lock_guard lock(_mutex);
        _text = std::move(text);
    }

private:
    void serve() {
        for (;;) {
            try {
                answer(_server.acceptConnection());
            } catch (const Poco::Exception&) {  // the client has gone already
            }
        }
    }
    void answer(Poco::Net::StreamSocket client) {
        {
            const std::lock_guard lock(_mutex);
            client.sendBytes(_text.data(), static_cast<int>(_text.size()));
        }
        client.shutdownSend();
        for (char block[4096]; client.receiveBytes(block, sizeof block) > 0;) {
        }
    }

    Poco::Net::ServerSocket _server{Poco::Net::SocketAddress("127.0.0.1", 0)};
    std::mutex _mutex;
    std::string _text;
    std::thread _thread;
};
