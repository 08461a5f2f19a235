#include "AgoraTime.h"

#include "date/tz.h"

#include "Poco/Exception.h"

#include <chrono>

namespace passerelle {
namespace {

using date::local_seconds;
using std::chrono::seconds;

/// What a DATETIME holds.
constexpr local_seconds kFirst{date::local_days{date::year(1'000) / 1 / 1}};
constexpr local_seconds kEnd{date::local_days{date::year(10'000) / 1 / 1}};

const date::time_zone* findZone(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::exception&) {
        throw Poco::NotFoundException("there is no time zone " + name +
                                      "; expected a name of the time-zone database such as Europe/Paris");
    }
}

void putDigits(std::string& text, std::size_t first, std::size_t digits, int value) {
    for (std::size_t i = first + digits; i-- > first; value /= 10) text[i] = static_cast<char>('0' + value % 10);
}

std::string format(local_seconds at) {
    const auto day = date::floor<date::days>(at);
    const date::year_month_day date{day};
    const date::hh_mm_ss<seconds> time{at - day};
    std::string text = "0000-00-00 00:00:00";
    putDigits(text, 0, 4, static_cast<int>(date.year()));
    putDigits(text, 5, 2, static_cast<int>(static_cast<unsigned>(date.month())));
    putDigits(text, 8, 2, static_cast<int>(static_cast<unsigned>(date.day())));
    putDigits(text, 11, 2, static_cast<int>(time.hours().count()));
    putDigits(text, 14, 2, static_cast<int>(time.minutes().count()));
    putDigits(text, 17, 2, static_cast<int>(time.seconds().count()));
    return text;
}

std::optional<local_seconds> parse(const std::string& text) {
    constexpr std::string_view form = "dddd-dd-dd dd:dd:dd";
    if (text.size() != form.size()) return std::nullopt;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return std::nullopt;
    const auto number = [&text](std::size_t first, std::size_t digits) {
        int value = 0;
        for (std::size_t i = first; i < first + digits; ++i) value = value * 10 + (text[i] - '0');
        return value;
    };
    const date::year_month_day day{date::year(number(0, 4)), date::month(static_cast<unsigned>(number(5, 2))),
                                   date::day(static_cast<unsigned>(number(8, 2)))};
    const int hour = number(11, 2);
    const int minute = number(14, 2);
    const int second = number(17, 2);
    if (!day.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return date::local_days(day) + std::chrono::hours(hour) + std::chrono::minutes(minute) + seconds(second);
}

}  // namespace

void AgoraTime::findZones() const {
    if (_gateway != nullptr) return;
    _agora = findZone(_agoraName);
    _gateway = findZone(_gatewayName);
}

std::optional<std::string> AgoraTime::fromGateway(const std::string& text) const {
    const auto local = parse(text);
    if (!local) return std::nullopt;
    findZones();
    const local_seconds at = _agora->to_local(_gateway->to_sys(*local, date::choose::earliest));
    return at >= kFirst && at < kEnd ? std::optional(format(at)) : std::nullopt;
}

std::optional<carillon::TimePoint> AgoraTime::instantOf(const std::string& text) const {
    const auto local = parse(text);
    if (!local) return std::nullopt;
    findZones();
    return _gateway->to_sys(*local, date::choose::earliest);
}

std::string AgoraTime::fromUtc(carillon::TimePoint at) const {
    findZones();
    return format(_agora->to_local(std::chrono::floor<seconds>(at)));
}

std::string utcText(carillon::TimePoint at) {
    return format(local_seconds(std::chrono::floor<seconds>(at).time_since_epoch()));
}

std::optional<carillon::TimePoint> parseUtcText(const std::string& text) {
    const auto local = parse(text);
    if (!local) return std::nullopt;
    return carillon::TimePoint(local->time_since_epoch());
}

}  // namespace passerelle
