#pragma once

#include "alerts/Alert.h"
#include "alerts/AlertQuery.h"
#include "base/JsonWriter.h"
#include "carillon/Clock.h"

#include "Poco/Data/Session.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace carillon {

/// What is remembered of a job.
struct AlertJob {
    std::int64_t version = 0;  ///< 0: nothing yet.
    AlertState state{};
    TimePoint snoozedUntil{};
};

/// A row of the table of alerts: one alert by one channel.
struct AlertRow {
    std::string id{};
    Alert alert{};
    AlertChannel channel = AlertChannel::Mail;
    AlertPhase phase = AlertPhase::Waiting;
    TimePoint createdAt{};
    TimePoint dueAt{};
    std::int64_t attempts = 0;
    std::string problem{};
    std::optional<TimePoint> endedAt{};
};

/// As the command and the REST API tell it: one object.
void writeAlert(JsonWriter& json, const AlertRow& row);
/// What it is of: of a ping only how the run ended matters.
std::string kindOf(const AlertRow& row);

/// The id of an alert by a channel: made of what it is about, so that it is the same wherever it is decided.
std::string alertIdOf(const Alert& alert, AlertChannel channel);

/// The statements on alerts and what is remembered of jobs, but those that send (AlertClaims.h). Those that write are
/// made inside a transaction of the caller; all pass on what the database throws.

AlertJob readAlertJob(Poco::Data::Session& session, const std::string& job);
/// False: somebody else has decided meanwhile, and the caller rolls back.
bool writeAlertState(Poco::Data::Session& session, const std::string& job, const AlertJob& before,
                     const AlertState& state);
/// Nothing changes when the alert is there already. A ping takes the place of those of the job that still wait.
void addAlert(Poco::Data::Session& session, const Alert& alert, AlertChannel channel, TimePoint now);

/// What waits of the job is held until then as well; a snooze that is over by `now` lets go of it.
void snoozeAlerts(Poco::Data::Session& session, const std::string& job, TimePoint until, TimePoint now);
/// The jobs that are snoozed at `now`, by name.
std::vector<std::pair<std::string, TimePoint>> readSnoozes(Poco::Data::Session& session, TimePoint now);

std::vector<AlertRow> readAlerts(Poco::Data::Session& session, const AlertQuery& query);
/// Those that ended before.
void trimAlerts(Poco::Data::Session& session, TimePoint before);

}  // namespace carillon
