#pragma once

#include "BacklogReader.h"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace passerelle {

/// How much one synchronisation takes at once, and puts up with.
struct SyncLimits {
    std::size_t batch = 2'000;                 ///< Items a transaction.
    std::size_t maxStatementBytes = 16 << 20;  ///< What the database takes in one statement.
    double maxRejectRatio = 0.5;               ///< See SafetyValve.h.
    std::chrono::days keepsStrangers{90};      ///< Rejects of unknown tokens.

    /// The payload stands in one row of a statement, escaped: so an item may take a part of a statement only.
    BacklogLimits reading() const {
        constexpr std::size_t kLargestString = 1 << 20;
        BacklogLimits limits;
        limits.batchItems = batch;
        limits.stringBytes = std::min(kLargestString, maxStatementBytes / 4);
        limits.itemBytes = 2 * limits.stringBytes;
        return limits;
    }
};

}  // namespace passerelle
