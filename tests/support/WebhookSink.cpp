#include "WebhookSink.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

#include "Poco/Net/NetException.h"
#include "Poco/Net/SocketAddress.h"

namespace {

constexpr int kLookMilliseconds = 20;

/// Head and body; nothing when the connection ends before.
std::optional<ReceivedPost> read(Poco::Net::StreamSocket& socket) {
    std::string text;
    std::size_t head = std::string::npos;
    std::size_t length = 0;
    ReceivedPost post;
    while (head == std::string::npos || text.size() < head + 4 + length) {
        char buffer[4096];
        const int count = socket.receiveBytes(buffer, sizeof buffer);
        if (count <= 0) return std::nullopt;
        text.append(buffer, static_cast<std::size_t>(count));
        if (head != std::string::npos || (head = text.find("\r\n\r\n")) == std::string::npos) continue;
        std::istringstream lines(text.substr(0, head));
        std::string line;
        std::string method;
        std::getline(lines, line);
        std::istringstream(line) >> method >> post.path;
        while (std::getline(lines, line)) {
            const auto colon = line.find(": ");
            std::string name = line.substr(0, colon);
            std::transform(name.begin(), name.end(), name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            if (line.ends_with('\r')) line.pop_back();
            post.headers[name] = line.substr(colon + 2);
        }
        if (post.headers.contains("content-length")) length = std::stoul(post.headers["content-length"]);
    }
    post.body = text.substr(head + 4);
    return post;
}

}  // namespace

WebhookSink::WebhookSink()
    : _server(Poco::Net::SocketAddress("127.0.0.1", 0)), _port(_server.address().port()), _thread([this] { run(); }) {}

WebhookSink::~WebhookSink() {
    _ending = true;
    _thread.join();
    for (auto& connection : _connections) connection.join();
}

std::string WebhookSink::url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(_port) + path;
}

std::vector<ReceivedPost> WebhookSink::received() {
    const std::lock_guard lock(_mutex);
    return _received;
}

std::vector<ReceivedPost> WebhookSink::accepted() {
    const std::lock_guard lock(_mutex);
    return _accepted;
}

void WebhookSink::run() {
    while (!_ending) {
        if (!_server.poll(Poco::Timespan(0, kLookMilliseconds * 1000), Poco::Net::Socket::SELECT_READ)) continue;
        auto socket = std::make_unique<Poco::Net::StreamSocket>(_server.acceptConnection());
        _connections.emplace_back([this, socket = std::move(socket)] { serve(*socket); });
    }
}

void WebhookSink::serve(Poco::Net::StreamSocket& socket) {
    try {
        const auto post = read(socket);
        if (!post) return;
        {
            const std::lock_guard lock(_mutex);
            _received.push_back(*post);
        }
        answer(socket, *post);
    } catch (const Poco::Exception&) {  // who called has gone
    }
}

void WebhookSink::answer(Poco::Net::StreamSocket& socket, const ReceivedPost& post) {
    const Manner manner = _manner;
    if (manner == Manner::Hang) {
        while (!_ending && !socket.poll(Poco::Timespan(0, kLookMilliseconds * 1000), Poco::Net::Socket::SELECT_READ)) {
        }
        return;
    }
    if (manner == Manner::Accept || manner == Manner::TakeAndCutOff) {
        const std::lock_guard lock(_mutex);
        _accepted.push_back(post);
    }
    if (manner == Manner::TakeAndCutOff) return;
    const std::string status = manner == Manner::Accept   ? "200 OK\r\n"
                               : manner == Manner::Refuse ? "503 Service Unavailable\r\n"
                                                          : "302 Found\r\nLocation: " + url("/elsewhere") + "\r\n";
    const std::string text = "HTTP/1.1 " + status + "Content-Length: 0\r\nConnection: close\r\n\r\n";
    socket.sendBytes(text.data(), static_cast<int>(text.size()));
    socket.shutdownSend();
}
