#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "Poco/JSON/Object.h"
#include "Poco/Net/StreamSocket.h"

/// An event that a server sent.
struct ServerEvent {
    std::string name{};
    std::string id{};
    Poco::JSON::Object::Ptr data{};

    std::string text(const std::string& member) const { return data->getValue<std::string>(member); }
};

/// Follows one stream of server-sent events. One thread.
class EventReader {
public:
    /// Asks for the path; `headers`: further ones, each with its line's end.
    EventReader(Poco::Net::StreamSocket socket, const std::string& path, const std::string& headers = {});

    /// The status line and the headers. Waits for them.
    const std::string& head();
    /// Waits for the next event of this name and skips others; nothing: the stream has ended, or the limit is over.
    std::optional<ServerEvent> next(const std::string& name,
                                    std::chrono::milliseconds limit = std::chrono::seconds(10));
    /// All that are there, without waiting.
    std::vector<ServerEvent> rest();
    /// Whether the stream ends within the limit.
    bool waitForEnd(std::chrono::milliseconds limit);

    /// What came and was not taken as an event.
    const std::string& bytes() const { return _bytes; }
    /// Waits for more of it. False: nothing came within the limit, or nothing will.
    bool readMore(std::chrono::milliseconds limit);

private:
    std::optional<ServerEvent> take();

    Poco::Net::StreamSocket _socket;
    std::string _head{};
    std::string _bytes{};
    bool _ended = false;
};
