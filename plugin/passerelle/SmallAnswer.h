#pragma once

#include "Poco/JSON/Object.h"

#include <string>

namespace passerelle {

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
