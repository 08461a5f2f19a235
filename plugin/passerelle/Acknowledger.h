#pragma once

#include "Gateway.h"
#include "Tally.h"

#include "carillon/RunContext.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace passerelle {

/// A set of ids, small where they come one after the other, as a gateway lists them: 16 bytes a gap, whatever the
/// number of ids. One thread.
class IdRanges {
public:
    void add(std::int64_t id);

    /// Takes out the `most` smallest ids, in their order; fewer when there are no more, none when it is empty.
    std::vector<std::int64_t> take(std::size_t most);

private:
    struct Range {
        std::int64_t first = 0;
        std::int64_t last = 0;
    };

    void sort();

    std::vector<Range> _ranges{};
    bool _sorted = true;  // the smallest last, and none touches another
};

/// What one listing's items are acknowledged with, once they are committed.
class Acknowledger {
public:
    /// Borrows all; counts in the tally.
    Acknowledger(Gateway& gateway, carillon::RunContext& context, Tally& tally)
        : _gateway(gateway), _context(context), _tally(tally) {}

    /// Committed.
    void note(const Effects& effects);

    /// An item may be forged by what another one holds, where the gateway does not escape it. Where the list is in
    /// doubt only what Agora knows is acknowledged: nobody can forge a token. Throws what the gateway throws.
    void acknowledge(bool inDoubt);

    /// A gateway that cannot say is no fault: each acknowledgement is confirmed.
    std::optional<GatewayStats> askStats();

    /// Looks whether what the gateway counts has moved by what it confirmed, and notes what is pending. One sentence
    /// if it has not.
    Message reconcile(const GatewayStats& before);

private:
    void acknowledgeAll(IdRanges& ids);

    Gateway& _gateway;
    carillon::RunContext& _context;
    Tally& _tally;
    IdRanges _known{};                  // by the gateway's ids
    IdRanges _strangers{};              // the same, of items whose token Agora does not know
    std::set<std::int64_t> _staying{};  // whatever else has such an id
};

}  // namespace passerelle
