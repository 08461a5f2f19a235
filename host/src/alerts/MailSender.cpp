#include "alerts/MailSender.h"

#include "carillon/VisibleText.h"
#include "conceal/Redactor.h"

#include "Poco/Environment.h"
#include "Poco/Net/MailMessage.h"
#include "Poco/Net/MailRecipient.h"
#include "Poco/Net/NetException.h"
#include "Poco/Net/SMTPClientSession.h"
#include "Poco/Net/StreamSocket.h"
#include "Poco/Net/StreamSocketImpl.h"
#include "Poco/Timestamp.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace carillon {
namespace {

/// All that a server says while it takes one mail.
constexpr std::size_t kMostBytes = 64 << 10;

class MailSocketImpl final : public Poco::Net::StreamSocketImpl {
public:
    explicit MailSocketImpl(const Poco::Net::StreamSocket& connection) : _connection(connection) {}

    int sendBytes(const void* buffer, int length, int flags) override {
        return _connection.sendBytes(buffer, length, flags);
    }
    int receiveBytes(void* buffer, int length, int flags) override {
        const int count = _connection.receiveBytes(buffer, length, flags);
        if (count <= 0) throw Poco::Net::NetException("it ended the connection");
        _received += static_cast<std::size_t>(count);
        if (_received > kMostBytes) throw Poco::Net::NetException("its answers have no end");
        return count;
    }
    void close() override { _connection.close(); }
    bool secure() const override { return _connection.secure(); }

private:
    Poco::Net::StreamSocket _connection;
    std::size_t _received = 0;
};

/// A way to a mail server over an open connection. Poco's session takes the end of one within an answer of several
/// lines for a line of it, and waits for the next one for ever, with ever more memory: so here the end, and an answer
/// without one, throw Poco::Net::NetException.
Poco::Net::StreamSocket mailSocketOver(const Poco::Net::StreamSocket& connection) {
    return Poco::Net::StreamSocket(new MailSocketImpl(connection));  // which is the socket's own
}

using Poco::Net::MailMessage;
using Poco::Net::MailRecipient;
using Poco::Net::SMTPClientSession;
using Security = MailAccount::Security;

/// Poco's session, on a socket that was connected within a limit and is encrypted by the name of the server.
class MailSession final : public SMTPClientSession {
public:
    explicit MailSession(const Poco::Net::StreamSocket& connection)
        : SMTPClientSession(mailSocketOver(connection)), _connection(connection) {}

    /// What the server offers.
    std::string greet() {
        std::string offers;
        login(Poco::Environment::nodeName(), offers);
        return offers;
    }

    /// What the server has said so far counts no more: somebody else may have said it.
    void startTls(RemoteCall& call, const MailSettings& settings) {
        std::string answer;
        if (sendCommand("STARTTLS", answer) / 100 != SMTP_POSITIVE_COMPLETION)
            throw Undelivered(settings.account.host + " offers no encryption by STARTTLS; " +
                              (settings.accountOf.empty()
                                   ? "set alerts.mail.security to tls, or to none if nobody can listen"
                                   : "see the mail account in the application of " + settings.accountOf));
        _connection = call.encrypt(_connection, settings.account.host, settings.ca);
        socket() = mailSocketOver(_connection);
    }

    void authenticate(const MailAccount& account, const std::string& offers) {
        if (offers.find("PLAIN") != std::string::npos)
            loginUsingPlain(account.user, account.password);
        else if (offers.find("LOGIN") != std::string::npos)
            loginUsingLogin(account.user, account.password);
        else
            throw Undelivered(account.host +
                              " asks for no password that this host can give (PLAIN or LOGIN); take the account's user "
                              "out, or use another server");
    }

private:
    Poco::Net::StreamSocket _connection;
};

/// The text with an end of line as mail has it.
std::string withMailLines(const std::string& text) {
    std::string lines;
    for (const char c : text) {
        if (c == '\n') lines += '\r';
        lines += c;
    }
    return lines + "\r\n";
}

/// Nothing in it can be a header of its own, nor show another text than it has.
std::string oneLine(std::string_view text) {
    std::string line = visibleText(text);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    return line;
}

std::string headerText(std::string_view text) {
    return MailMessage::encodeWord(oneLine(text), "UTF-8");
}

/// `"name" <address>`, or the address alone.
std::string senderOf(const MailAccount& account) {
    std::string plain = account.name;
    std::erase_if(plain, [](char c) { return c == '<' || c == '>'; });  // after which Poco looks for the address
    if (plain.empty()) return account.from;
    std::string name = headerText(plain);
    if (name == plain) {  // no encoded word
        for (std::size_t at = 0; (at = name.find_first_of("\"\\", at)) != std::string::npos; at += 2)
            name.insert(at, 1, '\\');
        name = '"' + name + '"';
    }
    return name + " <" + account.from + ">";
}

void fill(MailMessage& mail, const MailAccount& account, const std::vector<std::string>& recipients,
          const AlertMessage& message) {
    mail.setSender(senderOf(account));
    for (const auto& address : recipients) mail.addRecipient({MailRecipient::PRIMARY_RECIPIENT, address});
    mail.setSubject(headerText(message.subject));
    mail.setDate(Poco::Timestamp());
    mail.set("Message-ID", "<" + message.id + account.from.substr(account.from.find('@')) + ">");
    mail.set("Auto-Submitted", "auto-generated");  // nobody's absence is to be answered
    mail.setContentType("text/plain; charset=UTF-8");
    mail.setContent(withMailLines(message.text), MailMessage::ENCODING_QUOTED_PRINTABLE);
}

/// What the server answered, on one line; some repeat what they were told.
std::string answerOf(const Poco::Net::SMTPException& e, const MailAccount& account) {
    Redactor redactor;
    redactor.add(account.password);
    return oneLine(redactor.apply(e.message()));
}

void converse(const MailSettings& settings, const std::vector<std::string>& recipients, const AlertMessage& message,
              RemoteCall& call) {
    const MailAccount& account = settings.account;
    auto socket = call.connect(account.host, account.port);
    MailSession session(account.security == Security::Tls ? call.encrypt(socket, account.host, settings.ca) : socket);
    std::string offers = session.greet();
    if (account.security == Security::StartTls) {
        session.startTls(call, settings);
        offers = session.greet();
    }
    if (!account.user.empty()) session.authenticate(account, offers);
    MailMessage mail;
    fill(mail, account, recipients, message);
    session.sendMessage(mail);
}

}  // namespace

std::string sendMail(const MailSettings& settings, const std::vector<std::string>& recipients,
                     const AlertMessage& message, RemoteCall& call) {
    const std::string& server = settings.account.host;
    if (server.empty())
        throw Undelivered("there is no mail server: set alerts.mail.host and alerts.mail.from in the host's file");
    try {
        converse(settings, recipients, message, call);
        return server + " has taken it";
    } catch (const Undelivered&) {
        throw;
    } catch (const Poco::Net::SMTPException& e) {
        throw Undelivered(server + " refuses it: " + answerOf(e, settings.account));
    } catch (const Poco::Exception& e) {
        throw Undelivered("the mail server " + server + " " + call.reasonOf(e));
    }
}

}  // namespace carillon
