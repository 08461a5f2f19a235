#include "schedule/CronCalendar.h"

#include <algorithm>
#include <bit>
#include <string>

namespace carillon {
namespace {

using namespace std::chrono;
using ItemKind = CronItem::Kind;

constexpr year kLastYear{2200};
constexpr unsigned kSunday = 0;
constexpr unsigned kSaturday = 6;

/// Which of `count` values a job of this name gets.
int hashOf(std::string_view seed, CronUnit unit, int count) {
    const std::string text = static_cast<char>(unit) + std::string(seed);
    return static_cast<int>(stableHash(text) % static_cast<std::uint64_t>(count));
}

/// The bits of an item that names values; none for one that depends on the month.
std::uint64_t bitsOf(const CronItem& item, CronUnit unit, std::string_view seed) {
    if (item.kind > ItemKind::Hash) return 0;
    int first = item.first;
    int step = std::max(item.step, 1);
    if (item.kind == ItemKind::Hash) {
        const int count = item.last - item.first + 1;
        first += hashOf(seed, unit, item.step == 0 ? count : step);
        if (item.step == 0) step = count;
    }
    const int period = largestOf(unit) - smallestOf(unit) + 1;
    std::uint64_t bits = 0;
    for (int value = first; value <= item.last + (item.first > item.last ? period : 0); value += step)
        bits |= std::uint64_t{1} << (value > largestOf(unit) ? value - period : value);
    return bits;
}

std::uint64_t bitsOf(const CronExpression& cron, CronUnit unit, std::string_view seed) {
    std::uint64_t bits = 0;
    for (const auto& item : cron.field(unit).items) bits |= bitsOf(item, unit, seed);
    return bits;
}

unsigned workdayNearest(unsigned day, unsigned firstWeekday, unsigned length) {
    const unsigned weekday = (firstWeekday + day - 1) % 7;
    if (weekday == kSaturday) return day == 1 ? 3 : day - 1;
    if (weekday == kSunday) return day == length ? day - 2 : day + 1;
    return day;
}

template <typename Bits, typename Use>
void forEachBit(Bits bits, Use use) {
    for (; bits != 0; bits &= bits - 1) use(static_cast<unsigned>(std::countr_zero(bits)));
}

/// The lowest bit at or above `from`; -1 when there is none.
template <typename Bits>
int bitFrom(Bits bits, int from) {
    const Bits above = static_cast<Bits>(bits >> from);
    return above == 0 ? -1 : from + std::countr_zero(above);
}

}  // namespace

std::uint64_t stableHash(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
    hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
    return hash ^ (hash >> 33);
}

CronCalendar::CronCalendar(const CronExpression& cron, std::string_view seed)
    : _seconds(bitsOf(cron, CronUnit::Second, seed)),
      _minutes(bitsOf(cron, CronUnit::Minute, seed)),
      _hours(static_cast<std::uint32_t>(bitsOf(cron, CronUnit::Hour, seed))),
      _days(static_cast<std::uint32_t>(bitsOf(cron, CronUnit::Day, seed))),
      _months(static_cast<std::uint16_t>(bitsOf(cron, CronUnit::Month, seed))),
      _weekdays(static_cast<std::uint8_t>(bitsOf(cron, CronUnit::Weekday, seed))) {
    for (const auto& item : cron.field(CronUnit::Day).items) addDay(item);
    for (const auto& item : cron.field(CronUnit::Weekday).items) addWeekday(item);
    // As Vixie cron: a field that begins with * does not restrict, it only filters.
    _bothDays = cron.bothDays || cron.field(CronUnit::Day).starred || cron.field(CronUnit::Weekday).starred;
    _firstTime = (std::countr_zero(_hours) * 60 + std::countr_zero(_minutes)) * 60 + std::countr_zero(_seconds);
}

void CronCalendar::addDay(const CronItem& item) {
    if (item.kind == ItemKind::LastDay) _daysFromEnd |= 1U << item.first;
    if (item.kind == ItemKind::LastWorkday) _workdays |= 1U;
    if (item.kind == ItemKind::NearestWorkday) _workdays |= 1U << item.first;
}

void CronCalendar::addWeekday(const CronItem& item) {
    if (item.kind == ItemKind::NthWeekday) _nthWeekdays |= std::uint64_t{1} << (8 * item.last + item.first);
    if (item.kind == ItemKind::LastOfWeekday) _nthWeekdays |= std::uint64_t{1} << item.first;
}

std::uint32_t CronCalendar::byDate(unsigned firstWeekday, unsigned length) const {
    std::uint32_t days = _days;
    forEachBit(_daysFromEnd, [&](unsigned n) { days |= n < length ? 1U << (length - n) : 0; });
    forEachBit(_workdays, [&](unsigned n) {
        if (n <= length) days |= 1U << workdayNearest(n == 0 ? length : n, firstWeekday, length);
    });
    return days;
}

std::uint32_t CronCalendar::byWeekday(unsigned firstWeekday, unsigned length) const {
    // Six weeks side by side, from which the month is cut out.
    const std::uint64_t weeks = std::uint64_t{_weekdays} * 0x0810204081;
    auto days = static_cast<std::uint32_t>((weeks >> firstWeekday) << 1);
    forEachBit(_nthWeekdays, [&](unsigned bit) {
        const unsigned first = 1 + (bit % 8 + 7 - firstWeekday) % 7;
        const unsigned day = bit >= 8 ? first + 7 * (bit / 8 - 1) : first + (length - first) / 7 * 7;
        if (day <= length) days |= 1U << day;
    });
    return days;
}

std::uint32_t CronCalendar::daysOf(unsigned firstWeekday, unsigned length) const {
    const std::uint32_t month = ((std::uint32_t{1} << length) - 1) << 1;
    const std::uint32_t dates = byDate(firstWeekday, length);
    const std::uint32_t weekdays = byWeekday(firstWeekday, length);
    return month & (_bothDays ? dates & weekdays : dates | weekdays);
}

std::uint32_t CronCalendar::daysOf(year_month month, local_days firstDay) const {
    const auto length = static_cast<unsigned>((month / last).day());
    return daysOf(weekday(firstDay).c_encoding(), length);
}

bool CronCalendar::hasAnyDay() const {
    bool any = false;
    forEachBit(_months, [&](unsigned number) {
        const auto length = static_cast<unsigned>((2000y / month(number) / last).day());
        for (unsigned weekday = 0; weekday < 7; ++weekday)
            any = any || daysOf(weekday, length) != 0 || (number == 2 && daysOf(weekday, 28) != 0);
    });
    return any;
}

int CronCalendar::timeFrom(int from) const {
    const int hour = from / 3600;
    const int minute = from / 60 % 60;
    if ((_hours >> hour & 1) != 0) {
        if ((_minutes >> minute & 1) != 0)
            if (const int second = bitFrom(_seconds, from % 60); second >= 0) return hour * 3600 + minute * 60 + second;
        if (const int later = bitFrom(_minutes, minute + 1); later >= 0)
            return hour * 3600 + later * 60 + std::countr_zero(_seconds);
    }
    const int later = bitFrom(_hours, hour + 1);
    return later < 0 ? -1 : later * 3600 + _firstTime % 3600;
}

std::optional<local_seconds> CronCalendar::firstFrom(local_seconds from) const {
    const auto today = floor<days>(from);
    const year_month_day date(today);
    year_month month = date.year() / date.month();
    const auto dayNumber = static_cast<unsigned>(date.day());
    local_days firstDay = today - days(dayNumber - 1);
    std::uint32_t matching = 0;
    if ((_months >> static_cast<unsigned>(month.month()) & 1) != 0) {
        matching = daysOf(month, firstDay) >> dayNumber;
        if ((matching & 1) != 0)
            if (const int time = timeFrom(static_cast<int>((from - today).count())); time >= 0)
                return today + seconds(time);
        matching = matching >> 1 << 1 << dayNumber;
    }
    while (matching == 0) {
        const int later = bitFrom(_months, static_cast<int>(static_cast<unsigned>(month.month())) + 1);
        month = later > 0
                    ? month.year() / std::chrono::month(static_cast<unsigned>(later))
                    : (month.year() + years(1)) / std::chrono::month(static_cast<unsigned>(std::countr_zero(_months)));
        if (month.year() > kLastYear) return std::nullopt;
        firstDay = local_days(month / 1);
        matching = daysOf(month, firstDay);
    }
    return firstDay + days(std::countr_zero(matching) - 1) + seconds(_firstTime);
}

}  // namespace carillon
