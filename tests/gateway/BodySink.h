#pragma once

#include <chrono>
#include <cstddef>
#include <ostream>
#include <string_view>
#include "Poco/Event.h"
#include "Poco/Exception.h"

namespace testgateway {

/// The client is no longer there, or the server is stopping.
POCO_DECLARE_EXCEPTION(, ClientGone, Poco::RuntimeException)
/// The bytes of a `cut` fault are out: the answer ends here.
POCO_DECLARE_EXCEPTION(, AnswerCut, Poco::RuntimeException)

/// Waits that end early, and for ever after, once the server stops. Any thread.
class StopSignal {
public:
    void stop() { _stopped.set(); }
    /// False when the server is stopping.
    bool wait(std::chrono::milliseconds delay) {
        return delay.count() <= 0 ? true : !_stopped.tryWait(static_cast<long>(delay.count()));
    }

private:
    Poco::Event _stopped{Poco::Event::EVENT_MANUALRESET};
};

/// Where the bytes of an answer's body go.
class BodySink {
public:
    virtual ~BodySink() = default;
    virtual void write(std::string_view block) = 0;
    virtual void flush() = 0;
};

/// Throws ClientGone when the stream fails.
class StreamSink final : public BodySink {
public:
    explicit StreamSink(std::ostream& stream) : _stream(stream) {}
    void write(std::string_view block) override;
    void flush() override;

private:
    std::ostream& _stream;
};

/// Passes small pieces on, each at once, with a delay between them.
class DripSink final : public BodySink {
public:
    DripSink(BodySink& next, std::size_t piece, std::chrono::milliseconds delay, StopSignal& stop)
        : _next(next), _piece(piece), _delay(delay), _stop(stop) {}
    void write(std::string_view block) override;
    void flush() override { _next.flush(); }

private:
    BodySink& _next;
    const std::size_t _piece;
    const std::chrono::milliseconds _delay;
    StopSignal& _stop;
};

/// Passes so many bytes on, then throws AnswerCut.
class CutSink final : public BodySink {
public:
    CutSink(BodySink& next, std::size_t bytes) : _next(next), _left(bytes) {}
    void write(std::string_view block) override;
    void flush() override { _next.flush(); }

private:
    BodySink& _next;
    std::size_t _left;
};

}  // namespace testgateway
