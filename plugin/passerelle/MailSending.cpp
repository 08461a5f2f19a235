#include "MailSending.h"

#include "GivingUp.h"
#include "MailAddress.h"
#include "MailForm.h"

#include "carillon/LogLine.h"
#include "shared/CrashPoint.h"

#include "Poco/Thread.h"

#include <algorithm>
#include <memory>

namespace passerelle {
namespace {

using namespace std::chrono_literals;
using carillon::LogLine;
using Kind = MailFault::Kind;

constexpr std::int64_t kMostAttempts = 6;
/// After the first attempt; doubled after each further one.
constexpr std::chrono::minutes kFirstDelay{15};
constexpr std::chrono::minutes kServerDelay{5};
}  // namespace

carillon::MailAccount withUsableSender(carillon::MailAccount account) {
    const auto from = usableAddress(account.from);
    if (!from) throw MailFault(Kind::Denied, say("mail.from", {{"given", account.from}}));
    account.from = *from;
    return account;
}

MailSending::MailSending(Outbox& outbox, MailComposer& composer, const MailOptions& options,
                         std::function<carillon::MailAccount()> account, carillon::RunContext& context)
    : _outbox(outbox), _composer(composer), _options(options), _readAccount(std::move(account)), _context(context) {}

void MailSending::noteAbandoned(MailTally& tally) {
    const auto bounds = abandonedAt(_context.clock().now(), _options.timeout);
    for (const auto& mail : _outbox.noteAbandoned(kindsOf(_options.task), bounds)) {
        ++tally.putAside;
        ++tally.uncertain;
        warn("mails.isuncertain", mail, abandonedMail(), tally);
    }
}

void MailSending::send(const std::vector<OutboxMail>& mails, MailTally& tally) {
    try {
        sendAll(mails, tally);
    } catch (const MailFault& e) {
        tally.fail(e.said());
        tally.isHopeless = e.kind() == Kind::Denied;
        if (!tally.isHopeless) tally.retryAfter = kServerDelay;
    } catch (const Poco::Exception& e) {
        tally.fail(saidBy(e));
        tally.isHopeless = isHopeless(e);
    }
    _connection.reset();
}

void MailSending::sendAll(const std::vector<OutboxMail>& mails, MailTally& tally) {
    std::uint64_t done = 0;
    for (const auto& mail : mails) {
        pause();
        sendOne(mail, tally);
        _context.progress(++done, mails.size(), say("progress.mails"));
    }
}

/// So many a minute, and no sooner.
void MailSending::pause() {
    for (;;) {
        _context.stop().throwIfRequested();
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(_nextAt - Steady::now());
        if (left <= left.zero()) return;
        Poco::Thread::sleep(static_cast<long>(std::min<std::int64_t>(left.count(), 100)));
    }
}

/// Invariant: from the claim's commit until one of the marks below, the outbox says "sending", and no run begins with
/// it. Each way out of here but the end of the process makes such a mark.
void MailSending::sendOne(const OutboxMail& mail, MailTally& tally) {
    const std::string& run = _context.identity().run;
    if (!_outbox.claim(mail.id, run)) return;
    carillon::crashPoint("mail.claimed");
    ComposedMail composed;
    try {
        composed = _composer.compose(mail);
        if (!composed.dropped.empty()) {
            _outbox.drop(mail.id, run, composed.dropped.c_str());
            ++tally.dropped[composed.dropped];
            LogLine(_context.log(), "mail.dropped").field("mail", mailName(mail.plan)).field("why", composed.dropped);
            return;
        }
        if (!composed.badAddress.empty()) return putAside(mail, kBadAddress, composed.badAddress, tally);
        if (mail.perhapsSentAt) warnOfSecond(mail, tally);
        deliver(mail, composed);
    } catch (const MailFault& e) {
        if (settle(mail, e, tally)) return;
        throw;
    } catch (const Poco::Exception&) {  // before the end of the mail: it was not sent
        _outbox.release(mail.id, run, _context.clock().now(), false, "");
        throw;
    }
    carillon::crashPoint("mail.sent");
    _outbox.markSent(mail.id, run);
    ++tally.sent;
    LogLine(_context.log(), "mail.sent")
        .field("mail", mailName(mail.plan))
        .field("to", maskedAddress(composed.to.address));
}

/// A server that has waited long for the next mail ends the connection: then it is tried once more on a new one, which
/// is no second mail, since the first was not complete.
void MailSending::deliver(const OutboxMail& mail, const ComposedMail& composed) {
    _nextAt = Steady::now() + std::chrono::milliseconds(60'000) / _options.perMinute;
    const bool wasUsed = _connection && _connection->isUsed();
    try {
        deliverOnce(mail, composed);
    } catch (const MailFault& e) {
        if (e.kind() != Kind::Lost || !wasUsed) throw;
        _connection.reset();
        deliverOnce(mail, composed);
    }
}

void MailSending::deliverOnce(const OutboxMail& mail, const ComposedMail& composed) {
    if (!_account) _account = withUsableSender(_readAccount());
    if (!_connection)
        _connection = std::make_unique<SmtpConnection>(*_account, _options.ca, _options.timeout, _context.stop());
    MailForm form;
    form.from = _account->from;
    form.fromName = _account->name;
    form.to = composed.to.address;
    form.subject = composed.words.subject;
    form.text = composed.words.text;
    form.date = _context.clock().now();
    const std::string created = utcText(mail.createdAt);
    form.id = "passerelle-" + std::to_string(mail.id) + "-";
    std::copy_if(created.begin(), created.end(), std::back_inserter(form.id),
                 [](char c) { return c >= '0' && c <= '9'; });
    _connection->send(form.from, composed.to, writeMail(form), [] { carillon::crashPoint("mail.complete"); });
}

/// False: it concerns all mails, and the run ends.
bool MailSending::settle(const OutboxMail& mail, const MailFault& fault, MailTally& tally) {
    const std::string& run = _context.identity().run;
    const Message& why = fault.said();
    switch (fault.kind()) {
        case Kind::Denied:
        case Kind::Away:
            _outbox.release(mail.id, run, _context.clock().now(), false, why);
            return false;
        case Kind::Lost:
            postpone(mail, why, tally);
            return false;
        case Kind::Later:
            postpone(mail, why, tally);
            return true;
        case Kind::Refused:
            putAside(mail, kMailRefused, why, tally);
            return true;
        case Kind::Uncertain:
            break;
    }
    ++tally.uncertain;
    ++tally.putAside;
    _outbox.putAside(mail.id, run, kUncertain, why);
    warn("mails.isuncertain", mail, why, tally);
    return false;
}

void MailSending::postpone(const OutboxMail& mail, const Message& why, MailTally& tally) {
    if (mail.attempts + 1 >= kMostAttempts)
        return putAside(mail, kMailRefused, say("aside.tried", {{"why", why}, {"times", kMostAttempts}}), tally);
    const auto delay = kFirstDelay * (1 << mail.attempts);
    _outbox.release(mail.id, _context.identity().run, _context.clock().now() + delay, true, why);
    ++tally.postponed;
    LogLine(_context.log(), "mail.postponed").field("mail", mailName(mail.plan)).field("why", why.text);
}

void MailSending::putAside(const OutboxMail& mail, const char* reason, const Message& why, MailTally& tally) {
    _outbox.putAside(mail.id, _context.identity().run, reason, why);
    ++tally.putAside;
    warn(std::string_view(reason) == kBadAddress ? "mails.isaside" : "mails.isrefused", mail, why, tally);
}

/// A person has asked for it, and shall read once more what that may mean.
void MailSending::warnOfSecond(const OutboxMail& mail, MailTally& tally) {
    warn("mails.issecond", mail, _composer.localText(*mail.perhapsSentAt), tally);
}

void MailSending::warn(const char* code, const OutboxMail& mail, const Message& why, MailTally& tally) {
    const std::string& job = _context.identity().job;
    Message text = say(
        code, {{"id", mail.id}, {"mail", mailInWords(mail.plan)}, {"why", why}, {"job", job.empty() ? "JOB" : job}});
    LogLine(_context.log(), "mail.noted", Poco::Message::PRIO_WARNING).field("text", text.text);
    tally.warnings.push_back(std::move(text));
}

}  // namespace passerelle
