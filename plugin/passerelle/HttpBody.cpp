#include "HttpBody.h"

#include "Poco/Ascii.h"
#include "Poco/NumberParser.h"
#include "Poco/String.h"

#include <algorithm>
#include <limits>

namespace passerelle {
namespace {

/// Of a chunk's size with its extensions, and of a trailer.
constexpr std::size_t kLongestLine = 64 << 10;
constexpr int kMostTrailers = 200;

/// For the end of what the reader is done with: beyond it a new connection costs less.
constexpr std::streamsize kWorthReading = 64 << 10;
constexpr std::chrono::milliseconds kWorthWaiting{1'000};

}  // namespace

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

}  // namespace passerelle
