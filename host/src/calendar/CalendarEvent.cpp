#include "calendar/CalendarEvent.h"

#include "base/TextFile.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace carillon {
namespace {

using namespace std::chrono;

/// What RFC 5545, 7986 and 9073 let an event have, and says nothing of when it takes place.
constexpr std::array<std::string_view, 34> kSilent{"ATTACH",
                                                   "ATTENDEE",
                                                   "CATEGORIES",
                                                   "CLASS",
                                                   "COLOR",
                                                   "COMMENT",
                                                   "CONCEPT",
                                                   "CONFERENCE",
                                                   "CONTACT",
                                                   "CREATED",
                                                   "DESCRIPTION",
                                                   "DTSTAMP",
                                                   "GEO",
                                                   "IMAGE",
                                                   "LAST-MODIFIED",
                                                   "LINK",
                                                   "LOCATION",
                                                   "LOCATION-TYPE",
                                                   "NAME",
                                                   "ORGANIZER",
                                                   "PARTICIPANT-TYPE",
                                                   "PRIORITY",
                                                   "REFID",
                                                   "REFRESH-INTERVAL",
                                                   "RELATED-TO",
                                                   "RESOURCES",
                                                   "REQUEST-STATUS",
                                                   "RESOURCE-TYPE",
                                                   "SEQUENCE",
                                                   "SOURCE",
                                                   "STRUCTURED-DATA",
                                                   "STYLED-DESCRIPTION",
                                                   "TRANSP",
                                                   "URL"};

bool isSilent(const std::string& name) {
    return name.starts_with("X-") || std::find(kSilent.begin(), kSilent.end(), name) != kSilent.end();
}

/// In one line, and cut between two characters.
std::string nameOf(std::string_view summary) {
    std::string name = plainText(summary);
    if (name.size() <= kLongestEventName) return name;
    std::size_t size = 0;
    for (std::size_t next = 0; next <= kLongestEventName - 3;) {
        size = next;
        const std::size_t length = lengthOfCharacter(std::string_view(name).substr(next));
        if (length == 0) break;
        next += length;
    }
    return name.substr(0, size) + "…";
}

class EventParser {
public:
    EventParser(int line, const std::vector<CalendarLine>& lines) : _lines(lines) { _event.line = line; }

    CalendarEvent parse() {
        // Its start first: the others are judged by it.
        for (const auto& line : _lines)
            if (line.name == "DTSTART") takeOnce(_start, line);
        if (_start == nullptr) throw CalendarError(sayHost("ics.nostart"), _event.line);
        _event.start = parseCalendarTime(*_start, _start->value);
        for (const auto& line : _lines) take(line);
        setLength();
        return std::move(_event);
    }

private:
    void takeOnce(const CalendarLine*& place, const CalendarLine& line) const {
        if (place != nullptr) line.refuse("ics.twice");
        place = &line;
    }

    void take(const CalendarLine& line) {
        const std::string& name = line.name;
        if (name == "DTSTART" || isSilent(name)) return;
        if (name == "DTEND")
            takeOnce(_end, line);
        else if (name == "DURATION")
            takeOnce(_duration, line);
        else if (name == "RRULE")
            takeRule(line);
        else if (name == "RDATE")
            addTimes(line, _event.more);
        else if (name == "EXDATE")
            addTimes(line, _event.except);
        else if (name == "RECURRENCE-ID")
            takeInsteadOf(line);
        else if (name == "SUMMARY")
            _event.name = nameOf(line.value);
        else if (name == "UID")
            _event.uid = line.value;
        else if (name == "STATUS")
            _event.isCancelled = inCapitals(line.value) == "CANCELLED";
        else
            line.refuse("ics.property");
    }

    void takeRule(const CalendarLine& line) {
        takeOnce(_rule, line);
        _event.rule = parseRecurrenceRule(line);
        _event.ruleLine = line.number;
    }

    void takeInsteadOf(const CalendarLine& line) {
        if (!line.parameter("RANGE").empty()) line.refuse("ics.range", {{"range", line.parameter("RANGE")}});
        _event.insteadOf = timeLikeStart(line, line.value);
    }

    CalendarTime timeLikeStart(const CalendarLine& line, const std::string& text) const {
        auto time = parseCalendarTime(line, text);
        if (time.isDate != _event.start.isDate)
            line.refuse(_event.start.isDate ? "ics.datelikestart" : "ics.timelikestart", {{"value", text}});
        return time;
    }

    void addTimes(const CalendarLine& line, std::vector<CalendarTime>& times) const {
        for (const auto& text : commaParts(line.value)) times.push_back(timeLikeStart(line, text));
    }

    void setLength() {
        const bool isDate = _event.start.isDate;
        if (_end != nullptr && _duration != nullptr) _duration->refuse("ics.besideend");
        if (_duration != nullptr) {
            _event.length = parseCalendarLength(*_duration);
            if (isDate && _event.length.time != 0s) _duration->refuse("ics.wholedays");
        } else if (_end != nullptr) {
            const auto end = timeLikeStart(*_end, _end->value);
            const auto length = end.localIn(_event.start.zone) - _event.start.local;
            // A day that ends where it begins is what many programs write for one day.
            if (length < 0s) _end->refuse("ics.endbefore");
            _event.length.days = floor<days>(length);
            _event.length.time = length - _event.length.days;
        }
        if (isDate && _event.length.days == days(0)) _event.length.days = days(1);
    }

    const std::vector<CalendarLine>& _lines;
    CalendarEvent _event{};
    const CalendarLine* _start = nullptr;
    const CalendarLine* _end = nullptr;
    const CalendarLine* _duration = nullptr;
    const CalendarLine* _rule = nullptr;
};

}  // namespace

CalendarEvent parseCalendarEvent(int line, const std::vector<CalendarLine>& lines) {
    return EventParser(line, lines).parse();
}

}  // namespace carillon
