#include "MailTasks.h"

#include "GivingUp.h"
#include "MailAddress.h"
#include "MailCheck.h"
#include "MailParts.h"
#include "MailSending.h"
#include "OutboxItems.h"

#include "carillon/LogLine.h"
#include "carillon/data/TransactionScope.h"
#include "shared/CrashPoint.h"

#include "Poco/Exception.h"

#include <set>
#include <utility>

namespace passerelle {
namespace {

using carillon::LogLine;
using carillon::RunContext;
using carillon::RunReport;

constexpr std::size_t kOldMailsAtOnce = 1'000;

MailSending sendingOf(MailParts& parts) {
    return {parts.outbox, parts.composer, parts.options, [&parts] { return parts.account(); }, parts.context};
}

carillon::PlannedItem itemOf(const OutboxMail& mail, const ComposedMail& composed) {
    carillon::PlannedItem item;
    item.what = mailName(mail.plan);
    if (!composed.dropped.empty()) {
        item.effect = "dropped";
        item.reason = composed.dropped;
        item.detail = whyDroppedInWords(composed.dropped);
    } else if (!composed.badAddress.empty()) {
        item.effect = "put_aside";
        item.reason = kBadAddress;
        item.detail = composed.badAddress;
        item.role = carillon::FigureRole::Rejected;
    } else {
        item.effect = "sent";
        item.detail =
            say("plan.mail", {{"to", maskedAddress(composed.to.address)}, {"subject", composed.words.subject}});
        if (mail.perhapsSentAt) item.detail = withSemicolon(say("mails.second"), item.detail);
        item.role = carillon::FigureRole::Work;
    }
    return item;
}

void countItem(const ComposedMail& composed, MailTally& tally) {
    if (!composed.dropped.empty())
        ++tally.dropped[composed.dropped];
    else if (!composed.badAddress.empty())
        ++tally.putAside;
    else
        ++tally.sent;
}

/// Does the work; what only a person can mend is given up.
template <typename Work>
RunReport givingUpOnSettings(const Work& work) {
    try {
        return givingUpWhereHopeless(work);
    } catch (const MailFault& e) {
        if (e.kind() != MailFault::Kind::Denied) throw;
        return RunReport::giveUp(e.said());
    } catch (const SettingFault& e) {
        return RunReport::giveUp(e.said());
    }
}

}  // namespace

void MailTask::configure(carillon::ConfigReader& config) {
    _options = readMailOptions(config, _options.task);
}

RunReport MailTask::run(RunContext& context) {
    warnIfUnprotected(_options.database, context);
    return givingUpOnSettings([&] {
        MailParts parts(_options, context);
        if (const Message why = whyNothing(parts); !why.empty()) return RunReport::nothingToDo(why);
        if (const Message missing = parts.reader.lookAtColumns(); !missing.empty()) return RunReport::giveUp(missing);
        return sendDue(parts, context);
    });
}

/// Empty: the task is switched on.
Message MailTask::whyNothing(MailParts& parts) const {
    if (_options.task == MailTaskKind::Approvals || parts.days() > 0) return {};
    return say("nothing.days", {{"setting", daysSettingOf(_options.task)}});
}

RunReport MailTask::sendDue(MailParts& parts, RunContext& context) const {
    parts.outbox.migrate();
    MailTally tally;
    MailSending sending = sendingOf(parts);
    sending.noteAbandoned(tally);
    planDue(parts, tally);
    sending.send(parts.outbox.due(kindsOf(_options.task), _options.mostMails), tally);
    try {
        parts.review.deleteOld(kindsOf(_options.task), context.clock().now() - _options.keep, kOldMailsAtOnce);
        tally.standing = parts.review.count(kindsOf(_options.task), parts.abandoned());
    } catch (const DatabaseFailed& e) {
        tally.fail(e.said());
    }
    return tally.report(say("nothing.mails"));
}

/// What is due beyond what synchronisations have planned is judged by these.
MailTask::DueFacts MailTask::readFacts(MailParts& parts, MailTally& tally) const {
    DueFacts facts;
    if (_options.task == MailTaskKind::Approvals) return facts;
    facts.days = parts.days();
    facts.today = dayOf(parts.now()).value_or(std::chrono::local_days{});
    if (_options.task == MailTaskKind::Reminders) {
        facts.invitations = parts.reader.invitations(parts.now());
        return facts;
    }
    std::int64_t unreadable = 0;
    facts.deadlines = parts.reader.deadlines(unreadable);
    if (unreadable > 0)
        tally.warnings.push_back(say("mails.nodate", {{"n", unreadable}, {"column", _options.columns.deadline}}));
    return facts;
}

std::vector<PlannedMail> MailTask::plansOf(const DueFacts& facts,
                                           const std::map<std::int64_t, Reminded>& reminded) const {
    if (_options.task == MailTaskKind::Reminders)
        return dueReminders(facts.invitations, reminded, facts.today, {facts.days, _options.mostReminders});
    return dueDeadlines(facts.deadlines, facts.today, facts.days, _options.recipients);
}

/// Invariant: a mail and its occasion are written by one transaction, and no two have the same: two runs at once plan
/// each once. Agora's tables are read before it: what changes since is seen when the mail is composed.
void MailTask::planDue(MailParts& parts, MailTally& tally) const {
    if (_options.task == MailTaskKind::Approvals) return;
    const DueFacts facts = readFacts(parts, tally);
    parts.session.withRetries("plan mails", [&] {
        carillon::TransactionScope transaction(parts.session.forTransaction());
        const auto planned = parts.outbox.plan(plansOf(facts, parts.outbox.reminded(parts.time)));
        carillon::crashPoint("commit.before");
        transaction.commit();
        tally.planned = planned;
    });
}

RunReport MailTask::preview(RunContext& context, const carillon::PlanSink& sink) {
    return givingUpOnSettings([&] {
        MailParts parts(_options, context);
        if (const Message why = whyNothing(parts); !why.empty()) return RunReport::nothingToDo(why);
        if (const Message missing = parts.reader.lookAtColumns(); !missing.empty()) return RunReport::giveUp(missing);
        MailTally tally;
        const bool hasOutbox = parts.outbox.exists();
        std::vector<OutboxMail> mails;
        if (hasOutbox) parts.outbox.migrate();  // an older one learns what is read here; its mails stay as they are
        if (hasOutbox) mails = parts.outbox.due(kindsOf(_options.task), _options.mostMails);
        const DueFacts facts = readFacts(parts, tally);
        auto plans = plansOf(facts, hasOutbox ? parts.outbox.reminded(parts.time) : std::map<std::int64_t, Reminded>{});
        if (hasOutbox) plans = parts.outbox.newOf(plans);
        tally.planned = static_cast<std::int64_t>(plans.size());
        for (const auto& plan : plans) mails.push_back({0, plan, context.clock().now(), 0, {}});
        const auto total = mails.size();
        if (total > _options.mostMails) mails.resize(_options.mostMails);
        tally.standing.waiting = static_cast<std::int64_t>(total - mails.size());
        for (const auto& mail : mails) {
            context.stop().throwIfRequested();
            const auto composed = parts.composer.compose(mail);
            sink(itemOf(mail, composed));
            countItem(composed, tally);
        }
        if (tally.sent > 0) parts.account();
        return tally.report(say("nothing.mails"));
    });
}

void MailTask::check(RunContext& context, const carillon::CheckSink& sink) {
    MailCheck(_options, context).run(sink);
}

std::vector<carillon::Reject> MailTask::rejects(RunContext& context, const carillon::RejectQuery& query) {
    MailParts parts(_options, context);
    if (!parts.outbox.exists()) return {};
    parts.outbox.migrate();
    return parts.review.aside(kindsOf(_options.task), query, parts.abandoned());
}

std::vector<carillon::Item> MailTask::items(RunContext& context, const carillon::ItemQuery& query) {
    MailParts parts(_options, context);
    if (!parts.outbox.exists()) return {};
    parts.outbox.migrate();
    return OutboxItems(parts.session, parts.abandoned()).list(kindsOf(_options.task), query);
}

RunReport MailTask::dismiss(RunContext& context, const carillon::DismissRequest& request) {
    MailParts parts(_options, context);
    parts.outbox.migrate();
    const auto kinds = kindsOf(_options.task);
    parts.outbox.noteAbandoned(kinds, parts.abandoned());
    const std::int64_t stranger = OutboxItems(parts.session, parts.abandoned())
                                      .dismiss(kinds, request, context.clock().now(), context.identity().run);
    const std::set<std::int64_t> ids(request.ids.begin(), request.ids.end());
    const std::int64_t dismissed = stranger == 0 ? static_cast<std::int64_t>(ids.size()) : 0;
    RunReport report = stranger != 0 ? RunReport::giveUp(say("mails.notopen", {{"id", stranger}}))
                                     : RunReport::succeeded(say("items.dismissed", {{"n", dismissed}}));
    return report.counter("dismissed", dismissed, carillon::FigureRole::Work)
        .gauge("mails_aside", parts.review.count(kinds, parts.abandoned()).aside, carillon::FigureRole::OpenRejects);
}

RunReport MailTask::verify(RunContext& /*context*/, const carillon::ItemSink& /*gone*/) {
    return RunReport::nothingToDo(say("nothing.compare"));
}

RunReport MailTask::replay(RunContext& context, const carillon::ReplayRequest& request) {
    if (!request.corrections.empty()) throw carillon::Failure(say("mails.nocorrection"));
    return givingUpOnSettings([&] {
        MailParts parts(_options, context);
        if (const Message missing = parts.reader.lookAtColumns(); !missing.empty()) return RunReport::giveUp(missing);
        if (!parts.outbox.exists()) return RunReport::nothingToDo(say("replay.nothing"));
        parts.outbox.migrate();
        const auto kinds = kindsOf(_options.task);
        parts.outbox.noteAbandoned(kinds, parts.abandoned());
        std::vector<std::int64_t> ids = request.ids;
        if (request.ids.empty()) ids = parts.review.neverSent(kinds, _options.mostMails);
        MailTally tally;
        sendingOf(parts).send(parts.review.planAnew(kinds, std::move(ids), context.identity().run), tally);
        tally.standing = parts.review.count(kinds, parts.abandoned());
        const Message rest = tally.standing.aside == 0 ? Message() : say("mails.byids");
        RunReport report = tally.report(withSemicolon(say("replay.nothing"), rest));
        if (tally.sent == 0 && tally.putAside > 0 && tally.failure.empty()) {
            report.outcome = carillon::Outcome::Failed;
            report.message = say("replay.unmended", {{"done", report.message}});
        }
        return report;
    });
}

}  // namespace passerelle
