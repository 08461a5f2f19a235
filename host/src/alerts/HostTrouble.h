#pragma once

#include "alerts/Alert.h"
#include "carillon/Clock.h"
#include "carillon/Message.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// What people are told of the host itself: that its store fails, that it has lost a lock. Decided in memory, since the
/// store is what may fail. One thread.
class HostTrouble {
public:
    explicit HostTrouble(std::string host) : _host(std::move(host)) {}

    void storeFailed(const std::string& problem, TimePoint since);
    void storeRecovered(TimePoint at);
    /// Something that is over as soon as it is told.
    void happened(const Message& what, TimePoint at);

    /// The alerts that are due, each once. A store that fails is told after `patience`, and its recovery only where
    /// that was.
    std::vector<Alert> take(TimePoint now, std::chrono::milliseconds patience);

private:
    struct StoreFault {
        std::string problem{};
        TimePoint since{};
        bool told = false;
    };

    Alert alertOf(const Message& message, TimePoint at, TimePoint since, bool lasts) const;

    const std::string _host;
    std::optional<StoreFault> _store{};
    std::vector<Alert> _due{};
};

}  // namespace carillon
