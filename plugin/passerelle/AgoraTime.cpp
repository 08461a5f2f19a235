#include "AgoraTime.h"

#include "DateTimeText.h"

#include <chrono>

namespace passerelle {
namespace {

using namespace std::chrono;

/// What a DATETIME holds.
constexpr local_seconds kFirst{local_days{year(1'000) / 1 / 1}};
constexpr local_seconds kEnd{local_days{year(10'000) / 1 / 1}};

sys_seconds asUtc(const DateTimeText& text) {
    return sys_seconds(text.local.time_since_epoch() - text.offset.value_or(seconds(0)));
}

}  // namespace

void AgoraTime::findZones() const {
    if (_gateway) return;
    _agora = _context.zone(_agoraName);
    _gateway = _context.zone(_gatewayName);
}

std::optional<sys_seconds> AgoraTime::parse(const std::string& text) const {
    const auto written = parseDateTime(text);
    if (!written) return std::nullopt;
    findZones();
    return written->offset ? asUtc(*written) : _gateway->toUtc(written->local);
}

std::optional<std::string> AgoraTime::fromGateway(const std::string& text) const {
    const auto instant = parse(text);
    if (!instant) return std::nullopt;
    const local_seconds at = _agora->toLocal(*instant);
    return at >= kFirst && at < kEnd ? std::optional(formatDateTime(at)) : std::nullopt;
}

std::optional<carillon::TimePoint> AgoraTime::instantOf(const std::string& text) const {
    return parse(text);
}

std::string AgoraTime::fromUtc(carillon::TimePoint at) const {
    findZones();
    return formatDateTime(_agora->toLocal(floor<seconds>(at)));
}

std::string utcText(carillon::TimePoint at) {
    return formatDateTime(local_seconds(floor<seconds>(at).time_since_epoch()));
}

std::optional<carillon::TimePoint> parseUtcText(const std::string& text) {
    const auto written = parseDateTime(text);
    if (!written) return std::nullopt;
    return asUtc(*written);
}

}  // namespace passerelle
