#pragma once

#include "carillon/RunContext.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <streambuf>
#include <vector>

namespace passerelle {

/// JSON text in which no string is longer than a limit: of a longer one the rest is left out up to its closing quote,
/// at a character and not within an escape. A JSON parser keeps each string whole before anyone sees it, so an endless
/// one has to end before the parser. Also counts the bytes, and looks at the stop token at each read.
class BoundedStringBuffer : public std::streambuf {
public:
    /// Borrows both.
    BoundedStringBuffer(std::istream& source, std::size_t longestString, const carillon::StopToken& stop)
        : _source(source), _longest(longestString), _stop(stop) {}

    std::uint64_t bytesRead() const { return _bytesRead; }
    bool reachedEnd() const { return _reachedEnd; }
    /// Whether a string ended short since the last call, in what was taken out of here until now.
    bool takeCut();

protected:
    int_type underflow() override;

private:
    /// In the block, in its place; gives how many of its bytes are left.
    std::size_t shorten(std::size_t bytes);
    /// How many bytes are kept whatever stands there. Most are, and one by one they would cost a third of the reading.
    std::size_t passRun(const char* from, std::size_t bytes);
    bool keep(char c, std::ptrdiff_t at);
    bool keepInString(char c, std::ptrdiff_t at);
    void followEscape(char c);

    static constexpr unsigned kEscape = 5;  // after the backslash, before the letter that tells how many follow

    std::istream& _source;
    const std::size_t _longest;
    const carillon::StopToken& _stop;
    std::array<char, 32768> _block{};
    std::uint64_t _bytesRead = 0;
    std::size_t _stringBytes = 0;
    unsigned _escapeLeft = 0;  // kEscape, or the digits of a \uXXXX still to come
    bool _surrogate = false;   // the first of these digits was a d
    bool _firstHalf = false;   // the last character was the first half of a surrogate pair
    bool _inString = false;
    bool _dropping = false;
    bool _cut = false;                  // in an earlier block
    std::vector<std::ptrdiff_t> _cuts;  // in this block, which is read ahead of its reader: where in it
    bool _reachedEnd = false;
};

}  // namespace passerelle
