#include "MailTally.h"

namespace passerelle {
namespace {

void appendCount(std::string& text, std::int64_t count, const char* what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + what;
}

}  // namespace

std::string mailName(const PlannedMail& mail) {
    return std::string(mailKindName(mail.kind)) + ", campaign " + std::to_string(mail.campaign) +
           (mail.user ? ", user " + std::to_string(*mail.user) : ", creator");
}

carillon::RunReport MailTally::report(const std::string& nothing) const {
    using carillon::FigureRole;
    using carillon::RunReport;
    std::string done;
    appendCount(done, sent, sent == 1 ? "mail sent" : "mails sent");
    appendCount(done, putAside - uncertain, "put aside");
    appendCount(done, uncertain, "uncertain");
    appendCount(done, dropped, "dropped as no longer due");
    appendCount(done, postponed, "postponed by the mail server");
    const std::int64_t rest = standing.waiting - postponed;
    if (!done.empty() || !failure.empty()) appendCount(done, rest, rest == 1 ? "mail waits" : "mails wait");
    RunReport report = !failure.empty() ? RunReport::failed(failure + (done.empty() ? "" : " (" + done + ")"))
                       : done.empty()   ? RunReport::nothingToDo(nothing)
                                        : RunReport::succeeded(done);
    report.givenUp = isHopeless;
    report.retryAfter = retryAfter;
    report.counter("planned", planned)
        .counter("sent", sent, FigureRole::Work)
        .counter("put_aside", putAside, FigureRole::Rejected)
        .counter("uncertain", uncertain)
        .counter("dropped", dropped)
        .counter("postponed", postponed)
        .gauge("mails_waiting", standing.waiting, FigureRole::Backlog)
        .gauge("mails_aside", standing.aside, FigureRole::OpenRejects);
    for (const auto& warning : warnings) report.warn(warning);
    return report;
}

}  // namespace passerelle
