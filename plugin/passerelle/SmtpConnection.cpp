#include "SmtpConnection.h"

#include "Encoding.h"
#include "MailAddress.h"
#include "Validation.h"

#include "carillon/VisibleText.h"

#include "Poco/Environment.h"
#include "Poco/String.h"

#include <algorithm>

namespace passerelle {
namespace {

using Kind = MailFault::Kind;

constexpr std::size_t kLongestAnswerLine = 2'000;
constexpr int kMostAnswerLines = 100;
constexpr std::size_t kLongestQuote = 200;
/// So long a run that is stopped waits for the answer to a mail that is complete. It is ended 10 s after it was asked.
constexpr std::chrono::seconds kPatience{7};
constexpr int kGoesOn = 354;
constexpr int kLoggedIn = 235;
constexpr int kAsksForMore = 334;
constexpr int kClosing = 421;

/// Ours, as the greeting has it; some servers refuse an odd one.
std::string ownName() {
    std::string name = Poco::Environment::nodeName();
    const bool isGood = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
    });
    return isGood ? name : "localhost";
}

bool offersLogin(const std::string& offers, const std::string& way) {
    for (std::size_t begin = 0; begin < offers.size();) {
        const auto end = std::min(offers.find('\n', begin), offers.size());
        const std::string line = " " + Poco::toUpper(offers.substr(begin, end - begin)) + " ";
        if ((line.starts_with(" AUTH ") || line.starts_with(" AUTH=")) &&
            (line.find(" " + way + " ") != std::string::npos || line.find("=" + way + " ") != std::string::npos))
            return true;
        begin = end + 1;
    }
    return false;
}

/// It may think otherwise in a while.
bool isForNow(int code) {
    return code / 100 == 4;
}

}  // namespace

bool SmtpConnection::PatientStop::isPatient() const {
    if (!_patient) return false;
    if (!_stop.requested()) return true;
    const auto now = std::chrono::steady_clock::now();
    if (!_askedAt) _askedAt = now;
    return now - *_askedAt < kPatience;
}

SmtpConnection::SmtpConnection(const carillon::MailAccount& account, const std::string& ca,
                               std::chrono::milliseconds limit, const carillon::StopToken& stop)
    : _account(account), _stop(stop), _connection(_stop, limit) {
    using Security = carillon::MailAccount::Security;
    if (_account.security != Security::None)
        _tls.emplace(TlsFiles{ca, "", ""}, _account.host, TlsWords{TlsPeer::MailServer, "task.mail.ca"});
    try {
        _connection.connect(_account.host, _account.port);
        if (_account.security == Security::Tls) _connection.encrypt(*_tls, _account.host);
        _connection.grantTime(HttpConnection::Phase::Head);
        if (const Answer welcome = answer(); !welcome.isGood())
            fail(Kind::Away, say("smtp.busy", {{"said", saidOf(welcome.text)}}));
        greet();
        if (_account.security == Security::StartTls) encrypt();
        if (!_account.user.empty()) authenticate();
    } catch (const HttpFault& e) {
        failOf(Kind::Away, e);
    }
}

SmtpConnection::~SmtpConnection() {
    if (_isBroken) return;
    try {
        _connection.grantTime(HttpConnection::Phase::Head, std::chrono::seconds(1));
        _connection.send("QUIT\r\n");
    } catch (const Poco::Exception&) {  // it is over anyhow
    }
}

/// What a server said, for people: on one line, not too much of it, and nobody by address or name.
std::string SmtpConnection::saidOf(const std::string& text) const {
    std::string line = carillon::visibleText(text);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    line = Poco::trim(withoutPerson(withoutAddresses(line), _to.address, _to.name));
    return line.size() <= kLongestQuote ? line : beginningOf(line, kLongestQuote) + "…";
}

void SmtpConnection::fail(Kind kind, Message what) const {
    throw MailFault(kind, say("smtp.server", {{"host", _account.host}, {"what", std::move(what)}}));
}

void SmtpConnection::failOf(Kind kind, const HttpFault& fault) const {
    switch (fault.who()) {
        case HttpFault::Who::Unreached:
            fail(kind, say("smtp.unreached", {{"port", _account.port}, {"what", fault.said()}}));
        case HttpFault::Who::Silent:
            fail(kind, say("smtp.silent", {{"what", fault.said()}}));
        case HttpFault::Who::Answered:
            break;
    }
    fail(kind, say("smtp.answered", {{"what", fault.said()}}));
}

void SmtpConnection::failOfMail(const Answer& answer) const {
    if (isForNow(answer.code)) fail(Kind::Later, say("smtp.later", {{"said", saidOf(answer.text)}}));
    fail(Kind::Refused, say("smtp.refused", {{"said", saidOf(answer.text)}}));
}

void SmtpConnection::greet() {
    Answer hello = ask("EHLO " + ownName());
    if (!hello.isGood()) hello = ask("HELO " + ownName());
    if (!hello.isGood()) fail(Kind::Away, say("smtp.nogreeting", {{"said", saidOf(hello.text)}}));
    _offers = hello.text;
}

/// What the server has said so far counts no more: somebody else may have said it, and more with it than was asked for.
void SmtpConnection::encrypt() {
    if (const Answer started = ask("STARTTLS"); !started.isGood())
        fail(Kind::Denied, say("smtp.nostarttls", {{"said", saidOf(started.text)}}));
    _connection.take(_connection.size());
    _connection.encrypt(*_tls, _account.host);
    greet();
}

