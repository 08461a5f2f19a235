#pragma once

#include "carillon/Clock.h"
#include "record/Run.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// A page of one job's history, newest first.
struct RunQuery {
    std::string job{};
    std::size_t limit = 50;
    std::string after{};               ///< The last run of the page before; empty: from the newest on.
    std::optional<Outcome> outcome{};  ///< Only those that ended so.
    bool running = false;              ///< Only those that have not ended.
};

/// A page of one job's ledger, newest first.
struct SlotQuery {
    std::string job{};
    std::size_t limit = 50;
    std::optional<TimePoint> before{};
};

}  // namespace carillon
