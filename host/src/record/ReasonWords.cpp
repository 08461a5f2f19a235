#include "record/ReasonWords.h"

#include "words/HostTexts.h"
#include "words/MessageWords.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace carillon {
namespace {

/// As textOf(Actor) has it, which the ledger keeps.
Message sayWho(const std::string& who) {
    if (who == "the host") return sayHost("who.host");
    if (who == "nobody known") return sayHost("who.nobody");
    return who;
}

/// `anna: travaux`, `carillon (sudo: anna): travaux`; without a note only who.
Message sayPause(const std::string& detail) {
    const auto sudo = detail.find(" (sudo: ");
    const auto colon = detail.find(": ");
    const auto begin = sudo < colon ? detail.find(')', sudo) : 0;
    const auto end = begin == std::string::npos ? begin : detail.find(": ", begin);
    if (end == std::string::npos) return sayWho(detail);
    return sayHost("skip.note", {{"by", sayWho(detail.substr(0, end))}, {"note", detail.substr(end + 2)}});
}

Message sayDay(const std::string& name) {
    return name == "weekend" ? sayHost("day.weekend") : Message(name);
}

bool isDate(std::string_view text) {
    constexpr std::string_view kForm = "0000-00-00 00:00";
    return text.size() == kForm.size() && std::equal(text.begin(), text.end(), kForm.begin(), [](char c, char form) {
               return form == '0' ? c >= '0' && c <= '9' : c == form;
           });
}

/// `2026-12-28 03:00 (Noël)`; as it stands where it is of another form.
Message sayMove(const std::string& detail) {
    const auto bracket = detail.find(" (");
    const std::string date = detail.substr(0, bracket);
    if (bracket == std::string::npos || !detail.ends_with(')') || !isDate(date)) return detail;
    const std::string name = detail.substr(bracket + 2, detail.size() - bracket - 3);
    return sayHost("run.because", {{"message", sayDateTime(date)}, {"why", sayDay(name)}});
}

/// Those without a place for what is known beside it.
Message sayPlain(SkipReason skip) {
    switch (skip) {
        case SkipReason::Overlap:
            return sayHost("skip.overlap");
        case SkipReason::QueueFull:
            return sayHost("skip.queue");
        case SkipReason::Paused:
            return sayHost("skip.paused");
        case SkipReason::Disabled:
            return sayHost("skip.disabled");
        case SkipReason::TooOld:
            return sayHost("skip.old");
        case SkipReason::LateSkipped:
            return sayHost("skip.late");
        case SkipReason::BeyondMost:
            return sayHost("skip.beyond");
        case SkipReason::ScheduleChanged:
            return sayHost("skip.changed");
        case SkipReason::JobRemoved:
            return sayHost("skip.removed");
        case SkipReason::Blackout:
            return sayHost("skip.blackout");
        default:
            return {};
    }
}

}  // namespace

Message sayDateTime(const std::string& date) {
    return sayHost("time.date", {{"year", date.substr(0, 4)},
                                 {"month", date.substr(5, 2)},
                                 {"day", date.substr(8, 2)},
                                 {"time", date.substr(11, 5)}});
}

Message saySlotDetail(const SlotReason& reason) {
    switch (reason.skip) {
        case SkipReason::Paused:
            return sayPause(reason.detail);
        case SkipReason::Stopped:
            return sayWho(reason.detail);
        case SkipReason::DayOff:
            return sayDay(reason.detail);
        case SkipReason::Moved:
            return sayMove(reason.detail);
        default:
            return reason.detail == "the store failed" ? sayHost("skip.storefailed") : Message(reason.detail);
    }
}

Message saySlotReason(const SlotReason& reason) {
    const Message detail = saySlotDetail(reason);
    if (reason.skip == SkipReason::Stopped) return sayHost("skip.stopped", {{"detail", detail}});
    if (reason.skip == SkipReason::DayOff) return sayHost("skip.dayoff", {{"detail", detail}});
    if (reason.skip == SkipReason::Moved) return sayHost("skip.moved", {{"detail", detail}});
    if (reason.skip == SkipReason::Paused && !detail.empty()) return sayHost("skip.pausedby", {{"detail", detail}});
    const Message plain = sayPlain(reason.skip);
    if (plain.empty()) return textOf(reason);
    return detail.empty() ? plain : sayHost("run.because", {{"message", plain}, {"why", detail}});
}

std::string reasonInWords(const SlotReason& reason, Language language) {
    return inWords(saySlotReason(reason), language, PluginTexts());
}

}  // namespace carillon
