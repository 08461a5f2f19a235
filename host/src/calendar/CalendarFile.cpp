#include "calendar/CalendarFile.h"

#include "calendar/CalendarEvent.h"
#include "schedule/CronCalendar.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace carillon {

using namespace std::chrono;

namespace {

constexpr std::size_t kMostFaults = 10;

/// Components that are no events, and take no time off.
bool isPassedOver(const std::string& component) {
    return component == "VTIMEZONE" || component == "VTODO" || component == "VJOURNAL" || component == "VFREEBUSY" ||
           component.starts_with("X-");
}

}  // namespace

/// Makes one of its text.
class CalendarFileReader {
public:
    CalendarFileReader(CalendarFile& file, std::string_view text, std::string fallbackName, RecurrenceLimit limit)
        : _file(file), _lines(text), _fallbackName(std::move(fallbackName)), _limit(limit) {}

    void read() {
        try {
            bool hasCalendar = false;
            while (const auto line = _lines.take()) {
                if (line->name != "BEGIN" || inCapitals(line->value) != "VCALENDAR") line->refuse("ics.outside");
                hasCalendar = true;
                readCalendar();
            }
            if (!hasCalendar) throw CalendarError(sayHost("ics.empty"), 1);
            expandAll();
        } catch (const CalendarError& e) {
            addFault(e);
        }
    }

private:
    void addFault(const CalendarError& error) {
        if (_file._faults.size() < kMostFaults)
            _file._faults.push_back(Message(std::to_string(error.code()) + ": ") + error.said());
    }

    void readCalendar() {
        for (;;) {
            const auto line = next("VCALENDAR");
            const std::string value = inCapitals(line.value);
            if (line.name == "END" && value == "VCALENDAR") return;
            if (line.name == "END") line.refuse("ics.end", {{"value", value}, {"part", "VCALENDAR"}});
            if (line.name == "BEGIN" && value == "VEVENT")
                readEvent(line.number);
            else if (line.name == "BEGIN" && isPassedOver(value))
                passOver(value);
            else if (line.name == "BEGIN")
                line.refuse("ics.component", {{"value", value}});
            else
                check(line, value);
        }
    }

    static void check(const CalendarLine& line, const std::string& value) {
        if (line.name == "VERSION" && value != "2.0") line.refuse("ics.version");
        if (line.name == "CALSCALE" && value != "GREGORIAN") line.refuse("ics.scale");
        if (line.name == "METHOD" && value == "CANCEL") line.refuse("ics.method");
    }

    /// A file that was cut off does not count as far as it goes.
    CalendarLine next(const std::string& component) {
        auto line = _lines.take();
        if (!line) throw CalendarError(sayHost("ics.cut", {{"part", component}}), _lines.number());
        return std::move(*line);
    }

    /// Whatever is in it.
    void passOver(const std::string& component) {
        std::vector<std::string> open{component};
        while (!open.empty()) {
            const auto line = next(open.back());
            const std::string value = inCapitals(line.value);
            if (line.name == "BEGIN") open.push_back(value);
            if (line.name != "END") continue;
            if (value != open.back()) line.refuse("ics.end", {{"value", value}, {"part", open.back()}});
            open.pop_back();
        }
    }

    /// One that is wrong leaves the others to be judged.
    void readEvent(int number) {
        std::vector<CalendarLine> lines;
        for (;;) {
            auto line = next("VEVENT");
            const std::string value = inCapitals(line.value);
            if (line.name == "END" && value == "VEVENT") break;
            if (line.name == "END") line.refuse("ics.end", {{"value", value}, {"part", "VEVENT"}});
            if (line.name == "BEGIN")
                passOver(value);
            else
                lines.push_back(std::move(line));
        }
        if (_events.size() == kMostCalendarEvents)
            throw CalendarError(sayHost("ics.toomany", {{"most", kMostCalendarEvents}}), number);
        try {
            _events.push_back(parseCalendarEvent(number, lines));
        } catch (const CalendarError& e) {
            addFault(e);
        }
    }

    void expandAll() {
        for (const auto& event : _events)
            if (event.insteadOf) _replaced[event.uid].insert(event.insteadOf->key());
        for (const auto& event : _events)
            if (!event.isCancelled) expand(event);
    }

    void expand(const CalendarEvent& event) {
        _file._names.push_back(event.name.empty() ? _fallbackName : event.name);
        std::set<std::int64_t> left;  // keys of times at which it does not take place
        for (const auto& time : event.except) left.insert(time.key());
        if (const auto replaced = _replaced.find(event.uid); replaced != _replaced.end() && !event.insteadOf)
            left.insert(replaced->second.begin(), replaced->second.end());
        const auto add = [&](const CalendarTime& start) {
            if (left.insert(start.key()).second) addTime(event, start);
        };
        if (event.rule)
            follow(event, add);
        else
            add(event.start);
        for (const auto& time : event.more) add(time);
    }

    template <typename Add>
    void follow(const CalendarEvent& event, const Add& add) {
        const auto day = floor<days>(event.start.local);
        const auto time = event.start.local - day;
        const auto take = [&](local_days next) {
            CalendarTime start = event.start;
            start.local = next + time;
            if (event.rule->until && isAfter(start, *event.rule->until)) return false;
            add(start);
            return true;
        };
        if (!eachDayOf(*event.rule, day, _limit, take)) refuseLength(event.ruleLine);
    }

    static bool isAfter(const CalendarTime& start, const CalendarTime& until) {
        if (until.isDate || start.isDate) return floor<days>(start.local) > floor<days>(until.localIn(start.zone));
        return start.zone && until.zone ? start.key() > until.key() : start.local > until.local;
    }

    void addTime(const CalendarEvent& event, const CalendarTime& start) {
        const std::size_t name = _file._names.size() - 1;
        if (!start.isDate) {
            const seconds length = event.length.days + event.length.time;
            if (length > 0s) _file._times.push_back({start, length, name});
            return;
        }
        const auto first = floor<days>(start.local);
        for (auto day = first; day < std::min(first + event.length.days, kCalendarEnd); day += days(1)) {
            if (_limit.taken == 0) refuseLength(event.line);
            --_limit.taken;
            _file._days.push_back({day, name});
        }
    }

    [[noreturn]] static void refuseLength(int line) { throw CalendarError(sayHost("ics.long"), line); }

    CalendarFile& _file;
    CalendarLines _lines;
    const std::string _fallbackName;
    std::vector<CalendarEvent> _events{};
    std::map<std::string, std::set<std::int64_t>> _replaced{};  // by uid
    RecurrenceLimit _limit;
};

CalendarFile::CalendarFile(std::string_view text, const std::string& fallbackName, RecurrenceLimit limit)
    : _fingerprint(stableHash(text)) {
    CalendarFileReader(*this, text, fallbackName, limit).read();
}

void CalendarFile::addTo(DaysOff& all) const {
    for (const auto& [day, name] : _days) all.add(day, _names[name]);
}

void CalendarFile::addTo(std::vector<OffStretch>& stretches, const TimeZone& here) const {
    for (const auto& [start, length, name] : _times) {
        CalendarTime end = start;
        end.local += length;
        stretches.push_back({start.instant(here), end.instant(here), _names[name]});
    }
}

}  // namespace carillon
