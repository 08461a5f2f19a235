#pragma once

#include "HttpHead.h"

#include <zlib.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <streambuf>
#include <string>

namespace passerelle {

/// A body that a server packed without being asked to, as it was before: gzip in one or more pieces, or deflate, of
/// which servers send two kinds. Ends where the packed bytes end or are none; then it says whether they were whole.
/// Throws what the packed stream throws.
class UnpackedBody final : public std::streambuf {
public:
    /// Borrows the packed bytes.
    UnpackedBody(std::streambuf& packed, Packing packing);
    UnpackedBody(const UnpackedBody&) = delete;
    UnpackedBody& operator=(const UnpackedBody&) = delete;
    ~UnpackedBody() override;

    /// The packed bytes ended in the middle, or are damaged.
    bool isCut() const { return _isCut; }

protected:
    int_type underflow() override;

private:
    bool begin();
    bool refill();
    bool step();

    std::streambuf& _packed;
    const Packing _packing;
    z_stream _state{};
    bool _hasBegun = false;
    bool _isAtEnd = false;
    bool _isCut = false;
    std::unique_ptr<char[]> _input;
    std::unique_ptr<char[]> _output;
};

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

/// The answer to one request: its head, and its body while that arrives, unpacked. Throws what the connection throws.
class HttpAnswer {
public:
    /// Borrows the connection, which nobody else reads in the meantime.
    HttpAnswer(HttpConnection& connection, HttpHead head);

    const HttpHead& head() const { return _head; }
    std::istream& body() { return _stream; }
    /// How many bytes of the body are to come, where the head says so; else -1.
    std::int64_t announcedBytes() const;

    /// Passes over white space. True: there is nothing else in the body, or nothing but a byte order mark.
    bool isBlank();
    /// The beginning of a body that is short, of so many bytes at most: all of it may take as long as one wait.
    std::string readAtMost(std::size_t most);
    /// The body ended before its end.
    bool isCut() const { return _body.isCut() || (_unpacked && _unpacked->isCut()); }
    /// The body is whole and at its end, or all but: the connection carries the next request.
    bool reachEnd() { return !isCut() && _body.reachEnd() && _head.isKept; }

private:
    std::streambuf& bytes();

    HttpHead _head;
    HttpBody _body;
    std::optional<UnpackedBody> _unpacked{};
    std::istream _stream;
    std::int64_t _passed = 0;  // over, before the reader began
};

}  // namespace passerelle
