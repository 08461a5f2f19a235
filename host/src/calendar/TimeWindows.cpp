#include "calendar/TimeWindows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> kWeekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::uint8_t kEveryDay = 0x7f;
/// Windows that follow each other without a gap are followed so far.
constexpr int kMostLinks = 400;

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

/// Takes what a window is made of from the beginning of its text; each leaves the text as it is when that does not
/// begin so.
class WindowReader {
public:
    explicit WindowReader(std::string_view text) : _rest(text) {}

    bool atEnd() const { return _rest.empty(); }

    bool take(char sign) {
        const auto rest = trimmed(_rest);
        if (!rest.starts_with(sign)) return false;
        _rest = trimmed(rest.substr(1));
        return true;
    }
    bool takeBlank() {
        if (!_rest.starts_with(' ')) return false;
        _rest = trimmed(_rest);
        return true;
    }
    std::optional<unsigned> takeWeekday() {
        for (unsigned day = 0; day < kWeekdays.size(); ++day) {
            if (!_rest.starts_with(kWeekdays[day])) continue;
            _rest.remove_prefix(kWeekdays[day].size());
            return day;
        }
        return std::nullopt;
    }
    /// `07:00`
    std::optional<minutes> takeTime() {
        if (_rest.size() < 5 || _rest[2] != ':') return std::nullopt;
        const auto hour = number(0, 2, 24);
        const auto minute = number(3, 2, 60);
        if (!hour || !minute) return std::nullopt;
        _rest.remove_prefix(5);
        return hours(*hour) + minutes(*minute);
    }
    /// `2026-12-24`
    std::optional<local_days> takeDate() {
        if (_rest.size() < 10 || _rest[4] != '-' || _rest[7] != '-') return std::nullopt;
        const auto inYear = number(0, 4, 2200);
        const auto inMonth = number(5, 2, 13);
        const auto onDay = number(8, 2, 32);
        if (!inYear || !inMonth || !onDay) return std::nullopt;
        const year_month_day date{year(*inYear), month(static_cast<unsigned>(*inMonth)),
                                  day(static_cast<unsigned>(*onDay))};
        if (!date.ok()) return std::nullopt;
        _rest.remove_prefix(10);
        return local_days(date);
    }

private:
    std::optional<int> number(std::size_t at, std::size_t size, int limit) const {
        int number = 0;
        const char* begin = _rest.data() + at;
        const auto [end, error] = std::from_chars(begin, begin + size, number);
        const bool whole = error == std::errc{} && end == begin + size && *begin != '-';
        return whole && number < limit ? std::optional(number) : std::nullopt;
    }

    std::string_view _rest;
};

/// `2026-12-24 18:00-2026-12-26 08:00`, behind its first date; the second one may be left out.
bool readOnce(WindowReader& in, local_days first, TimeWindow& window) {
    if (!in.takeBlank()) return false;
    const auto begin = in.takeTime();
    if (!begin || !in.take('-')) return false;
    const auto last = in.takeDate();
    if (last && !in.takeBlank()) return false;
    const auto end = in.takeTime();
    if (!end) return false;
    window.from = first + *begin;
    window.until = last.value_or(first) + *end;
    return window.from < window.until;
}

/// The weekdays from one to another, which may pass Saturday.
std::uint8_t weekdaysFrom(unsigned first, unsigned last) {
    std::uint8_t days = 0;
    for (unsigned day = first;; day = (day + 1) % 7) {
        days = static_cast<std::uint8_t>(days | 1U << day);
        if (day == last) return days;
    }
}

/// `22:00-07:00`, `Mon-Fri 12:00-14:00`, `Sat 22:00-Sun 06:00`.
bool readWeekly(WindowReader& in, TimeWindow& window) {
    const auto first = in.takeWeekday();
    const auto last = first && in.take('-') ? in.takeWeekday() : first;
    if (first && (!last || !in.takeBlank())) return false;
    const auto begin = in.takeTime();
    if (!begin || !in.take('-')) return false;
    const auto endDay = first ? in.takeWeekday() : std::nullopt;
    if (endDay && (last != first || !in.takeBlank())) return false;
    const auto end = in.takeTime();
    if (!end) return false;
    window.weekdays = first ? weekdaysFrom(*first, *last) : kEveryDay;
    window.begin = *begin;
    window.length = *end - *begin;
    if (endDay) window.length += days((*endDay + 7 - *first) % 7);
    if (window.length < 0min) window.length += endDay ? days(7) : days(1);
    return !endDay || window.length > 0min;
}

std::optional<TimeWindow> parseWindow(std::string_view text) {
    TimeWindow window;
    window.text = text;
    WindowReader in(text);
    const auto date = in.takeDate();
    const bool isOne = date ? readOnce(in, *date, window) : readWeekly(in, window);
    return isOne && in.atEnd() ? std::optional(std::move(window)) : std::nullopt;
}

}  // namespace

std::optional<local_seconds> TimeWindow::endAt(local_seconds local) const {
    if (weekdays == 0) return local >= from && local < until ? std::optional(until) : std::nullopt;
    const auto today = floor<days>(local);
    std::optional<local_seconds> end;
    // One that began on an earlier day may go on.
    for (auto day = today; day + begin + length > today; day -= days(1)) {
        const auto begins = day + begin;
        const bool comes = (weekdays >> weekday(day).c_encoding() & 1U) != 0;
        if (comes && local >= begins && local < begins + length)
            end = std::max<local_seconds>(end.value_or(begins), begins + length);
    }
    return end;
}

std::optional<TimeWindows> TimeWindows::parse(std::string_view text) {
    TimeWindows windows;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        auto window = parseWindow(trimmed(text.substr(at, comma - at)));
        if (!window) return std::nullopt;
        windows._windows.push_back(std::move(*window));
        at = comma + 1;
    }
    return windows;
}

const TimeWindow* TimeWindows::at(local_seconds local) const {
    for (const auto& window : _windows)
        if (window.endAt(local)) return &window;
    return nullptr;
}

std::optional<TimePoint> TimeWindows::endAfter(TimePoint now, const TimeZone& zone) const {
    std::optional<TimePoint> end;
    auto second = floor<seconds>(now);
    for (int links = 0; links < kMostLinks; ++links) {
        const auto& period = zone.periodAt(second);
        const auto local = period.toLocal(second);
        const auto* window = at(local);
        if (window == nullptr) break;
        const sys_seconds next = zone.firstPass(*window->endAt(local), period);
        // In an hour that comes twice, the end may have been passed once before: it is that of this pass.
        if (next <= second) break;
        end = second = next;
    }
    return end > now ? end : std::nullopt;
}

}  // namespace carillon
