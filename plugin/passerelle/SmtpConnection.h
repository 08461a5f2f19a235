#pragma once

#include "GatewayTls.h"
#include "HttpConnection.h"
#include "Texts.h"

#include "carillon/MailAccount.h"
#include "carillon/RunContext.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace passerelle {

/// So begin the codes of what a mail server does.
inline constexpr std::string_view kMailServerCodes = "smtp.";

/// A mail was not sent, or may not have been. The message is one sentence without a secret, in which
/// addresses and names that the server repeated are masked.
class MailFault : public carillon::Failure {
public:
    enum class Kind : std::uint8_t {
        Denied,    ///< The server takes nothing from this account until a person has mended something.
        Away,      ///< It takes nothing now; the mail was not begun.
        Lost,      ///< The connection was lost before the mail was complete: it was not sent.
        Later,     ///< The server does not take this mail now.
        Refused,   ///< It never takes this mail.
        Uncertain  ///< The mail was complete, and no answer came: it may have been sent.
    };

    MailFault(Kind kind, Message said) : Failure(std::move(said)), _kind(kind) {}

    Kind kind() const { return _kind; }
    const char* name() const noexcept override { return "Mail fault"; }
    Poco::Exception* clone() const override { return new MailFault(*this); }
    void rethrow() const override { throw *this; }

private:
    Kind _kind;
};

/// To whom a mail goes. The name is only for what the server says of it: it is masked there.
struct MailRecipient {
    std::string address{};  ///< A usable one.
    std::string name{};
};

/// A conversation with a mail server (RFC 5321), encrypted before anything else is said where the account says so. Each
/// wait for the server ends within the limit and with the run. One thread.
class SmtpConnection {
public:
    /// Borrows the token. Connects, encrypts and logs in. `ca`: a PEM file; empty: the system's authorities. Throws
    /// MailFault, Denied or Away.
    SmtpConnection(const carillon::MailAccount& account, const std::string& ca, std::chrono::milliseconds limit,
                   const carillon::StopToken& stop);
    ~SmtpConnection();
    SmtpConnection(const SmtpConnection&) = delete;
    SmtpConnection& operator=(const SmtpConnection&) = delete;

    /// Sends one mail from a usable address; the text is writeMail()'s. `beforeEnd` is called when the server has
    /// all of it but the end, without which it is none. Throws MailFault; after Later and Refused another mail may be
    /// sent. A run that is stopped ends it with RunStopped before that end; after it the answer is waited for.
    void send(const std::string& from, const MailRecipient& to, const std::string& mail,
              const std::function<void()>& beforeEnd);

    /// It has taken a mail: what fails now may be a server that has waited long enough.
    bool isUsed() const { return _used; }

private:
    struct Answer {
        int code = 0;
        std::string text{};

        bool isGood() const { return code / 100 == 2; }
    };

    /// The run's own, but for a time after the end of a mail, in which its answer is worth waiting for.
    class PatientStop final : public carillon::StopToken {
    public:
        explicit PatientStop(const carillon::StopToken& stop) : _stop(stop) {}
        bool isAsked() const override { return !isPatient() && _stop.isAsked(); }
        std::chrono::milliseconds remaining() const override {
            return isPatient() ? std::chrono::hours(1) : _stop.remaining();
        }
        void setPatient(bool patient) { _patient = patient; }

    private:
        bool isPatient() const;

        const carillon::StopToken& _stop;
        bool _patient = false;
        mutable std::optional<std::chrono::steady_clock::time_point> _askedAt{};
    };

    void greet();
    void encrypt();
    void authenticate();
    void offer(const std::string& from);
    void end();
    std::string saidOf(const std::string& text) const;
    Answer ask(const std::string& line);
    Answer answer();
    void sendText(std::string_view mail);
    [[noreturn]] void fail(MailFault::Kind kind, Message what) const;
    [[noreturn]] void failOf(MailFault::Kind kind, const HttpFault& fault) const;
    [[noreturn]] void failOfMail(const Answer& answer) const;

    carillon::MailAccount _account;
    PatientStop _stop;
    std::optional<GatewayTls> _tls{};  // none where nothing is encrypted: the authorities take their time
    HttpConnection _connection;
    std::string _offers{};
    MailRecipient _to{};
    bool _used = false;
    bool _isBroken = false;  // nothing more can be said
};

}  // namespace passerelle
