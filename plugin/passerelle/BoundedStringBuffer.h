#pragma once

#include "carillon/RunContext.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <streambuf>
#include <string>
#include <vector>

namespace passerelle {

/// JSON text in which no string is longer than a limit: of a longer one the rest is left out up to its closing quote,
/// at a character and not within an escape. A JSON parser keeps each string whole before anyone sees it, so an endless
/// one has to end before the parser. Also counts the bytes, looks at the stop token at each read, and can give back
/// what was read since a mark, for a second look at what the parser could not make sense of.
class BoundedStringBuffer : public std::streambuf {
public:
    /// Borrows both.
    BoundedStringBuffer(std::istream& source, std::size_t longestString, const carillon::StopToken& stop)
        : _source(source), _longest(longestString), _stop(stop) {}

    std::uint64_t bytesRead() const { return _bytesRead; }
    bool reachedEnd() const { return _reachedEnd; }
    /// Whether a string ended short since the last call, in what was taken out of here until now.
    bool takeCut();

    /// From here on what is taken is kept, for goBack(); it replaces the mark before it.
    void setMark();
    /// To the mark: what was taken since then comes again. False: that was more than is kept, and nothing has changed.
    bool goBack();
    /// This comes next, before what is still to come; no string is open where that begins. Ends the mark.
    void pushBack(const std::string& text);
    /// The number that was taken last, as it was written.
    std::string lastNumber() const;

protected:
    int_type underflow() override;

private:
    static constexpr std::size_t kMostKept = 4 << 20;

    void keepMarked();
    void present(char* from, std::size_t bytes);
    std::int64_t position() const { return _endPosition - (egptr() - gptr()); }
    /// In its place; gives how many of the bytes are left.
    std::size_t shorten(char* block, std::size_t bytes);
    /// How many bytes are kept whatever stands there. Most are, and one by one they would cost a third of the reading.
    std::size_t passRun(const char* from, std::size_t bytes);
    bool keep(char c, std::size_t at);
    bool keepInString(char c, std::size_t at);
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
    std::vector<std::int64_t> _cuts;  // where in the text that comes out of here; it is read ahead of its reader
    std::int64_t _endPosition = 0;    // there, of the end of what can be taken now
    std::string _again;               // what comes again, while that is taken instead of the block
    const char* _mark = nullptr;      // in what can be taken now
    std::string _kept;                // from the mark to the end of the blocks before
    bool _keptAll = true;
    bool _reachedEnd = false;
};

}  // namespace passerelle
