#include "HttpAnswer.h"

#include "Poco/Ascii.h"
#include "Poco/NumberParser.h"
#include "Poco/String.h"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <utility>

namespace passerelle {
namespace {

constexpr std::size_t kBlock = 32 << 10;

/// For zlib: the largest window, and what is around the packed bytes.
constexpr int kGzip = MAX_WBITS + 16;
constexpr int kZlib = MAX_WBITS;
constexpr int kRaw = -MAX_WBITS;

/// Whether deflated bytes have the frame that the standard wants, which many servers leave out.
bool hasFrame(unsigned char first, unsigned char second) {
    return (first & 0x0f) == Z_DEFLATED && (first * 256 + second) % 31 == 0;
}

/// Of a chunk's size with its extensions, and of a trailer.
constexpr std::size_t kLongestLine = 64 << 10;
constexpr int kMostTrailers = 200;

/// For the end of what the reader is done with: beyond it a new connection costs less.
constexpr std::streamsize kWorthReading = 64 << 10;
constexpr std::chrono::milliseconds kWorthWaiting{1'000};

constexpr std::streamsize kByteOrderMarkBytes = 3;

}  // namespace

UnpackedBody::UnpackedBody(std::streambuf& packed, Packing packing)
    : _packed(packed),
      _packing(packing),
      _input(std::make_unique_for_overwrite<char[]>(kBlock)),
      _output(std::make_unique_for_overwrite<char[]>(kBlock)) {}

UnpackedBody::~UnpackedBody() {
    if (_hasBegun) ::inflateEnd(&_state);
}

/// False: not a byte came.
bool UnpackedBody::begin() {
    if (!refill()) return false;
    auto* const bytes = reinterpret_cast<unsigned char*>(_input.get());
    // Two bytes tell the kinds of deflate apart.
    if (_state.avail_in == 1 && _packed.sgetc() != traits_type::eof()) {
        bytes[1] = static_cast<unsigned char>(_packed.sbumpc());
        _state.avail_in = 2;
    }
    const bool isRaw = _packing == Packing::Deflate && !(_state.avail_in > 1 && hasFrame(bytes[0], bytes[1]));
    if (::inflateInit2(&_state, _packing == Packing::Gzip ? kGzip : isRaw ? kRaw : kZlib) != Z_OK)
        throw std::bad_alloc();
    return _hasBegun = true;
}

/// What is there now: the list is to be read as it arrives.
bool UnpackedBody::refill() {
    if (_packed.sgetc() == traits_type::eof()) return false;
    const auto count = _packed.sgetn(_input.get(), std::min(_packed.in_avail(), std::streamsize{kBlock}));
    _state.next_in = reinterpret_cast<unsigned char*>(_input.get());
    _state.avail_in = static_cast<unsigned>(count);
    return count > 0;
}

/// False: there is no more to unpack.
bool UnpackedBody::step() {
    const int result = ::inflate(&_state, Z_NO_FLUSH);
    if (result == Z_OK || result == Z_BUF_ERROR) return true;  // the latter: it wants more bytes
    // What follows the end is another piece of gzip, or of no interest.
    if (result == Z_STREAM_END && _packing == Packing::Gzip && (_state.avail_in > 0 || refill()) &&
        *_state.next_in == 0x1f)
        return ::inflateReset(&_state) == Z_OK;
    _isCut = result != Z_STREAM_END;
    return false;
}

UnpackedBody::int_type UnpackedBody::underflow() {
    setg(nullptr, nullptr, nullptr);
    if (!_isAtEnd && !_hasBegun) _isAtEnd = !begin();
    _state.next_out = reinterpret_cast<unsigned char*>(_output.get());
    _state.avail_out = kBlock;
    while (!_isAtEnd && _state.avail_out == kBlock) {
        _isAtEnd = !step();
        // Only now: zlib may hold back what did not fit before.
        if (!_isAtEnd && _state.avail_out == kBlock && _state.avail_in == 0 && !refill()) _isAtEnd = _isCut = true;
    }
    const std::size_t count = kBlock - _state.avail_out;
    setg(_output.get(), _output.get(), _output.get() + count);
    return count == 0 ? traits_type::eof() : traits_type::to_int_type(*gptr());
}

HttpBody::HttpBody(HttpConnection& connection, const HttpHead& head) : _connection(connection) {
    if (!head.hasBody()) {
        _end = End::Proper;
    } else if (head.isChunked) {
        _frame = Frame::Chunks;
    } else if (head.length) {
        _frame = Frame::Length;
        _left = *head.length;
    } else {
        _left = std::numeric_limits<std::uint64_t>::max();
    }
}

HttpBody::int_type HttpBody::underflow() {
    // What the last piece held was taken by the reader.
    _connection.take(static_cast<std::size_t>(egptr() - eback()));
    setg(nullptr, nullptr, nullptr);
    if (_end != End::None) return traits_type::eof();
    if (!_isHurried) _connection.grantTime(HttpConnection::Phase::Body);
    if (_frame == Frame::Chunks && _left == 0 && !beginChunk()) return endWith(End::Cut);
    if (_left == 0) return endWith(_frame == Frame::Length || endChunks() ? End::Proper : End::Cut);
    if (_connection.size() == 0 && !_connection.receive())
        return endWith(_frame == Frame::Close ? End::Proper : End::Cut);
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(_connection.size(), _left));
    _left -= count;
    setg(_connection.begin(), _connection.begin(), _connection.begin() + count);
    return traits_type::to_int_type(*gptr());
}

HttpBody::int_type HttpBody::endWith(End end) {
    _end = end;
    return traits_type::eof();
}

/// Its size in hexadecimal digits; extensions after it say nothing here. 0: it is the last, which is empty.
bool HttpBody::beginChunk() {
    std::string line;
    if (_inChunk && (!_connection.takeLine(line, 1) || !line.empty())) return false;
    _inChunk = true;
    if (!_connection.takeLine(line, kLongestLine)) return false;
    const std::string digits = Poco::trim(line.substr(0, line.find(';')));
    const bool isNumber = !digits.empty() && std::all_of(digits.begin(), digits.end(), Poco::Ascii::isHexDigit);
    Poco::UInt64 size = 0;
    if (!isNumber || !Poco::NumberParser::tryParseHex64(digits, size)) return false;
    _left = size;
    return true;
}

/// Trailers say nothing here.
bool HttpBody::endChunks() {
    std::string line;
    for (int trailers = 0; trailers <= kMostTrailers; ++trailers) {
        if (!_connection.takeLine(line, kLongestLine)) return false;
        if (line.empty()) return true;
    }
    return false;
}

void HttpBody::hurry(std::chrono::milliseconds most) {
    _isHurried = true;
    _connection.grantTime(HttpConnection::Phase::Body, most);
}

bool HttpBody::reachEnd() {
    if (_end == End::None && _frame != Frame::Close) {
        hurry(kWorthWaiting);
        for (std::streamsize passed = 0; passed <= kWorthReading && sgetc() != traits_type::eof();) {
            passed += egptr() - gptr();
            setg(eback(), egptr(), egptr());
        }
    }
    return isWhole() && _frame != Frame::Close;
}

HttpAnswer::HttpAnswer(HttpConnection& connection, HttpHead head)
    : _head(std::move(head)), _body(connection, _head), _stream(nullptr) {
    if (_head.packing != Packing::None) _unpacked.emplace(_body, _head.packing);
    _stream.rdbuf(&bytes());
}

std::streambuf& HttpAnswer::bytes() {
    return _unpacked ? static_cast<std::streambuf&>(*_unpacked) : _body;
}

std::int64_t HttpAnswer::announcedBytes() const {
    const bool isKnown = !_head.isChunked && _head.length && _head.packing == Packing::None;
    return isKnown ? static_cast<std::int64_t>(*_head.length) - _passed : -1;
}

bool HttpAnswer::isBlank() {
    constexpr int kEnd = std::streambuf::traits_type::eof();
    std::streambuf& in = bytes();
    for (; in.sgetc() != kEnd && Poco::Ascii::isSpace(in.sgetc()); ++_passed) in.sbumpc();
    // Only where nothing else is there: a mark before a list is its reader's business.
    if (in.in_avail() == kByteOrderMarkBytes && in.sgetc() == 0xef) {
        std::array<char, kByteOrderMarkBytes> mark{};
        _passed += in.sgetn(mark.data(), kByteOrderMarkBytes);
    }
    return in.sgetc() == kEnd;
}

std::string HttpAnswer::readAtMost(std::size_t most) {
    _body.hurry();
    std::string text(most, '\0');
    // The buffer itself: an istream would swallow what the network throws.
    text.resize(static_cast<std::size_t>(bytes().sgetn(text.data(), static_cast<std::streamsize>(most))));
    return text;
}

}  // namespace passerelle
