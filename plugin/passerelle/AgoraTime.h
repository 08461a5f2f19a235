#pragma once

#include "carillon/RunContext.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace passerelle {

/// A date-time as somebody wrote it, to the second.
struct DateTimeText {
    std::chrono::local_seconds local{};
    std::optional<std::chrono::seconds> offset{};  ///< East of UTC; none: the text leaves it to the reader's zone.
};

/// Reads the forms of ISO 8601 that name one second: `2026-11-20 10:00:00`, `2026-11-20T10:00Z`,
/// `2026-11-20t10:00:00,25+0100`, `20261120T100000Z`; blanks may surround the text and one may precede the offset. A
/// fraction is cut off, the end of a day (24:00) is the beginning of the next one, a leap second is the second before
/// it. Nothing when it is anything else or names a day that is not there.
std::optional<DateTimeText> parseDateTime(std::string_view text);

/// `YYYY-MM-DD HH:MM:SS`, of the years 0 to 9999.
std::string formatDateTime(std::chrono::local_seconds at);

/// Date-times as Agora's tables hold them: `YYYY-MM-DD HH:MM:SS`, local in Agora's zone, without a mark. Texts of this
/// form compare as the times do. One thread.
class AgoraTime {
public:
    /// Borrows the context. The zones are names of the time-zone database, which is read at the first conversion: a run
    /// with nothing to do needs none. Each conversion throws Poco::NotFoundException naming the zone that is not in it.
    AgoraTime(const carillon::RunContext& context, std::string agoraZone, std::string gatewayZone)
        : _context(context), _agoraName(std::move(agoraZone)), _gatewayName(std::move(gatewayZone)) {}

    /// The gateway's text, any of parseDateTime(), in Agora's zone; nothing when it is none, or out of the years 1000
    /// to 9999 that a DATETIME holds. With an offset or Z it is an instant; else a time of the gateway's zone, and one
    /// that this zone repeats is the first of the two, one that it skips the end of the gap.
    std::optional<std::string> fromGateway(const std::string& text) const;

    /// The instant that the gateway's text means, likewise.
    std::optional<carillon::TimePoint> instantOf(const std::string& text) const;

    std::string fromUtc(carillon::TimePoint at) const;
    /// The instant that a text of Agora's tables means; nothing when it is none. A time that the zone repeats is the
    /// first of the two.
    std::optional<carillon::TimePoint> fromAgora(const std::string& text) const;

private:
    void findZones() const;
    std::optional<std::chrono::sys_seconds> parse(const std::string& text) const;

    const carillon::RunContext& _context;
    std::string _agoraName;
    std::string _gatewayName;
    mutable std::shared_ptr<const carillon::Zone> _agora{};
    mutable std::shared_ptr<const carillon::Zone> _gateway{};
};

/// The inbox is the plugin's own and holds UTC in the same form.
std::string utcText(carillon::TimePoint at);
std::optional<carillon::TimePoint> parseUtcText(const std::string& text);

}  // namespace passerelle
