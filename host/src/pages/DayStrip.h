#pragma once

#include "pages/DayBook.h"
#include "pages/Wording.h"

#include <string>

namespace carillon {

/// The last 24 hours of a job as a picture, SVG: a mark for each due time (for each five minutes where it is due more
/// often, the worst of them), told apart by colour and by height; and the same in words for who does not see it.
std::string dayStrip(const Reader& reader, const JobDay& day);

/// `280 ran, 2 failed`; empty: it was not due.
std::string dayInWords(const Texts& texts, const JobDay& day);

/// The picture of one mark, for a legend.
std::string markPicture(SlotMark mark);

/// How long the last runs took, as a picture, with words for who does not see it; empty for less than two.
std::string durationTrend(const Reader& reader, const JobDay& day);

}  // namespace carillon
