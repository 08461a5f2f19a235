#include "config/AlertSettings.h"

#include "words/HostTexts.h"

#include "Poco/Exception.h"
#include "Poco/StringTokenizer.h"
#include "Poco/URI.h"

#include <algorithm>

namespace carillon {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kLongestSpan = std::chrono::days(366);
constexpr std::int64_t kMost = 1'000'000'000;

std::vector<std::string> wordsOf(const std::string& text) {
    const Poco::StringTokenizer words(text, ", ", Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    return {words.begin(), words.end()};
}

std::string listOfKinds() {
    std::string list;
    for (const auto& name : kEnumNames<AlertKind>) list += (list.empty() ? "" : ", ") + std::string(name);
    return list;
}

std::optional<std::set<AlertKind>> readKinds(ConfigReader& in, const std::string& key) {
    const auto text = in.optionalText(key);
    if (!text) return std::nullopt;
    std::set<AlertKind> kinds;
    if (*text == "none") return kinds;
    for (const auto& word : wordsOf(*text)) {
        const auto kind = enumOf<AlertKind>(word);
        if (kind == AlertKind::Host && key.starts_with("job."))
            in.fault(key, sayHost("alerts.hostkind", {{"given", *text}}));
        else if (kind)
            kinds.insert(*kind);
        else
            in.unexpected(key, *text, sayHost("wanted.kinds", {{"known", listOfKinds()}}));
    }
    return kinds;
}

std::optional<std::vector<std::string>> readRecipients(ConfigReader& in, const std::string& key) {
    const auto text = in.optionalText(key);
    if (!text) return std::nullopt;
    std::vector<std::string> addresses;
    if (*text == "none") return addresses;
    addresses = wordsOf(*text);
    for (const auto& address : addresses)
        if (!isMailAddress(address)) in.unexpected(key, *text, sayHost("wanted.recipients"));
    return addresses;
}

bool isUrl(const std::string& text) {
    const auto isPlain = [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7f; };
    if (!std::all_of(text.begin(), text.end(), isPlain)) return false;
    try {
        const Poco::URI uri(text);
        return (uri.getScheme() == "https" || uri.getScheme() == "http") && !uri.getHost().empty() &&
               uri.getUserInfo().empty();
    } catch (const Poco::Exception&) {
        return false;
    }
}

/// Who knows such an address may write there: it is a secret, and never in a fault.
std::optional<std::string> readUrl(ConfigReader& in, const std::string& key, const char* example) {
    auto url = in.secret(key);
    if (!url || isUrl(*url)) return url;
    in.fault(key, sayHost("alerts.noaddress", {{"example", example}}));
    return std::nullopt;
}

JobAlerts readRules(ConfigReader& in, const std::string& prefix) {
    const auto key = [&prefix](const char* name) { return prefix + name; };
    const auto given = [&](const char* name) { return in.optionalText(key(name)).has_value(); };
    JobAlerts rules;
    rules.on = readKinds(in, key("on"));
    if (given("after")) rules.after = static_cast<int>(in.integer(key("after"), 1, 1, 1000));
    if (given("late")) rules.late = in.duration(key("late"), 10min, 1s, kLongestSpan);
    if (given("interval")) rules.interval = in.duration(key("interval"), 1h, 0ms, kLongestSpan);
    if (given("rejects")) rules.rejects = in.integer(key("rejects"), 1, 1, kMost);
    if (given("backlog.runs")) rules.backlogRuns = static_cast<int>(in.integer(key("backlog.runs"), 3, 1, 1000));
    if (given("backlog.items")) rules.backlogItems = in.integer(key("backlog.items"), 1, 1, kMost);
    rules.mailTo = readRecipients(in, key("mail.to"));
    rules.pingUrl = readUrl(in, key("ping.url"), "https://hc-ping.com/UUID");
    return rules;
}

std::chrono::milliseconds readTimeout(ConfigReader& in, const char* key) {
    return in.duration(key, 10s, 100ms, 2min);
}

void readLogin(ConfigReader& in, MailAccount& account) {
    account.user = in.text("alerts.mail.user", "");
    account.password = in.secret("alerts.mail.password").value_or("");
    if (!account.user.empty() && account.password.empty()) in.missing("alerts.mail.password.file");
    if (account.user.empty() && !account.password.empty()) in.missing("alerts.mail.user");
    if (tellsPassword(account)) in.fault("alerts.mail.security", sayHost("alerts.clearpassword"));
}

MailAccount readAccount(ConfigReader& in, bool wanted) {
    using Security = MailAccount::Security;
    MailAccount account;
    account.host = in.text("alerts.mail.host", "");
    if (account.host.find('@') != std::string::npos) in.fault("alerts.mail.host", sayHost("alerts.userinhost"));
    account.security =
        in.choice<Security>("alerts.mail.security", Security::StartTls,
                            {{"starttls", Security::StartTls}, {"tls", Security::Tls}, {"none", Security::None}});
    account.port = static_cast<std::uint16_t>(in.integer("alerts.mail.port", usualPort(account.security), 1, 65'535));
    account.from = in.text("alerts.mail.from", "");
    readLogin(in, account);
    if (wanted && account.host.empty()) in.missing("alerts.mail.host");
    if (wanted && account.from.empty()) in.missing("alerts.mail.from");
    if (!account.from.empty() && !isMailAddress(account.from))
        in.unexpected("alerts.mail.from", account.from, sayHost("wanted.sender"));
    return account;
}

MailSettings readMail(ConfigReader& in, bool wanted) {
    MailSettings mail;
    mail.accountOf = in.text("alerts.mail.account_of", "");
    mail.timeout = readTimeout(in, "alerts.mail.timeout");
    in.requireTrust("alerts.mail.ca", mail.ca = in.path("alerts.mail.ca", ""));
    mail.account = readAccount(in, wanted && mail.accountOf.empty());
    if (mail.accountOf.empty()) return mail;
    for (const auto* name : {"host", "port", "security", "user", "password", "password.file", "from"})
        if (const std::string key = std::string("alerts.mail.") + name; in.has(key))
            in.fault(key, sayHost("alerts.besideaccount"));
    return mail;
}

WebhookSettings readWebhook(ConfigReader& in) {
    WebhookSettings webhook;
    webhook.url = readUrl(in, "alerts.webhook.url", "https://hooks.example.com/SECRET").value_or("");
    webhook.key = in.secret("alerts.webhook.key").value_or("");
    webhook.timeout = readTimeout(in, "alerts.webhook.timeout");
    in.requireTrust("alerts.webhook.ca", webhook.ca = in.path("alerts.webhook.ca", ""));
    return webhook;
}

TimeWindows readQuiet(ConfigReader& in) {
    const auto text = in.optionalText("alerts.quiet");
    if (!text) return {};
    const auto quiet = TimeWindows::parse(*text);
    if (!quiet) in.unexpected("alerts.quiet", *text, sayHost("wanted.windows"));
    return quiet.value_or(TimeWindows());
}

template <typename Value>
void replace(Value& value, const std::optional<Value>& given) {
    if (given) value = *given;
}

}  // namespace

bool tellsPassword(const MailAccount& account) {
    const bool isOwn = account.host == "localhost" || account.host == "::1" || account.host.starts_with("127.");
    return !account.user.empty() && account.security == MailAccount::Security::None && !isOwn;
}

bool isMailAddress(const std::string& text) {
    const auto at = text.find('@');
    const auto isPlain = [](char c) {
        return static_cast<unsigned char>(c) > ' ' && c != 0x7f && c != '<' && c != '>';
    };
    return at != std::string::npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == std::string::npos &&
           std::all_of(text.begin(), text.end(), isPlain);
}

AlertRules AlertSettings::rulesFor(const JobAlerts& job) const {
    AlertRules result = rules;
    replace(result.on, job.on);
    replace(result.after, job.after);
    replace(result.late, job.late);
    replace(result.interval, job.interval);
    replace(result.rejects, job.rejects);
    replace(result.backlogRuns, job.backlogRuns);
    replace(result.backlogItems, job.backlogItems);
    replace(result.mailTo, job.mailTo);
    replace(result.pingUrl, job.pingUrl);
    return result;
}

AlertSettings readAlertSettings(ConfigReader& in) {
    AlertSettings alerts;
    alerts.language = in.choice<Language>("alerts.language", preferredLanguage(),
                                          {{"en", Language::English}, {"fr", Language::French}});
    alerts.quiet = readQuiet(in);
    alerts.rules = alerts.rulesFor(readRules(in, "alerts."));
    // A job may have recipients of its own: what is given of the account has to be whole.
    alerts.mail = readMail(in, !alerts.rules.mailTo.empty() || in.has("alerts.mail.host"));
    alerts.webhook = readWebhook(in);
    alerts.pingTimeout = readTimeout(in, "alerts.ping.timeout");
    in.requireTrust("alerts.ping.ca", alerts.pingCa = in.path("alerts.ping.ca", ""));
    return alerts;
}

JobAlerts readJobAlerts(ConfigReader& in, bool sendsMail) {
    auto rules = readRules(in, "job.alerts.");
    if (!sendsMail && rules.mailTo && !rules.mailTo->empty())
        in.fault("job.alerts.mail.to", sayHost("alerts.nosender"));
    return rules;
}

}  // namespace carillon
