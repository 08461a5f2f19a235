#pragma once

#include "schedule/ScheduleWording.h"

#include <string>
#include <vector>

namespace carillon {

/// "at 02:30 on the last Friday of the month"
class EnglishWords final : public ScheduleWording {
private:
    std::string every(std::chrono::milliseconds length) const override;
    std::string atTimes(const std::vector<int>& times) const override;
    std::string atTimeByName(const FieldSense& hours, int minute) const override;
    std::string often(CronUnit unit, const FieldSense& field) const override;
    std::string atMinuteByName() const override;
    std::string everyHour(int minute) const override;
    std::string everyFewHours(int step) const override;
    std::string everyFewHoursByName(const FieldSense& hours, int minute) const override;
    std::string during(const std::vector<Window>& windows) const override;
    std::string inMinutes(const FieldSense& minutes) const override;
    std::string inMinuteOf(int minuteOfDay) const override;
    std::string inHours(const FieldSense& hours) const override;
    std::string atSecond(const FieldSense& seconds) const override;
    std::string onDays(const DaySense& days) const override;
    std::string join(const std::string& time, bool isPoint, const std::string& days, const DaySense& of) const override;
};

}  // namespace carillon
