#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/StreamSocket.h"

/// What came to a WebhookSink.
struct ReceivedPost {
    std::string path{};
    std::map<std::string, std::string> headers{};  ///< Names in lower case.
    std::string body{};
};

/// A server on loopback that takes what is posted to it, and misbehaves as it is told to. Any thread.
class WebhookSink {
public:
    /// What it does with a request that it has read.
    enum class Manner { Accept, Refuse, Hang, Redirect, TakeAndCutOff };

    WebhookSink();
    ~WebhookSink();
    WebhookSink(const WebhookSink&) = delete;
    WebhookSink& operator=(const WebhookSink&) = delete;

    std::uint16_t port() const { return _port; }
    std::string url(const std::string& path = "/hook/s3cr3t") const;
    void setManner(Manner manner) { _manner = manner; }

    /// In the order of their arrival.
    std::vector<ReceivedPost> received();
    /// Those that it accepted.
    std::vector<ReceivedPost> accepted();

private:
    void run();
    void serve(Poco::Net::StreamSocket& socket);
    void answer(Poco::Net::StreamSocket& socket, const ReceivedPost& post);

    Poco::Net::ServerSocket _server;
    std::uint16_t _port = 0;
    std::atomic<Manner> _manner{Manner::Accept};
    std::atomic<bool> _ending{false};
    std::mutex _mutex;  // of the lists
    std::vector<ReceivedPost> _received{};
    std::vector<ReceivedPost> _accepted{};
    std::list<std::thread> _connections{};
    std::thread _thread;
};
