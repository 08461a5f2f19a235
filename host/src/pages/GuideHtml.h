#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// A heading of a guide.
struct GuideHeading {
    int level = 1;
    std::string id{};  ///< As its links name it.
    std::string words{};
};

/// A guide as HTML.
struct GuideHtml {
    std::string title{};
    std::string html{};
    std::vector<GuideHeading> headings{};  ///< Without the title.
};

/// Of the part of Markdown that the guides are written in: headings up to the third level, paragraphs, lists of one
/// level, tables, fenced blocks; in them code, bold and italic words, and links. Links to headings stay links, as do
/// those to other hosts; one to the guide in another language leads to this page, and one to another file is its words.
/// What it does not know stays as it is written. Markup in the text is text. Pure.
GuideHtml guideHtml(std::string_view markdown);

/// How a link names a heading with these words: in small letters, with hyphens for blanks and without punctuation.
std::string headingId(std::string_view words);

}  // namespace carillon
