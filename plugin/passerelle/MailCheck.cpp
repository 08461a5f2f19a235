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

Check mailCheck(std::string name, CheckState state, Message message, Message recommendation = {}) {
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
        Check check = mailCheck(name, CheckState::Passed, say("look.switchedon"));
        if (const Message missing = parts.reader.lookAtColumns(); !missing.empty())
            return mailCheck(name, CheckState::Failed, missing, say("todo.column"));
        if (_options.task == MailTaskKind::Approvals) {
            check.message = say("look.creators");
            return check;
        }
        const std::int64_t days = parts.days();
        check.details.emplace_back("days", std::to_string(days));
        if (days > 0) return check;
        const std::string setting = daysSettingOf(_options.task);
        return mailCheck(name, CheckState::Warning, say("look.switchedoff", {{"setting", setting}}),
                         say("todo.days", {{"setting", setting}}));
    } catch (const Poco::Exception& e) {
        return mailCheck(name, CheckState::Failed, saidBy(e), say("todo.correct"));
    }
}

Check MailCheck::checkMailServer() {
    const char* name = "mail server";
    try {
        MailParts parts(_options, _context);
        const auto account = parts.account();
        const SmtpConnection connection(account, _options.ca, _options.timeout, _context.stop());
        Check check = mailCheck(name, CheckState::Passed, say("look.mailserver", {{"host", account.host}}));
        check.details.emplace_back("address", account.host + ":" + std::to_string(account.port));
        check.details.emplace_back("encryption", encryptionOf(account));
        check.details.emplace_back("sender", account.from);
        return check;
    } catch (const Poco::Exception& e) {
        return mailCheck(name, CheckState::Failed, saidBy(e), say("todo.mailaccount"));
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
            return mailCheck(name, CheckState::Failed, say("look.nocreate"),
                             say("todo.create", {{"script", outbox.script()}}));
        if (const std::string grants = rights.missingGrants(task, "passerelle_outbox"); !grants.empty())
            return mailCheck(name, CheckState::Failed, say("look.norights"), say("todo.grants", {{"grants", grants}}));
        const auto bounds = abandonedAt(context.clock().now(), MailOptions().timeout);
        OutboxCounts counts;
        if (exists) counts = OutboxReview(session, context.clock()).count(kAllMails, bounds);
        Check check = mailCheck(name, CheckState::Passed, say("look.outbox"));
        check.details.emplace_back("mails_waiting", std::to_string(counts.waiting));
        check.details.emplace_back("mails_aside", std::to_string(counts.aside));
        if (counts.oldest && context.clock().now() - *counts.oldest > kLongWait) {
            check.state = CheckState::Warning;
            check.message = say("look.waiting");
            check.recommendation = say("todo.enable");
            return check;
        }
        if (counts.aside == 0) return check;
        check.state = CheckState::Warning;
        check.message = say("look.aside", {{"n", counts.aside}});
        check.recommendation = say("todo.seewhich");
        return check;
    } catch (const Poco::Exception& e) {
        return mailCheck(name, CheckState::Failed, saidBy(e), say("todo.mendnamed"));
    }
}

}  // namespace passerelle
