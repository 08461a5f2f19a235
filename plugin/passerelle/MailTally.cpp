#include "MailTally.h"

namespace passerelle {
namespace {

Message kindInWords(MailKind kind) {
    switch (kind) {
        case MailKind::Approved:
            return say("kind.approved");
        case MailKind::Refused:
            return say("kind.refused");
        case MailKind::Reminder:
            return say("kind.reminder");
        case MailKind::Deadline:
            break;
    }
    return say("kind.deadline");
}

void append(Message& list, Message part) {
    list += list.empty() ? std::move(part) : ", " + std::move(part);
}

/// ` (answered meanwhile, the campaign is closed 2)`
Message inBrackets(const std::map<std::string, std::int64_t>& reasons) {
    Message list;
    for (const auto& [reason, number] : reasons) {
        const Message why = whyDroppedInWords(reason);
        append(list, number > 1 ? say("counted", {{"what", why}, {"n", number}}) : why);
    }
    return " (" + list + ")";
}

}  // namespace

std::string mailName(const PlannedMail& mail) {
    return std::string(mailKindName(mail.kind)) + ", campaign " + std::to_string(mail.campaign) +
           (mail.user ? ", user " + std::to_string(*mail.user) : ", creator");
}

Message mailInWords(const PlannedMail& mail) {
    Message::Values values{{"kind", kindInWords(mail.kind)}, {"campaign", mail.campaign}};
    if (!mail.user) return passerelle::say("mails.ofcreator", std::move(values));
    values.emplace_back("user", *mail.user);
    return passerelle::say("mails.ofuser", std::move(values));
}

Message whyDroppedInWords(const std::string& reason) {
    return say("dropped." + reason);
}

std::int64_t MailTally::allDropped() const {
    std::int64_t all = 0;
    for (const auto& [reason, number] : dropped) all += number;
    return all;
}

Message MailTally::done() const {
    Message done;
    if (sent > 0) append(done, say("mails.sent", {{"n", sent}}));
    if (putAside > uncertain) append(done, say("mails.aside", {{"n", putAside - uncertain}}));
    if (uncertain > 0) append(done, say("mails.uncertain", {{"n", uncertain}}));
    if (!dropped.empty()) append(done, say("mails.dropped", {{"n", allDropped()}}) + inBrackets(dropped));
    if (postponed > 0) append(done, say("mails.postponed", {{"n", postponed}}));
    const std::int64_t rest = standing.waiting - postponed;
    if (rest > 0 && (!done.empty() || !failure.empty())) append(done, say("mails.waiting", {{"n", rest}}));
    return done;
}

carillon::RunReport MailTally::report(const Message& nothing) const {
    using carillon::FigureRole;
    using carillon::RunReport;
    const Message did = done();
    RunReport report = !failure.empty() ? RunReport::failed(failure + (did.empty() ? Message() : " (" + did + ")"))
                       : did.empty()    ? RunReport::nothingToDo(nothing)
                                        : RunReport::succeeded(did);
    report.givenUp = isHopeless;
    report.retryAfter = retryAfter;
    report.counter("planned", planned)
        .counter("sent", sent, FigureRole::Work)
        .counter("put_aside", putAside, FigureRole::Rejected)
        .counter("uncertain", uncertain)
        .counter("dropped", allDropped())
        .counter("postponed", postponed)
        .gauge("mails_waiting", standing.waiting, FigureRole::Backlog)
        .gauge("mails_aside", standing.aside, FigureRole::OpenRejects);
    for (const auto& warning : warnings) report.warn(warning);
    return report;
}

}  // namespace passerelle
