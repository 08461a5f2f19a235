#include "Settings.h"

#include "Poco/String.h"

#include <initializer_list>

namespace passerelle {

const std::vector<std::string> kSettingNames = {"validation_mode",
                                                "validation_url",
                                                "validation_passerelle_url",
                                                "validation_apikey",
                                                "validation_passerelle_api_key",
                                                "app_timezone"};

std::string Settings::missing() const {
    const auto sentence = [](const char* what, const char* setting, const char* fileKey) {
        return std::string("the ") + what + " is missing: set " + setting + " in Agora (Parametres > Validation) or " +
               fileKey + " in the job's file";
    };
    std::string text;
    if (url.empty()) text = sentence("gateway's address", "validation_url", "task.gateway.url");
    if (key.empty())
        text += (text.empty() ? "" : "; ") + sentence("API key", "validation_apikey", "task.gateway.key.file");
    return text;
}

Settings settingsFromRows(const std::map<std::string, std::string>& rows) {
    const auto first = [&rows](std::initializer_list<const char*> names) -> std::string {
        for (const auto* name : names)
            if (const auto it = rows.find(name); it != rows.end() && !Poco::trim(it->second).empty())
                return Poco::trim(it->second);
        return "";
    };
    Settings settings;
    settings.mode = first({"validation_mode"});
    settings.url = first({"validation_url", "validation_passerelle_url"});
    settings.key = first({"validation_apikey", "validation_passerelle_api_key"});
    if (const std::string zone = first({"app_timezone"}); !zone.empty()) settings.agoraZone = zone;
    return settings;
}

Settings withOverrides(Settings settings, const SyncOptions& options) {
    settings.mode = options.mode.value_or(settings.mode);
    settings.url = options.url.value_or(settings.url);
    settings.key = options.key.value_or(settings.key);
    return settings;
}

}  // namespace passerelle
