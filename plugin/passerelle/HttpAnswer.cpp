#include "HttpAnswer.h"

#include "Poco/Ascii.h"

#include <array>
#include <utility>

namespace passerelle {
namespace {

constexpr std::streamsize kByteOrderMarkBytes = 3;

}  // namespace

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
