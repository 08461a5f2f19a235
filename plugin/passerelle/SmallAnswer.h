#pragma once

#include "Poco/JSON/Object.h"

#include <optional>
#include <string>
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

/// What every answer but the pending list is: one JSON object. PHP or a hosting company may print something around it,
/// or an editor leave a byte order mark before it.
struct SmallAnswer {
    Poco::JSON::Object::Ptr json{};  ///< Null: there is none.
    std::string before{};            ///< One readable line; empty: nothing but white space.
    std::string after{};             ///< Likewise.

    bool isSurrounded() const { return !before.empty() || !after.empty(); }
};

/// Finds the object that says by its member `success` how the call went, or one that stands alone.
SmallAnswer readSmallAnswer(const std::string& text);

/// What the answer to a call that failed says of itself: its JSON message, else its text.
std::string errorTextOf(const std::string& text);

}  // namespace passerelle
