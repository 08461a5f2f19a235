#include "UnpackedBody.h"

#include <algorithm>
#include <new>

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

}  // namespace passerelle
