#include "MailCheck.h"

#include "MailParts.h"
#include "PasserelleCheck.h"
#include "SmtpConnection.h"

#include <array>
#include <chrono>

namespace passerelle {
namespace {

using carillon::Check;
using carillon::CheckState;

constexpr std::chrono::hours kLongWait{24};
constexpr std::array kAllMails{MailKind::Approved, MailKind::Refused, MailKind::Reminder, MailKind::Deadline};

Check mailCheck(std::string name, CheckState state, std::string message, std::string recommendation = "") {
    return {std::move(name), state, std::move(message), {}, std::move(recommendation)};
}

std::string encryptionOf(const carillon::MailAccount& account) {
    using Security = carillon::MailAccount::Security;
    return account.security == Security::Tls ? "TLS" : account.security == Security::StartTls ? "STARTTLS" : "none";
}

}  // namespace

void MailCheck::run(const carillon::CheckSink& sink) {
    sink(checkConfiguration());
    sink(checkDatabase(_options.database, RightsOf::Mails, _context));
    sink(checkOutbox(_options.database, RightsOf::Mails, _context));
    sink(checkMailServer());
}

Check MailCheck::checkConfiguration() {
    const char* name = "configuration";
    try {
        MailParts parts(_options, _context);
        Check check = mailCheck(name, CheckState::Passed, "the task is switched on");
        if (const std::string missing = parts.reader.lookAtColumns(); !missing.empty())
            return mailCheck(name, CheckState::Failed, missing, "a run fails until then, and sends nothing");
        if (_options.task == MailTaskKind::Approvals) {
            check.message = "mails go to the creators of campaigns that synchronisations decide";
            return check;
        }
        const std::int64_t days = parts.days();
        check.details.emplace_back("days", std::to_string(days));
        if (days > 0) return check;
        const std::string setting = daysSettingOf(_options.task);
        return mailCheck(name, CheckState::Warning, setting + " is 0 or not set in Agora: runs have nothing to do",
                         "set " + setting + " in Agora, or task.days in the job's file");
    } catch (const Poco::Exception& e) {
        return mailCheck(name, CheckState::Failed, e.message(),
                         "correct what the message names, or the keys task.database.* of the job's file");
    }
}

Check MailCheck::checkMailServer() {
    const char* name = "mail server";
    try {
        MailParts parts(_options, _context);
        const auto account = parts.account();
        const SmtpConnection connection(account, _options.ca, _options.timeout, _context.stop());
        Check check = mailCheck(name, CheckState::Passed,
                                "the mail server " + account.host + " takes the account; nothing was sent");
        check.details.emplace_back("address", account.host + ":" + std::to_string(account.port));
        check.details.emplace_back("encryption", encryptionOf(account));
        check.details.emplace_back("sender", account.from);
        return check;
    } catch (const Poco::Exception& e) {
        return mailCheck(name, CheckState::Failed, e.message(),
                         "mend what the message names: it is the account of Agora's settings email_*");
    }
}

Check checkOutbox(const DatabaseOptions& options, RightsOf task, carillon::RunContext& context) {
    const char* name = "outbox";
    try {
        AgoraSession session(options, context);
        Outbox outbox(session, context.clock());
        DatabaseRights rights(session);
        const bool exists = outbox.exists();
        if (!exists && !rights.mayCreate("passerelle_outbox"))
            return mailCheck(
                name, CheckState::Failed,
                "the database's user may not make the plugin's table passerelle_outbox, and it is not there",
                "grant it CREATE and ALTER, or run as an administrator of the server: " + outbox.script());
        if (const std::string grants = rights.missingGrants(task, "passerelle_outbox"); !grants.empty())
            return mailCheck(name, CheckState::Failed, "the database's user lacks rights",
                             "run as an administrator of the server: " + grants);
        const OutboxCounts counts = exists ? OutboxReview(session, context.clock()).count(kAllMails) : OutboxCounts{};
        Check check = mailCheck(name, CheckState::Passed, "mails can be planned");
        check.details.emplace_back("mails_waiting", std::to_string(counts.waiting));
        check.details.emplace_back("mails_aside", std::to_string(counts.aside));
        if (counts.oldest && context.clock().now() - *counts.oldest > kLongWait) {
            check.state = CheckState::Warning;
            check.message = "mails have waited for more than a day";
            check.recommendation =
                "see that a job of their task (ApprovalMails, ReminderMails, DeadlineMails) is in jobs.enabled, and "
                "how "
                "its last run ended";
            return check;
        }
        if (counts.aside == 0) return check;
        check.state = CheckState::Warning;
        check.message = std::to_string(counts.aside) + (counts.aside == 1 ? " mail is" : " mails are") + " put aside";
        check.recommendation = "see which and why with 'carillon rejects' and the job's name";
        return check;
    } catch (const Poco::Exception& e) {
        return mailCheck(name, CheckState::Failed, e.message(), "mend what the message names");
    }
}

}  // namespace passerelle
