#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace carillon {

/// Tells systemd how the service stands: the datagrams of sd_notify(3) to $NOTIFY_SOCKET; nothing without one.
class ServiceManager {
public:
    /// Reads the environment, and takes the two variables out of it: a worker is not the service.
    ServiceManager();

    /// Lines such as `READY=1` or `STATUS=…`.
    void tell(const std::string& state) const;

    /// WatchdogSec of the unit: how often it wants to hear of us at least; nothing without one.
    std::optional<std::chrono::microseconds> watchdog() const { return _watchdog; }

private:
    std::string _socket;
    std::optional<std::chrono::microseconds> _watchdog{};
};

}  // namespace carillon
