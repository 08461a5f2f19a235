#include "alerts/MailSender.h"

#include "Poco/Environment.h"
#include "Poco/Net/MailMessage.h"
#include "Poco/Net/MailRecipient.h"
#include "Poco/Net/NetException.h"
#include "Poco/Net/SMTPClientSession.h"
#include "Poco/Timestamp.h"

#include <cctype>
#include <string_view>

namespace carillon {
namespace {

using Poco::Net::MailMessage;
using Poco::Net::MailRecipient;
using Poco::Net::SMTPClientSession;
using Security = MailSettings::Security;

/// Poco's session, on a socket that was connected within a limit and is encrypted by the name of the server.
class MailSession final : public SMTPClientSession {
public:
    explicit MailSession(const Poco::Net::StreamSocket& socket) : SMTPClientSession(socket) {}

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
            throw Undelivered(settings.host +
                              " offers no encryption by STARTTLS; set alerts.mail.security to tls, or to none if "
                              "nobody can listen");
        Poco::Net::StreamSocket plain = socket();
        socket() = call.encrypt(plain, settings.host, settings.ca);
    }

    void authenticate(const MailSettings& settings, const std::string& offers) {
        if (offers.find("PLAIN") != std::string::npos)
            loginUsingPlain(settings.user, settings.password);
        else if (offers.find("LOGIN") != std::string::npos)
            loginUsingLogin(settings.user, settings.password);
        else
            throw Undelivered(settings.host +
                              " asks for no password that this host can give (PLAIN or LOGIN); take alerts.mail.user "
                              "out, or use another server");
    }
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

/// Nothing in it can be a header of its own.
std::string headerText(std::string text) {
    for (char& c : text)
        if (std::iscntrl(static_cast<unsigned char>(c)) != 0) c = ' ';
    return MailMessage::encodeWord(text, "UTF-8");
}

void fill(MailMessage& mail, const MailSettings& settings, const std::vector<std::string>& recipients,
          const AlertMessage& message) {
    mail.setSender(settings.from);
    for (const auto& address : recipients) mail.addRecipient({MailRecipient::PRIMARY_RECIPIENT, address});
    mail.setSubject(headerText(message.subject));
    mail.setDate(Poco::Timestamp());
    mail.set("Message-ID", "<" + message.id + settings.from.substr(settings.from.find('@')) + ">");
    mail.set("Auto-Submitted", "auto-generated");  // nobody's absence is to be answered
    mail.setContentType("text/plain; charset=UTF-8");
    mail.setContent(withMailLines(message.text), MailMessage::ENCODING_QUOTED_PRINTABLE);
}

/// What the server answered, on one line.
std::string answerOf(const Poco::Net::SMTPException& e) {
    std::string text = e.message();
    for (char& c : text)
        if (std::iscntrl(static_cast<unsigned char>(c)) != 0) c = ' ';
    return text;
}

void converse(const MailSettings& settings, const std::vector<std::string>& recipients, const AlertMessage& message,
              RemoteCall& call) {
    auto socket = call.connect(settings.host, settings.port);
    MailSession session(settings.security == Security::Tls ? call.encrypt(socket, settings.host, settings.ca) : socket);
    std::string offers = session.greet();
    if (settings.security == Security::StartTls) {
        session.startTls(call, settings);
        offers = session.greet();
    }
    if (!settings.user.empty()) session.authenticate(settings, offers);
    MailMessage mail;
    fill(mail, settings, recipients, message);
    session.sendMessage(mail);
}

}  // namespace

std::string sendMail(const MailSettings& settings, const std::vector<std::string>& recipients,
                     const AlertMessage& message, RemoteCall& call) {
    if (settings.host.empty())
        throw Undelivered("there is no mail server: set alerts.mail.host and alerts.mail.from in the host's file");
    try {
        converse(settings, recipients, message, call);
        return settings.host + " has taken it";
    } catch (const Undelivered&) {
        throw;
    } catch (const Poco::Net::SMTPException& e) {
        throw Undelivered(settings.host + " refuses it: " + answerOf(e));
    } catch (const Poco::Exception& e) {
        throw Undelivered("the mail server " + settings.host + " " + call.reasonOf(e));
    }
}

}  // namespace carillon
