#pragma once

#include "calendar/TimeWindows.h"
#include "carillon/ConfigReader.h"
#include "carillon/MailAccount.h"
#include "config/AlertKind.h"
#include "words/Language.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace carillon {

/// When one job's alerts are due, and to whom they go. Plain data.
struct AlertRules {
    std::set<AlertKind> on{std::begin(kAlertKinds), std::end(kAlertKinds)};
    int after = 1;                                               ///< Failures in a row.
    std::chrono::milliseconds late = std::chrono::minutes(10);   ///< After its slot a job should have begun.
    std::chrono::milliseconds interval = std::chrono::hours(1);  ///< Between two alerts of a job and kind.
    std::int64_t rejects = 1;                                    ///< Items put aside by one run.
    int backlogRuns = 3;                                         ///< Runs in a row that left more than the one before.
    std::int64_t backlogItems = 1;                               ///< Less is no backlog.
    std::vector<std::string> mailTo{};                           ///< Empty: no mail.
    std::string pingUrl{};                                       ///< A secret. Empty: no ping. {job} is the job's name.

    bool has(AlertKind kind) const { return on.contains(kind); }
};

/// What the keys job.alerts.* of one job say instead of the host's. Plain data.
struct JobAlerts {
    std::optional<std::set<AlertKind>> on{};
    std::optional<int> after{};
    std::optional<std::chrono::milliseconds> late{};
    std::optional<std::chrono::milliseconds> interval{};
    std::optional<std::int64_t> rejects{};
    std::optional<int> backlogRuns{};
    std::optional<std::int64_t> backlogItems{};
    std::optional<std::vector<std::string>> mailTo{};
    std::optional<std::string> pingUrl{};

    bool operator==(const JobAlerts&) const = default;
};

/// Whether its password would go over a network in clear.
bool tellsPassword(const MailAccount& account);

/// `name@domain`, without what could become a header or a command of its own.
bool isMailAddress(const std::string& text);

/// How mail is sent. Plain data.
struct MailSettings {
    MailAccount account{};    ///< Without a host: there is none.
    std::string accountOf{};  ///< The job whose task tells the account (MailAccounts); empty: it is the one above.
    std::string
        ca{};  ///< PEM file of the authority that the server's certificate is checked with; empty: the system's.
    std::chrono::milliseconds timeout = std::chrono::seconds(10);

    bool isConfigured() const { return !account.host.empty() || !accountOf.empty(); }
};

struct WebhookSettings {
    std::string url{};  ///< A secret. Empty: there is none.
    std::string key{};  ///< A secret, which signs. Empty: not signed.
    std::string ca{};
    std::chrono::milliseconds timeout = std::chrono::seconds(10);
};

/// The keys alerts.* of the host.
struct AlertSettings {
    Language language = Language::English;  ///< Without alerts.language that of the process: preferredLanguage().
    TimeWindows quiet{};
    AlertRules rules{};  ///< Of a job that says nothing else.
    MailSettings mail{};
    WebhookSettings webhook{};
    std::string pingCa{};
    std::chrono::milliseconds pingTimeout = std::chrono::seconds(10);

    AlertRules rulesFor(const JobAlerts& job) const;
};

/// Faults are in the reader.
AlertSettings readAlertSettings(ConfigReader& in);
/// `sendsMail`: the host's MailSettings are configured.
JobAlerts readJobAlerts(ConfigReader& in, bool sendsMail = true);

}  // namespace carillon
