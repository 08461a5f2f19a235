#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace carillon {

/// Tells whoever runs this host as a service how it stands; nothing without one, and nothing on a system without any.
/// On Linux systemd, by the datagrams of sd_notify(3) to $NOTIFY_SOCKET.
class ServiceManager {
public:
    /// Takes what the environment says of it out of the environment: a worker is not the service.
    ServiceManager();

    /// It serves; `status`: how it stands in a few words, empty: as before.
    void tellReady(const std::string& status = "") const;
    /// It serves, and reads its configuration again; to be followed by tellReady().
    void tellReloading() const;
    void tellEnding() const;
    void tellAlive() const;

    /// How often it wants to hear of us at least; nothing without that.
    std::optional<std::chrono::microseconds> watchdog() const { return _watchdog; }

private:
    void tell(const std::string& state) const;

    std::string _socket{};
    std::optional<std::chrono::microseconds> _watchdog{};
};

}  // namespace carillon
