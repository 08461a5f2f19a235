#include "BoundedStringBuffer.h"

#include "Encoding.h"

#include <algorithm>
#include <cstring>

namespace passerelle {

BoundedStringBuffer::int_type BoundedStringBuffer::underflow() {
    keepMarked();
    std::size_t kept = 0;
    while (kept == 0 && !_reachedEnd) {
        _stop.throwIfRequested();
        // One read of the socket: what is there now, not a full block, so that a slow gateway is noticed.
        // The buffer itself: the stream around it would swallow what the network throws.
        std::streambuf& source = *_source.rdbuf();
        std::streamsize n = 0;
        if (source.sgetc() != traits_type::eof())
            n = source.sgetn(_block.data(), std::min(source.in_avail(), static_cast<std::streamsize>(_block.size())));
        if (n <= 0) {
            _reachedEnd = true;
            _source.setstate(std::ios::eofbit);
            break;
        }
        _bytesRead += static_cast<std::uint64_t>(n);
        kept = shorten(_block.data(), static_cast<std::size_t>(n));
    }
    _endPosition += static_cast<std::int64_t>(kept);
    present(_block.data(), kept);
    return kept == 0 ? traits_type::eof() : traits_type::to_int_type(_block[0]);
}

void BoundedStringBuffer::present(char* from, std::size_t bytes) {
    setg(from, from, from + bytes);
    if (_mark != nullptr) _mark = from;
}

void BoundedStringBuffer::setMark() {
    _mark = gptr();
    _kept.clear();
    _keptAll = true;
}

/// Before what can be taken now is replaced.
void BoundedStringBuffer::keepMarked() {
    if (_mark == nullptr || !_keptAll) return;
    const auto bytes = static_cast<std::size_t>(egptr() - _mark);
    _keptAll = _kept.size() + bytes <= kMostKept;
    if (_keptAll)
        _kept.append(_mark, bytes);
    else
        _kept.clear();
}

bool BoundedStringBuffer::goBack() {
    if (_mark == nullptr || !_keptAll) return false;
    pushBack(_kept + std::string(_mark, static_cast<const char*>(gptr())));
    return true;
}

void BoundedStringBuffer::pushBack(const std::string& text) {
    std::string again = text;
    again.append(gptr(), egptr());
    _again = std::move(again);
    _mark = nullptr;
    // Whoever reads a text again holds it to be out of order: what was taken for strings in it may have been none.
    _inString = _dropping = _firstHalf = false;
    _escapeLeft = 0;
    const std::size_t bytes = _again.size();
    _endPosition -= static_cast<std::int64_t>(bytes);
    const std::size_t kept = shorten(_again.data(), bytes);
    _endPosition += static_cast<std::int64_t>(kept);
    present(_again.data(), kept);
}

std::string BoundedStringBuffer::lastNumber() const {
    const auto isPart = [](char c) {
        return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
    };
    const char* from = gptr();
    while (from != eback() && isPart(from[-1])) --from;
    std::string number(from, static_cast<const char*>(gptr()));
    // It began in an earlier block.
    if (from == eback())
        for (auto at = _kept.rbegin(); at != _kept.rend() && isPart(*at); ++at) number.insert(number.begin(), *at);
    return number;
}

std::size_t BoundedStringBuffer::shorten(char* block, std::size_t bytes) {
    std::size_t kept = 0;
    for (std::size_t at = 0; at < bytes;) {
        const std::size_t run = passRun(&block[at], bytes - at);
        if (kept != at) std::memmove(&block[kept], &block[at], run);
        at += run;
        kept += run;
        if (at == bytes) break;
        const char c = block[at++];
        if (keep(c, kept)) block[kept++] = c;
    }
    return kept;
}

std::size_t BoundedStringBuffer::passRun(const char* from, std::size_t bytes) {
    if (!_inString) {
        const void* quote = std::memchr(from, '"', bytes);
        return quote == nullptr ? bytes : static_cast<std::size_t>(static_cast<const char*>(quote) - from);
    }
    if (_dropping || _escapeLeft > 0 || _firstHalf || _stringBytes >= _longest) return 0;
    const char* const end = from + std::min(bytes, _longest - _stringBytes);
    const char* const to = findByte(from, end, [](char c) { return (c == '"') | (c == '\\'); });
    _stringBytes += static_cast<std::size_t>(to - from);
    return static_cast<std::size_t>(to - from);
}

bool BoundedStringBuffer::takeCut() {
    const auto first = std::find_if(_cuts.begin(), _cuts.end(), [this](auto at) { return at > position(); });
    const bool cut = first != _cuts.begin();
    _cuts.erase(_cuts.begin(), first);
    return cut;
}

bool BoundedStringBuffer::keep(char c, std::size_t at) {
    if (_inString) return keepInString(c, at);
    if (c == '"') {
        _inString = true;
        _dropping = false;
        _stringBytes = 0;
    }
    return true;
}

bool BoundedStringBuffer::keepInString(char c, std::size_t at) {
    const bool startsCharacter = _escapeLeft == 0 && (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    if (startsCharacter && c == '"') {
        _inString = false;
        return true;
    }
    if (startsCharacter && !_dropping && _stringBytes >= _longest && !_firstHalf) {
        _dropping = true;
        _cuts.push_back(_endPosition + static_cast<std::int64_t>(at));
    }
    if (startsCharacter)
        _escapeLeft = c == '\\' ? kEscape : 0;
    else if (_escapeLeft > 0)
        followEscape(c);
    if (startsCharacter && c != '\\') _firstHalf = false;
    ++_stringBytes;
    return !_dropping;
}

/// `\n` ends with its letter, `\uXXXX` after four digits. \uD800 to \uDBFF is the first half of a character.
void BoundedStringBuffer::followEscape(char c) {
    if (_escapeLeft == kEscape) {
        _escapeLeft = c == 'u' ? 4 : 0;
        if (c != 'u') _firstHalf = false;
        return;
    }
    if (_escapeLeft == 4) _surrogate = c == 'd' || c == 'D';
    if (_escapeLeft == 3) _firstHalf = _surrogate && (c == '8' || c == '9' || (c | 0x20) == 'a' || (c | 0x20) == 'b');
    --_escapeLeft;
}

}  // namespace passerelle
