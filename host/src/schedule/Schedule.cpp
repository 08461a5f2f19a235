#include "schedule/Schedule.h"

#include "schedule/ZoneDatabase.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono;

constexpr sys_seconds kEnd = sys_days(2200y / January / 1);
constexpr sys_seconds kBeginning = sys_days(1y / January / 1);

bool followsRealTime(const CronExpression& cron) {
    return (cron.hasSeconds && cron.field(CronUnit::Second).starred) || cron.field(CronUnit::Minute).starred ||
           cron.field(CronUnit::Hour).starred;
}

Message sayNever(std::string_view text, const CronExpression& cron) {
    const std::string& weekdays = cron.field(CronUnit::Weekday).text;
    const bool isAnyWeekday = weekdays == "*" || weekdays == "?";
    return sayHost(isAnyWeekday ? "cron.never" : "cron.neverweekday", {{"text", text},
                                                                       {"month", cron.field(CronUnit::Month).text},
                                                                       {"day", cron.field(CronUnit::Day).text},
                                                                       {"weekdays", weekdays}});
}

}  // namespace

std::shared_ptr<const Schedule> Schedule::parse(std::string_view text, const std::string& zone, std::string_view seed) {
    const auto expression = parseScheduleExpression(text);
    if (const auto* every = std::get_if<milliseconds>(&expression))
        return std::make_shared<Schedule>(*every, findTimeZone(zone));
    const auto& cron = std::get<CronExpression>(expression);
    auto schedule = std::make_shared<Schedule>(cron, findTimeZone(zone), seed);
    if (!schedule->_calendar.hasAnyDay()) throw ScheduleError(sayNever(text, cron));
    return schedule;
}

Schedule::Schedule(const CronExpression& cron, std::shared_ptr<const TimeZone> zone, std::string_view seed)
    : _zone(std::move(zone)), _calendar(cron, seed), _realTime(followsRealTime(cron)), _usesSeed(cron.usesSeed()) {}

Schedule::Schedule(milliseconds every, std::shared_ptr<const TimeZone> zone) : _zone(std::move(zone)), _every(every) {}

std::optional<TimePoint> Schedule::next(TimePoint after) const {
    if (after >= kEnd) return std::nullopt;
    std::optional<TimePoint> slot;
    if (_every.count() > 0) {
        const microseconds length = _every;
        const auto begin = std::max<TimePoint>(after, kBeginning).time_since_epoch();
        const auto rest = (begin % length + length) % length;
        slot = TimePoint(begin - rest + length);
    } else {
        const auto from = std::max(floor<seconds>(after) + 1s, kBeginning);
        slot = _realTime ? nextInRealTime(from) : nextLocalTime(from);
    }
    return slot < kEnd ? slot : std::nullopt;
}

std::optional<sys_seconds> Schedule::nextInRealTime(sys_seconds from) const {
    for (const auto* period = &_zone->periodAt(from);; ++period) {
        const auto local = _calendar.firstFrom(period->toLocal(std::max(from, period->from)));
        if (local && period->toUtc(*local) < period->until) return period->toUtc(*local);
        if (period->until >= kEnd) return std::nullopt;
    }
}

std::optional<sys_seconds> Schedule::nextLocalTime(sys_seconds from) const {
    // Every local time up to the latest one that a clock on the wall has shown is over, also when it is shown again.
    const auto& period = _zone->periodAt(from);
    const auto local = _calendar.firstFrom(period.firstUnseen(from));
    if (!local) return std::nullopt;
    return _zone->firstPass(*local, period);
}

}  // namespace carillon
