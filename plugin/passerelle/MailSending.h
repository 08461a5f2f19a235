#pragma once

#include "MailComposer.h"
#include "MailTally.h"
#include "Outbox.h"
#include "SmtpConnection.h"

#include "carillon/MailAccount.h"
#include "carillon/RunContext.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace passerelle {

/// Sends mails of the outbox, one after the other. Each is claimed before a word is said of it, and marked after the
/// server's answer; between the two it may have been sent, and then it never is again by itself. One that is refused
/// holds back no other. One use.
class MailSending {
public:
    /// Borrows all. The account is asked for when the first mail is to be sent.
    MailSending(Outbox& outbox, MailComposer& composer, const MailOptions& options,
                std::function<carillon::MailAccount()> account, carillon::RunContext& context);

    /// What went wrong with all of them is in the tally; nothing is thrown.
    void send(const std::vector<OutboxMail>& mails, MailTally& tally);
    /// Puts aside what an earlier run has left half done, and warns of it.
    void noteAbandoned(MailTally& tally);

private:
    using Steady = std::chrono::steady_clock;

    void sendAll(const std::vector<OutboxMail>& mails, MailTally& tally);
    void sendOne(const OutboxMail& mail, MailTally& tally);
    void deliver(const OutboxMail& mail, const ComposedMail& composed);
    void deliverOnce(const OutboxMail& mail, const ComposedMail& composed);
    bool settle(const OutboxMail& mail, const MailFault& fault, MailTally& tally);
    void postpone(const OutboxMail& mail, const Message& why, MailTally& tally);
    void putAside(const OutboxMail& mail, const char* reason, const Message& why, MailTally& tally);
    void warn(const char* code, const OutboxMail& mail, const Message& why, MailTally& tally);
    void warnOfSecond(const OutboxMail& mail, MailTally& tally);
    void pause();

    Outbox& _outbox;
    MailComposer& _composer;
    const MailOptions& _options;
    std::function<carillon::MailAccount()> _readAccount;
    carillon::RunContext& _context;
    std::optional<carillon::MailAccount> _account{};
    std::unique_ptr<SmtpConnection> _connection{};
    Steady::time_point _nextAt{};
};

/// The account with an address of its own that can be written. Throws MailFault, Denied.
carillon::MailAccount withUsableSender(carillon::MailAccount account);

}  // namespace passerelle
