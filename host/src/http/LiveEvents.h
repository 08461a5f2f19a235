#pragma once

#include "http/HttpResponse.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace carillon {

/// What one client is told, as a text of server-sent events. Used by one thread.
class LiveEvents {
public:
    virtual ~LiveEvents() = default;
    /// What is new since the last call; empty: nothing.
    virtual std::string take() = 0;
    /// What shows that the stream lives: a comment, each 15 s.
    virtual std::string beat() { return ": alive\n\n"; }
};

/// `id` may be empty.
std::string liveEvent(std::string_view name, std::string_view json, std::string_view id = {});

/// Sends the events until the client is gone, the host ends, or it may not go on, which is asked each second.
HttpResponse liveAnswer(std::shared_ptr<LiveEvents> events, std::function<bool()> mayGoOn);

}  // namespace carillon
