#pragma once

#include "api/ApiContext.h"
#include "record/Pause.h"

#include <string>

namespace carillon {

/// What somebody says of a pause, as text.
struct PauseWish {
    std::string until{};  ///< See parseEnd(), in the zone of all times that are shown; empty: until it is resumed.
    std::string note{};
};

/// Throws HttpRefusal: 400, the end is none, or it is past.
Pause pauseOf(ApiContext& context, const PauseWish& wish);

}  // namespace carillon
