#pragma once

#include "JobOptions.h"
#include "Texts.h"

#include "carillon/MailAccount.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace passerelle {

/// A setting of Agora's cannot be used; one sentence that names it.
class SettingFault : public carillon::Failure {
public:
    using Failure::Failure;
    const char* name() const noexcept override { return "Setting fault"; }
    Poco::Exception* clone() const override { return new SettingFault(*this); }
    void rethrow() const override { throw *this; }

    bool isMissing() const { return said().code == "mail.missing"; }
};

/// What drives one synchronisation: Agora's table `settings` and, over it, the job's own file.
struct Settings {
    std::string mode{};                        ///< validation_mode
    std::string url{};                         ///< validation_url
    std::string key{};                         ///< validation_apikey
    std::string agoraZone = "Europe/Paris";    ///< app_timezone
    std::size_t maxStatementBytes = 16 << 20;  ///< What the database takes in one statement.

    bool usesGateway() const { return mode == "passerelle"; }
    /// One sentence naming each setting that is missing and where to set it; empty: none is.
    Message missing() const;
};

inline Message noMode() {
    return say("setting.nomode");
}

/// The names in the table that are read, the older ones included.
extern const std::vector<std::string> kSettingNames;

/// From rows of the table, by name; an older name counts where the newer one is absent or empty.
Settings settingsFromRows(const std::map<std::string, std::string>& rows);

/// The job's file wins.
Settings withOverrides(Settings settings, const SyncOptions& options);

/// The names in Agora's table `settings` that make its mail account.
extern const std::vector<std::string> kMailSettingNames;

/// From rows of the table, by name. Throws SettingFault.
carillon::MailAccount mailAccountFromRows(const std::map<std::string, std::string>& rows);

}  // namespace passerelle
