#pragma once

#include "runner/RunReporter.h"
#include "runner/RunTicket.h"

#include <cstddef>
#include <functional>
#include <memory>

namespace carillon {

/// Where the runs of a host take place. Safe from any thread.
class Seats {
public:
    /// Called on a thread of the seats when a run is over; not for one whose claim was refused.
    using Finished = std::function<void(RunTicket&& ticket, RunResult&& result)>;

    virtual ~Seats() = default;

    /// Runs the ticket as soon as a seat is free; in the order of the calls.
    virtual void add(RunTicket ticket) = 0;
    /// So many seats from now on. Runs in progress keep theirs.
    virtual void setMost(std::size_t most) = 0;
};

/// Makes the seats of somebody who learns of the ends.
using MakeSeats = std::function<std::unique_ptr<Seats>(Seats::Finished finished)>;

}  // namespace carillon
