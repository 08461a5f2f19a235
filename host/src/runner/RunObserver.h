#pragma once

#include "Poco/Message.h"
#include "Poco/Timestamp.h"

#include <cstdint>
#include <string>

namespace carillon {

/// Learns what all runs of a host say while they go on, whoever asked for them. Called on the threads that run them, at
/// once on several: it returns at once and throws nothing.
class RunObserver {
public:
    virtual ~RunObserver() = default;

    /// A line that the job's log takes. `run`: empty before it has begun.
    virtual void runLogged(const std::string& /*job*/, const std::string& /*run*/, Poco::Message::Priority,
                           Poco::Timestamp /*at*/, const std::string& /*text*/) {}
    /// `total`: 0 when it is not known.
    virtual void runProgressed(const std::string& /*job*/, const std::string& /*run*/, std::uint64_t /*done*/,
                               std::uint64_t /*total*/, const std::string& /*what*/) {}
};

}  // namespace carillon
