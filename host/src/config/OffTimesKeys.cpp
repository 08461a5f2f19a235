#include "config/OffTimesKeys.h"

#include "base/EditDistance.h"
#include "schedule/ZoneDatabase.h"
#include "words/HostTexts.h"
#include "words/OddCharacter.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

namespace carillon {
namespace {

constexpr const char* kCalendar = "job.calendar";
constexpr const char* kDays = "job.calendar.days";
constexpr const char* kBlackout = "job.blackout";
constexpr std::string_view kFileSuffix = ".ics";

struct Builtin {
    std::string_view name;
    void (*add)(DaysOff&);
};
constexpr std::array kBuiltins{
    Builtin{"fr-holidays", [](DaysOff& days) { days.add(FrenchRegion::Interior); }},
    Builtin{"fr-holidays-alsace-moselle", [](DaysOff& days) { days.add(FrenchRegion::AlsaceMoselle); }},
    Builtin{"weekends", [](DaysOff& days) { days.addWeekends(); }}};

/// `a, b` as its parts, without blanks around them.
std::vector<std::string> partsOf(std::string_view text) {
    std::vector<std::string> parts;
    for (auto& part : commaParts(text)) {
        const auto first = part.find_first_not_of(" \t");
        parts.push_back(first == std::string::npos ? "" : part.substr(first, part.find_last_not_of(" \t") + 1 - first));
    }
    return parts;
}

Message unknownCalendar(const std::string& name) {
    std::vector<std::string> names;
    std::string known;
    for (const auto& builtin : kBuiltins) {
        names.emplace_back(builtin.name);
        known += (known.empty() ? "" : ", ") + std::string(builtin.name);
    }
    const std::string nearest = nearestOf(name, names);
    return sayHost(name.empty()      ? "off.nothing"
                   : nearest.empty() ? "off.unknown"
                                     : "off.unknownnear",
                   {{"name", name}, {"known", known}, {"near", nearest}, {"hint", oddCharacterHint(name)}});
}

}  // namespace

std::shared_ptr<const OffTimes> OffTimesKeys::read(ConfigReader& in, const std::string& zone) {
    Given given;
    given.calendars = in.text(kCalendar, "");
    given.blackout = in.text(kBlackout, "");
    given.rule = in.choice<DaysOffRule>(
        kDays, given.rule, {{"skip", DaysOffRule::Skip}, {"next_working_day", DaysOffRule::NextWorkingDay}});
    given.zone = zone;
    if (in.has(kDays) && !in.has(kCalendar)) in.fault(kDays, sayHost("off.nocalendar"));
    if (given.calendars.empty() && given.blackout.empty()) return nullptr;
    auto known = _known.find(given);
    if (known == _known.end()) known = _known.emplace(given, make(given)).first;
    for (const auto& fault : known->second.faults) in.fault(fault.key, fault.problem);
    return known->second.off;
}

OffTimesKeys::Entry OffTimesKeys::make(const Given& given) {
    Entry entry;
    OffKeys keys;
    keys.rule = given.rule;
    DaysOff days;
    std::vector<OffStretch> events;
    auto zone = findTimeZone(given.zone);
    if (!given.calendars.empty()) addCalendars(given, keys, days, events, *zone, entry.faults);
    if (!given.blackout.empty()) {
        const auto windows = TimeWindows::parse(given.blackout);
        const auto isNone = [](const TimeWindow& window) {
            return window.weekdays != 0 && window.length == std::chrono::minutes(0);
        };
        if (!windows || std::any_of(windows->all().begin(), windows->all().end(), isNone))
            entry.faults.push_back(
                {kBlackout, sayHost("fault.unexpected", {{"given", given.blackout},
                                                         {"expected", sayHost("wanted.windows")},
                                                         {"hint", oddCharacterHint(given.blackout)}})});
        else
            keys.blackout = *windows;
    }
    if (!entry.faults.empty()) return entry;
    days.settle();
    entry.off = std::make_shared<const OffTimes>(std::move(keys), std::move(days), std::move(events), std::move(zone));
    return entry;
}

void OffTimesKeys::addCalendars(const Given& given, OffKeys& keys, DaysOff& days, std::vector<OffStretch>& events,
                                const TimeZone& zone, std::vector<Fault>& faults) {
    for (const auto& name : partsOf(given.calendars)) {
        keys.calendars.push_back(name);
        const auto builtin =
            std::find_if(kBuiltins.begin(), kBuiltins.end(), [&name](const Builtin& one) { return one.name == name; });
        if (builtin != kBuiltins.end())
            builtin->add(days);
        else if (name.ends_with(kFileSuffix) && name.size() > kFileSuffix.size())
            addFile(name, days, events, zone, faults);
        else
            faults.push_back({kCalendar, unknownCalendar(name)});
    }
}

void OffTimesKeys::addFile(const std::string& name, DaysOff& days, std::vector<OffStretch>& events,
                           const TimeZone& zone, std::vector<Fault>& faults) {
    const std::string path = _shelf.pathOf(name);
    if (path.empty()) {
        faults.push_back({kCalendar, sayHost("off.nopath", {{"name", name}, {"expected", sayHost("wanted.path")}})});
        return;
    }
    const auto& entry = _shelf.read(path);
    if (!entry.file) {
        faults.push_back({kCalendar, sayHost(entry.line > 0 ? "off.failureline" : "off.failure",
                                             {{"path", path}, {"line", entry.line}, {"why", entry.failure}})});
        return;
    }
    for (const auto& fault : entry.file->faults())
        faults.push_back({kCalendar, sayHost("off.inside", {{"path", path}, {"fault", fault}})});
    if (!entry.file->faults().empty()) return;
    entry.file->addTo(days);
    entry.file->addTo(events, zone);
}

}  // namespace carillon
