#pragma once

#include "schedule/CronExpression.h"
#include "schedule/words/FieldSense.h"

#include <chrono>
#include <string>
#include <vector>

namespace carillon {

/// "a, b and c"
std::string listed(const std::vector<std::string>& items, const std::string& lastGlue);

/// Composes what a schedule says from the phrases of one language. No state.
class ScheduleWording {
public:
    virtual ~ScheduleWording() = default;

    std::string say(const ScheduleExpression& expression) const;

protected:
    /// A stretch of a day, in minutes from midnight; both ends belong to it.
    struct Window {
        int from = 0;
        int to = 0;
    };

    virtual std::string every(std::chrono::milliseconds length) const = 0;
    /// Seconds of a day, one or more: "at 02:30 and 14:30".
    virtual std::string atTimes(const std::vector<int>& times) const = 0;
    /// One time a day that the job's name decides on; `minute` -1: within the hours from `window`.
    virtual std::string atTimeByName(const FieldSense& hours, int minute) const = 0;
    /// Of seconds within the minute, of minutes within the hour.
    virtual std::string often(CronUnit unit, const FieldSense& field) const = 0;
    /// Of each hour, with the comma before it.
    virtual std::string atMinuteByName() const = 0;
    virtual std::string everyHour(int minute) const = 0;
    virtual std::string everyFewHours(int step) const = 0;
    virtual std::string everyFewHoursByName(const FieldSense& hours, int minute) const = 0;
    virtual std::string during(const std::vector<Window>& windows) const = 0;
    /// Restrict what comes often: each with the blank or comma before it.
    virtual std::string inMinutes(const FieldSense& minutes) const = 0;
    virtual std::string inMinuteOf(int minuteOfDay) const = 0;
    virtual std::string inHours(const FieldSense& hours) const = 0;
    virtual std::string atSecond(const FieldSense& seconds) const = 0;
    virtual std::string onDays(const DaySense& days) const = 0;
    /// `time` names times of a day (isPoint) or what comes often.
    virtual std::string join(const std::string& time, bool isPoint, const std::string& days,
                             const DaySense& of) const = 0;

private:
    std::string sayCron(const CronExpression& cron) const;
    std::string sayMinutes(const FieldSense& minutes, const FieldSense& hours, bool& isPoint) const;
    std::string sayHours(int minute, const FieldSense& hours) const;
    std::string sayOften(const FieldSense& seconds, const FieldSense& minutes, const FieldSense& hours) const;
    std::string withinHours(const FieldSense& hours, int firstMinute, int lastMinute) const;
};

/// "at 02:30 on the last Friday of the month"
const ScheduleWording& englishWording();
/// "le dernier vendredi de chaque mois à 2 h 30"
const ScheduleWording& frenchWording();

}  // namespace carillon
