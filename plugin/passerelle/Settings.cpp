#include "Settings.h"

#include "Poco/Exception.h"
#include "Poco/NumberParser.h"
#include "Poco/String.h"

#include <initializer_list>

namespace passerelle {
namespace {

using Security = carillon::MailAccount::Security;

/// As PHP's mailers name them: tls begins in clear.
Security securityOf(const std::string& encryption) {
    if (encryption.empty()) return Security::None;
    if (Poco::icompare(encryption, "tls") == 0) return Security::StartTls;
    if (Poco::icompare(encryption, "ssl") == 0) return Security::Tls;
    throw SettingFault(say("mail.encryption", {{"given", encryption}}));
}

std::uint16_t portOf(const std::string& text, Security security) {
    if (text.empty()) return carillon::usualPort(security);
    unsigned port = 0;
    if (!Poco::NumberParser::tryParseUnsigned(text, port) || port == 0 || port > 65'535)
        throw SettingFault(say("mail.port", {{"given", text}}));
    return static_cast<std::uint16_t>(port);
}

}  // namespace

const std::vector<std::string> kSettingNames = {"validation_mode",
                                                "validation_url",
                                                "validation_passerelle_url",
                                                "validation_apikey",
                                                "validation_passerelle_api_key",
                                                "app_timezone"};

Message Settings::missing() const {
    Message text;
    if (url.empty()) text = say("setting.noaddress");
    if (key.empty()) text = withSemicolon(std::move(text), say("setting.nokey"));
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

const std::vector<std::string> kMailSettingNames = {"email_host",     "email_port",       "email_username",
                                                    "email_password", "email_encryption", "email_fromaddress",
                                                    "email_fromname"};

carillon::MailAccount mailAccountFromRows(const std::map<std::string, std::string>& rows) {
    const auto value = [&rows](const char* name) {
        const auto row = rows.find(name);
        return row == rows.end() ? std::string() : Poco::trim(row->second);
    };
    const auto required = [&value](const char* name) {
        std::string text = value(name);
        if (text.empty()) throw SettingFault(say("mail.missing", {{"setting", name}}));
        return text;
    };
    carillon::MailAccount account;
    account.host = required("email_host");
    if (account.host.find('@') != std::string::npos) throw SettingFault(say("mail.host"));
    account.security = securityOf(value("email_encryption"));
    account.port = portOf(value("email_port"), account.security);
    account.user = value("email_username");
    if (const auto password = rows.find("email_password"); password != rows.end()) account.password = password->second;
    account.from = required("email_fromaddress");
    account.name = value("email_fromname");
    return account;
}

}  // namespace passerelle
