#pragma once

#include "pages/DayBook.h"
#include "pages/Wording.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace carillon {

/// The last 24 hours of jobs as pictures, SVG: a mark for each due time (for each five minutes where a job is due more
/// often, the worst of them), told apart by colour and by height, over lines of hours; and the same in words for who
/// does not see it. What the pictures of a page share is made once. One thread; borrows the reader.
class DayStrips {
public:
    /// What has a tooltip, and a link to what became of it: each mark, or all those of an hour. Twelve marks may be in
    /// an hour, of which a page with hundreds of jobs would be too big.
    enum class Grain { Mark, Hour };

    DayStrips(const Reader& reader, Grain grain);

    std::string strip(const JobDay& day, const std::string& job);
    /// The hours, as wide as a strip.
    std::string axis() const;

private:
    struct Link {
        std::int64_t from = 0;  ///< A stretch.
        std::int64_t count = 1;
        MarkCounts counts{};
    };

    void addLinks(std::string& svg, const JobDay& day, const std::string& job, std::int64_t gap);
    void addLink(std::string& svg, const Link& link, const std::string& path, std::int64_t gap);
    void addWords(std::string& text, const MarkCounts& counts);
    const std::string& wordsOf(std::size_t mark, std::uint32_t count);
    /// Of the stretch with that number, counted from the first one.
    const std::string& clockOf(std::int64_t number) const { return _clocks[static_cast<std::size_t>(number)]; }

    const Reader& _reader;
    const Grain _grain;
    const std::int64_t _first;           // stretch
    std::vector<std::string> _clocks{};  // 18:05, where each stretch begins and the last one ends
    std::string _lines{};                // a path
    std::array<std::vector<std::string>, kSlotMarks> _words{};  // HTML, by count
};

/// `280 ran, 2 failed`; empty: it was not due.
std::string dayInWords(const Texts& texts, const JobDay& day);

/// The picture of one mark, for a legend.
std::string markPicture(SlotMark mark);

/// How long the last runs took, as a picture, with words for who does not see it; empty for less than two.
std::string durationTrend(const Reader& reader, const JobDay& day);

}  // namespace carillon
