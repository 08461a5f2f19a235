#pragma once

#include <optional>
#include <string_view>

namespace passerelle {

/// A JSON object with the text around it, which is no part of it.
struct JsonObjectText {
    std::string_view before{};
    std::string_view object{};
    std::string_view after{};
};

/// Where a JSON object seems to begin, from a place on: at a brace that white space and a quotation mark follow, or the
/// brace that closes it. npos: nowhere.
std::size_t findJsonObjectBegin(std::string_view text, std::size_t from = 0);

/// The first whole object in the text that begins at that place or after it: whose brace is closed again. Not checked
/// any further. The views look into the text.
std::optional<JsonObjectText> findJsonObject(std::string_view text, std::size_t from = 0);

}  // namespace passerelle
