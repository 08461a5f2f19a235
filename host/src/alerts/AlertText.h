#pragma once

#include "alerts/Alert.h"
#include "schedule/TimeZone.h"
#include "words/PluginTexts.h"

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

/// For whom alerts are worded. Borrows all but the language.
struct AlertReading {
    Language language = Language::English;
    const TimeZone& zone;        ///< Of all times in the text.
    const PluginTexts& plugins;  ///< Of what runs said.
    const std::string& page;     ///< Where people reach the host's page, which is then linked to; may be empty.
};

/// What mails, webhooks and pings say: texts/en.properties and texts/fr.properties of this folder.
const Texts& alertTexts(Language language);

/// A few words that name the job or the host: what the subject of a mail says.
std::string alertHeadline(const Alert& alert, Language language);

/// What failed, since when, the last success and what to do.
AlertMessage wordAlerts(std::string id, std::vector<Alert> alerts, const AlertReading& reading);

/// The one that `carillon alerts test` sends.
AlertMessage wordTest(std::string id, const std::string& host, Language language);

}  // namespace carillon
