#pragma once

#include "carillon/Clock.h"

#include <optional>
#include <string>

namespace date {
class time_zone;
}

namespace passerelle {

/// Date-times as Agora's tables hold them: `YYYY-MM-DD HH:MM:SS`, local in Agora's zone, without a mark. Texts of this
/// form compare as the times do. One thread.
class AgoraTime {
public:
    /// Names of the time-zone database, which is read at the first conversion: a run with nothing to do needs none.
    /// Each conversion throws Poco::NotFoundException naming the zone that is not in it.
    AgoraTime(std::string agoraZone, std::string gatewayZone)
        : _agoraName(std::move(agoraZone)), _gatewayName(std::move(gatewayZone)) {}

    /// The gateway's text in Agora's zone; nothing when it is no such form or no such date. A time that the gateway's
    /// own zone skips or repeats is taken at its first meaning.
    std::optional<std::string> fromGateway(const std::string& text) const;

    /// The instant that the gateway's text means, likewise.
    std::optional<carillon::TimePoint> instantOf(const std::string& text) const;

    std::string fromUtc(carillon::TimePoint at) const;

private:
    void findZones() const;

    std::string _agoraName;
    std::string _gatewayName;
    mutable const date::time_zone* _agora = nullptr;
    mutable const date::time_zone* _gateway = nullptr;
};

/// The inbox is the plugin's own and holds UTC in the same form.
std::string utcText(carillon::TimePoint at);
std::optional<carillon::TimePoint> parseUtcText(const std::string& text);

}  // namespace passerelle