void SmtpConnection::authenticate() {
    Answer end;
    if (offersLogin(_offers, "PLAIN")) {
        end = ask("AUTH PLAIN " + toBase64(std::string(1, '\0') + _account.user + '\0' + _account.password));
    } else if (offersLogin(_offers, "LOGIN")) {
        end = ask("AUTH LOGIN");
        if (end.code == kAsksForMore) end = ask(toBase64(_account.user));
        if (end.code == kAsksForMore) end = ask(toBase64(_account.password));
    } else {
        fail(Kind::Denied, say("smtp.nologin"));
    }
    if (end.code == kLoggedIn) return;
    if (isForNow(end.code)) fail(Kind::Away, say("smtp.accountlater", {{"said", saidOf(end.text)}}));
    fail(Kind::Denied, say("smtp.account", {{"said", saidOf(end.text)}}));
}

SmtpConnection::Answer SmtpConnection::ask(const std::string& line) {
    _connection.grantTime(HttpConnection::Phase::Head);
    _connection.send(line + "\r\n");
    return answer();
}

SmtpConnection::Answer SmtpConnection::answer() {
    Answer answer;
    std::string line;
    for (int i = 0; i < kMostAnswerLines; ++i) {
        if (!_connection.takeLine(line, kLongestAnswerLine)) {
            _isBroken = true;
            const Message& ending = _connection.ending();
            throw HttpFault(HttpFault::Who::Answered, ending.empty() ? say("smtp.noend") : ending);
        }
        const bool isOne = line.size() >= 3 &&
                           std::all_of(line.begin(), line.begin() + 3, [](char c) { return c >= '0' && c <= '9'; });
        if (!isOne || (line.size() > 3 && line[3] != ' ' && line[3] != '-')) {
            _isBroken = true;
            throw HttpFault(HttpFault::Who::Answered, say("smtp.nomailserver", {{"said", saidOf(line)}}));
        }
        answer.code = std::stoi(line.substr(0, 3));
        answer.text += (answer.text.empty() ? "" : "\n") + (line.size() > 4 ? line.substr(4) : "");
        if (line.size() == 3 || line[3] == ' ') {
            // A refusal is told by its number as well.
            if (answer.code >= 400) answer.text = std::to_string(answer.code) + " " + answer.text;
            return answer;
        }
    }
    _isBroken = true;
    throw HttpFault(HttpFault::Who::Answered, say("smtp.noend"));
}

void SmtpConnection::send(const std::string& from, const MailRecipient& to, const std::string& mail,
                          const std::function<void()>& beforeEnd) {
    _to = to;
    try {
        offer(from);
        sendText(mail);
        beforeEnd();
    } catch (const HttpFault& e) {
        _isBroken = true;
        failOf(Kind::Lost, e);
    } catch (const carillon::RunStopped&) {
        _isBroken = true;  // or its destructor would end the mail
        throw;
    }
    end();
}

/// Who refuses the sender for now would refuse it with each mail: greylisting, a quota, a full disk.
void SmtpConnection::offer(const std::string& from) {
    const auto lostIfClosing = [this](const Answer& answer) {
        if (answer.code != kClosing) return;
        _isBroken = true;
        fail(Kind::Lost, say("smtp.closing", {{"said", saidOf(answer.text)}}));
    };
    Answer sender = ask("MAIL FROM:<" + from + ">");
    lostIfClosing(sender);
    if (isForNow(sender.code)) fail(Kind::Away, say("smtp.senderlater", {{"said", saidOf(sender.text)}}));
    if (!sender.isGood()) fail(Kind::Denied, say("smtp.sender", {{"said", saidOf(sender.text)}}));
    Answer taken = ask("RCPT TO:<" + _to.address + ">");
    lostIfClosing(taken);
    if (taken.isGood()) taken = ask("DATA");
    lostIfClosing(taken);
    if (taken.code == kGoesOn) return;
    ask("RSET");
    failOfMail(taken);
}

/// A line that begins with a dot has another put before it, or it would end the mail.
void SmtpConnection::sendText(std::string_view mail) {
    std::string out;
    out.reserve(mail.size() + 64);
    bool atBegin = true;
    for (const char c : mail) {
        if (atBegin && c == '.') out += '.';
        out += c;
        atBegin = c == '\n';
    }
    if (!atBegin) out += "\r\n";
    _connection.grantTime(HttpConnection::Phase::Head);
    _connection.send(out);
}

/// Invariant: what is thrown before the end's first byte leaves is no mail anywhere; what is thrown after, but for a
/// refusal, leaves open whether it is one.
void SmtpConnection::end() {
    Answer taken;
    _stop.setPatient(true);
    try {
        taken = ask(".");
        _stop.setPatient(false);
    } catch (const HttpFault& e) {
        _isBroken = true;
        failOf(Kind::Uncertain, e);
    } catch (const carillon::RunStopped& e) {
        _isBroken = true;
        fail(Kind::Uncertain, say("smtp.stopped", {{"what", e.said()}}));
    }
    _used = true;
    if (taken.code == kClosing) _isBroken = true;
    if (!taken.isGood()) failOfMail(taken);
}

}  // namespace passerelle
