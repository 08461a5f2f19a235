#pragma once

#include "alerts/AlertClaims.h"
#include "alerts/AlertDecision.h"
#include "alerts/AlertRows.h"
#include "record/Run.h"
#include "store/StoreFile.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace carillon {

/// Alerts and what they are decided by, in the file and tables of the other stores. One thread an object, any number of
/// objects and processes. Every function throws StoreException, having changed nothing, and works again when the store
/// does.
/// Invariant: an alert is there exactly when the decision for it is, since both are one transaction that only the
/// newest version of the job's row lets through. It is sent by whoever holds its claim, and counts as sent once that is
/// written: a host that ends between the two leaves it to be sent again, under the same id.
class AlertStore {
public:
    /// Borrows the clock.
    AlertStore(const std::string& stateDir, const Clock& clock,
               std::chrono::milliseconds patience = std::chrono::milliseconds(2'000));

    /// What is decided on, and where it goes.
    struct Question {
        std::string job{};
        std::function<AlertDecision(const AlertState& state, TimePoint snoozedUntil)> decide{};
        std::function<void(Alert& alert)> complete{};  ///< Puts in what the decision does not know.
        std::vector<AlertChannel> channels{};
        std::optional<Alert> ping{};  ///< Of the run that is decided on, unless it was looked at before.
    };
    /// Writes what follows from what is remembered, with a row an alert and channel; decides anew when another host was
    /// faster. Nothing is written when nothing is to be sent, nor to be remembered but that a run was looked at: such a
    /// run changes nothing either when it comes again. Returns whether there is something to send.
    bool decide(const Question& question);

    /// Of these jobs. `until` may be past: they are snoozed no more.
    void snooze(const std::vector<std::string>& jobs, TimePoint until);
    std::vector<std::pair<std::string, TimePoint>> snoozes();

    std::optional<ClaimedAlerts> claim(const AlertClaim& claim);
    void settle(const ClaimedAlerts& alerts, const AlertAttempt& attempt, AlertChannel channel);

    std::vector<AlertRow> alerts(const AlertQuery& query);
    void trim(TimePoint before);

    std::optional<TimePoint> mark(const std::string& host);
    void setMark(const std::string& host, TimePoint seenUntil);

    /// See KnownJobs.h.
    std::map<std::string, TimePoint> knownJobs();
    void writeKnownJobs(const std::vector<std::string>& added, const std::vector<std::string>& removed, TimePoint now);

    std::vector<std::pair<std::string, TimePoint>> lateJobs(TimePoint before);
    /// Whether a failed slot of the job waits to be tried again.
    bool hasRetry(const std::string& job);
    std::optional<TimePoint> lastSuccess(const std::string& job);
    /// The runs of a host that ended after, oldest end first.
    std::vector<RunRow> runsEndedAfter(const std::string& host, TimePoint after, std::size_t limit);

private:
    const Clock& _clock;
    StoreFile _file;
};

}  // namespace carillon
