#pragma once

#include "alerts/Alert.h"
#include "config/AlertSettings.h"
#include "schedule/TimeZone.h"

#include <string>
#include <vector>

namespace carillon {

/// Alerts that go to one place together, and the words for them.
struct AlertMessage {
    std::string id{};       ///< The same however often it is tried: receivers can tell it by that.
    std::string subject{};  ///< One line.
    std::string text{};     ///< Plain sentences, an empty line between alerts.
    std::vector<Alert> alerts{};
};

/// What failed, since when, the last success and what to do, in the language, with the times of the zone. `page`: where
/// people reach the host's page, which is then linked to; may be empty.
AlertMessage wordAlerts(std::string id, std::vector<Alert> alerts, AlertSettings::Language language,
                        const TimeZone& zone, const std::string& page);

/// The one that `carillon alerts test` sends.
AlertMessage wordTest(std::string id, const std::string& host, AlertSettings::Language language);

}  // namespace carillon
