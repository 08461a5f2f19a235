#include "MailOptions.h"

#include "Texts.h"

#include <algorithm>
#include <array>

namespace passerelle {
namespace {

using namespace std::chrono_literals;
using carillon::ConfigReader;

constexpr std::array kDecisions{MailKind::Approved, MailKind::Refused};
constexpr std::array kReminderMails{MailKind::Reminder};
constexpr std::array kDeadlineMails{MailKind::Deadline};

/// It becomes a part of statements: so it is a plain name.
std::string readColumn(ConfigReader& in, const char* key, const char* fallback) {
    const std::string name = in.text(key, fallback);
    const auto isGood = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    if (name.size() <= 64 && std::all_of(name.begin(), name.end(), isGood)) return name;
    in.unexpected(key, name, say("config.column"));
    return fallback;
}

std::string readLink(ConfigReader& in) {
    const std::string link = in.text("link", "");
    const bool isGood = (link.starts_with("https://") || link.starts_with("http://")) &&
                        std::all_of(link.begin(), link.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (link.empty() || isGood) return link;
    in.unexpected("link", link, say("config.link"));
    return "";
}

std::chrono::days readDays(ConfigReader& in, const char* key, std::chrono::days fallback, std::chrono::days least) {
    return std::chrono::floor<std::chrono::days>(in.duration(key, fallback, least, 36'500 * 24h));
}

}  // namespace

AbandonedBounds abandonedAt(carillon::TimePoint now, std::chrono::milliseconds timeout) {
    // Waits for the server in one conversation about one mail, from its connection to its end.
    constexpr int kMostWaits = 16;
    const auto longest = kMostWaits * timeout + 1min;
    return {now - longest, now + longest};
}

std::span<const MailKind> kindsOf(MailTaskKind task) {
    if (task == MailTaskKind::Approvals) return kDecisions;
    if (task == MailTaskKind::Reminders) return kReminderMails;
    return kDeadlineMails;
}

const char* daysSettingOf(MailTaskKind task) {
    if (task == MailTaskKind::Approvals) return "";
    return task == MailTaskKind::Reminders ? "notif_relance_delai_jours" : "notif_deadline_alerte_jours";
}

MailOptions readMailOptions(ConfigReader& in, MailTaskKind task) {
    MailOptions options;
    options.task = task;
    options.database = readDatabaseOptions(in);
    options.ca = in.path("mail.ca", "");
    in.requireTrust("mail.ca", options.ca);
    options.timeout = in.duration("mail.timeout", 30s, 1s, 10min);
    options.mostMails = static_cast<std::size_t>(in.integer("mail.max", 200, 1, 10'000));
    options.perMinute = in.integer("mail.rate", 60, 1, 6'000);
    options.keep = readDays(in, "keep", std::chrono::days(365), std::chrono::days(30));
    if (task == MailTaskKind::Approvals) {
        options.columns.creator = readColumn(in, "column.creator", "created_by");
        options.maxAge = readDays(in, "max_age", std::chrono::days(7), std::chrono::days(1));
        return options;
    }
    if (in.has("days")) options.days = in.integer("days", 0, 0, 365);
    options.link = readLink(in);
    options.columns.deadline = readColumn(in, "column.deadline", "date_limite");
    options.columns.needsDeadline = task == MailTaskKind::Deadlines || in.has("column.deadline");
    if (task == MailTaskKind::Reminders) {
        options.mostReminders = in.integer("reminders.max", 3, 1, 20);
        return options;
    }
    const std::string creator = readColumn(in, "column.creator", "created_by");
    options.recipients = in.choice("recipients", DeadlineRecipients::Both,
                                   {{"validators", DeadlineRecipients::Validators},
                                    {"creator", DeadlineRecipients::Creator},
                                    {"both", DeadlineRecipients::Both}});
    if (options.recipients != DeadlineRecipients::Validators) options.columns.creator = creator;
    return options;
}

}  // namespace passerelle
