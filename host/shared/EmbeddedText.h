#pragma once

#include <string_view>

namespace carillon {

/// A text file compiled into a program by carillon_embed_text.
struct EmbeddedText {
    std::string_view name{};
    std::string_view text{};
};

}  // namespace carillon
