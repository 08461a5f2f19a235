#include "EventReader.h"

#include <poll.h>

#include <array>

#include "Poco/Exception.h"
#include "Poco/JSON/Parser.h"

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

namespace {

constexpr const char* kHeadEnd = "\r\n\r\n";

ServerEvent parse(const std::string& text) {
    ServerEvent event;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        const std::string line = text.substr(at, end - at);
        at = end == std::string::npos ? text.size() : end + 1;
        if (line.starts_with("event: ")) event.name = line.substr(7);
        if (line.starts_with("id: ")) event.id = line.substr(4);
        if (line.starts_with("data: "))
            event.data = Poco::JSON::Parser().parse(line.substr(6)).extract<Poco::JSON::Object::Ptr>();
    }
    return event;
}

}  // namespace

EventReader::EventReader(Poco::Net::StreamSocket socket, const std::string& path, const std::string& headers)
    : _socket(std::move(socket)) {
    const std::string request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
    _socket.sendBytes(request.data(), static_cast<int>(request.size()));
}

const std::string& EventReader::head() {
    while (_head.empty()) {
        if (const auto end = _bytes.find(kHeadEnd); end != std::string::npos) {
            _head = _bytes.substr(0, end + 4);
            _bytes.erase(0, end + 4);
        } else if (!readMore(10s)) {
            break;
        }
    }
    return _head;
}

std::optional<ServerEvent> EventReader::next(const std::string& name, std::chrono::milliseconds limit) {
    head();
    const auto until = Steady::now() + limit;
    for (;;) {
        while (auto event = take())
            if (event->name == name) return event;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Steady::now());
        if (left <= 0ms || !readMore(left)) return std::nullopt;
    }
}

std::vector<ServerEvent> EventReader::rest() {
    head();
    while (readMore(0ms)) continue;
    std::vector<ServerEvent> events;
    while (auto event = take()) events.push_back(std::move(*event));
    return events;
}

bool EventReader::waitForEnd(std::chrono::milliseconds limit) {
    const auto until = Steady::now() + limit;
    while (!_ended && Steady::now() < until) readMore(100ms);
    return _ended;
}

bool EventReader::readMore(std::chrono::milliseconds limit) {
    if (_ended) return false;
    pollfd ready{_socket.impl()->sockfd(), POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(limit.count())) <= 0) return false;
    std::array<char, 65'536> buffer{};
    int got = 0;
    try {
        got = _socket.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
    } catch (const Poco::Exception&) {  // it was reset
    }
    _ended = got <= 0;
    if (!_ended) _bytes.append(buffer.data(), static_cast<std::size_t>(got));
    return !_ended;
}

std::optional<ServerEvent> EventReader::take() {
    for (auto end = _bytes.find("\n\n"); end != std::string::npos; end = _bytes.find("\n\n")) {
        ServerEvent event = parse(_bytes.substr(0, end));
        _bytes.erase(0, end + 2);
        if (event.data) return event;
    }
    return std::nullopt;
}
