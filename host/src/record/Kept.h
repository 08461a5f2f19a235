#pragma once

#include "base/Fields.h"

#include <cstdint>
#include <optional>
#include <string>

namespace carillon {

/// What there is of one kind of record, and for how long it is kept.
struct KeptRecord {
    std::string keep{};                ///< `90d`; empty: by number, see the key.
    std::optional<TimePoint> since{};  ///< The oldest; nothing: there is none.
    std::int64_t count = 0;            ///< Runs or slots; of logs bytes.
};

/// What a host keeps, as it found it last.
struct Kept {
    KeptRecord history{};
    KeptRecord ledger{};
    KeptRecord logs{};
    TimePoint at{};
};

template <class Archive>
void fields(Archive& archive, KeptRecord& record) {
    archive.orNull("keep", record.keep);
    archive("since", record.since);
    archive("count", record.count);
}

template <class Archive>
void fields(Archive& archive, Kept& kept) {
    archive("history", kept.history);
    archive("ledger", kept.ledger);
    archive("logs", kept.logs);
    archive("at", kept.at);
}

}  // namespace carillon
