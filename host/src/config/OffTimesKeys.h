#pragma once

#include "calendar/OffTimes.h"
#include "carillon/ConfigReader.h"
#include "config/CalendarShelf.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace carillon {

/// Reads job.calendar, job.calendar.days and job.blackout. Jobs whose keys say the same share one object. One thread.
class OffTimesKeys {
public:
    /// `folder`: where relative paths of calendars begin.
    explicit OffTimesKeys(std::string folder) : _shelf(std::move(folder)) {}

    /// For days and windows of that zone, which there is. Null: there are none, or they are wrong; faults are in the
    /// reader.
    std::shared_ptr<const OffTimes> read(ConfigReader& in, const std::string& zone);

    /// What was read for it.
    const CalendarShelf& shelf() const { return _shelf; }

private:
    struct Fault {
        std::string key{};
        Message problem{};
    };
    struct Entry {
        std::shared_ptr<const OffTimes> off{};
        std::vector<Fault> faults{};
    };
    /// As the keys say it, and the zone.
    struct Given {
        std::string calendars{};
        std::string blackout{};
        DaysOffRule rule = DaysOffRule::Skip;
        std::string zone{};

        auto operator<=>(const Given&) const = default;
    };

    Entry make(const Given& given);
    void addCalendars(const Given& given, OffKeys& keys, DaysOff& days, std::vector<OffStretch>& events,
                      const TimeZone& zone, std::vector<Fault>& faults);
    void addFile(const std::string& name, DaysOff& days, std::vector<OffStretch>& events, const TimeZone& zone,
                 std::vector<Fault>& faults);

    CalendarShelf _shelf;
    std::map<Given, Entry> _known{};
};

}  // namespace carillon
