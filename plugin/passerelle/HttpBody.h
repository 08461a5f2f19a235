#pragma once

#include "HttpHead.h"

#include <chrono>
#include <cstdint>
#include <streambuf>

namespace passerelle {

/// The body of an answer as its bytes arrive, without chunks; the bytes stay where the connection read them. At its end
/// it says whether it was whole. Throws what the connection throws.
class HttpBody final : public std::streambuf {
public:
    /// Borrows the connection, and grants it time anew for each piece.
    HttpBody(HttpConnection& connection, const HttpHead& head);

    /// The end came where the head, or the last chunk, says that it is.
    bool isWhole() const { return _end == End::Proper; }
    /// The other side ended the connection before that, or the chunks are none.
    bool isCut() const { return _end == End::Cut; }
    /// From now on one grant of time is for all that is left, as is right for a short body.
    void hurry(std::chrono::milliseconds most = std::chrono::milliseconds::max());
    /// Passes over what is left, if that is little and comes soon. True: the body ended, and the connection did not.
    bool reachEnd();

protected:
    int_type underflow() override;

private:
    enum class End : std::uint8_t { None, Proper, Cut };
    enum class Frame : std::uint8_t { Length, Chunks, Close };

    bool beginChunk();
    bool endChunks();
    int_type endWith(End end);

    HttpConnection& _connection;
    Frame _frame = Frame::Close;
    std::uint64_t _left = 0;  // of the body, or of the chunk
    bool _inChunk = false;
    bool _isHurried = false;
    End _end = End::None;
};

}  // namespace passerelle
