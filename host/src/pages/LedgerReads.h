#pragma once

#include "api/ApiContext.h"
#include "record/Run.h"
#include "store/SlotTable.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// A place between two rows of the ledger of many jobs, several of whose slots may be due at one time.
struct LedgerPlace {
    TimePoint at{};         ///< Of the last row before it,
    std::size_t above = 0;  ///< the last of so many of that time; 0: all of that time follow.

    std::string text() const;
};

/// What text() says. Throws HttpRefusal: 400.
std::optional<LedgerPlace> ledgerPlaceOf(const WebCall& call);

/// A page of the ledger as somebody may see it.
struct VisibleSlots {
    std::vector<SlotRow> slots{};
    std::optional<LedgerPlace> next{};        ///< Nothing: this is the end.
    std::optional<TimePoint> lookedBackTo{};  ///< What is older was not looked at.
};

/// `query.limit` of them at most, from the place on. Looks at so many rows at most that no answer takes long: a page
/// may hold fewer than there are further ones. Throws StoreException.
VisibleSlots visibleSlots(ApiContext& context, const Caller& caller, const SlotQuery& query,
                          const std::optional<LedgerPlace>& from);

}  // namespace carillon
