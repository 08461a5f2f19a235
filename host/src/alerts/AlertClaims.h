#pragma once

#include "alerts/Alert.h"
#include "carillon/Clock.h"
#include "store/ProcessIdentity.h"

#include "Poco/Data/Session.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// Alerts that one host is to send now, as one message: nobody else does until the lease is over.
struct ClaimedAlerts {
    std::string message{};  ///< Its id, the same at each attempt.
    std::int64_t attempts = 0;
    struct Item {
        std::string id{};
        std::int64_t fence = 0;
        Alert alert{};
    };
    std::vector<Item> items{};  ///< Of jobs that go to one target.
};

/// What a claim is made with.
struct AlertClaim {
    AlertChannel channel = AlertChannel::Mail;
    ProcessIdentity owner{};
    std::chrono::milliseconds lease{};
    /// Where the alerts of a job go by this channel; nothing: nowhere any more, and they are dropped.
    std::function<std::optional<std::string>(const std::string& job)> targetOf{};
};

/// How an attempt ended.
struct AlertAttempt {
    bool delivered = false;
    TimePoint retryAt{};    ///< Not delivered.
    std::string problem{};  ///< Not delivered.
};

/// The statements on the table of alerts with which they are sent. Those that write are made inside a transaction of
/// the caller; all pass on what the database throws.

/// Whether a claim could find anything; changes nothing.
bool hasDueAlerts(Poco::Data::Session& session, AlertChannel channel, TimePoint now);
/// Nothing is due, or another host was faster. Alerts that were tried together stay together.
std::optional<ClaimedAlerts> claimAlerts(Poco::Data::Session& session, const AlertClaim& claim, TimePoint now);
/// What another host has taken over since stays as it is.
void settleAlerts(Poco::Data::Session& session, const ClaimedAlerts& alerts, const AlertAttempt& attempt,
                  AlertChannel channel, TimePoint now);

}  // namespace carillon
