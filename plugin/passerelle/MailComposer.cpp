#include "MailComposer.h"

#include "MailAddress.h"

#include "Poco/URI.h"

#include <utility>

namespace passerelle {
namespace {

/// Of a campaign whose decision is told: it may have gone on since, but not back.
bool stillStands(MailKind kind, const std::string& status) {
    if (status == "archivee") return true;
    return kind == MailKind::Refused ? status == "refusee" : status == "validee" || status == "publiee";
}

}  // namespace

std::string MailComposer::now() const {
    return _time.fromUtc(_clock.now());
}

ComposedMail MailComposer::compose(const OutboxMail& mail) {
    const auto dropped = [](std::string why) { return ComposedMail{std::move(why), {}, {}, {}}; };
    const auto campaign = _reader.campaign(mail.plan.campaign);
    if (!campaign) return dropped("campaign_gone");
    const std::int64_t user = mail.plan.user.value_or(campaign->creator);
    if (user == 0) return dropped("no_creator");
    const auto person = _reader.person(user);
    if (!person) return dropped("user_gone");
    if (!person->isActive) return dropped("user_inactive");
    MailFacts facts;
    facts.kind = mail.plan.kind;
    facts.recipient = person->name;
    facts.title = campaign->title;
    if (const std::string why = whyDropped(mail, *campaign, facts); !why.empty()) return dropped(why);
    const auto address = usableAddress(person->email);
    if (!address && person->email.empty()) return {"", say("aside.noaddress", {{"user", user}}), {}, {}};
    if (!address) return {"", say("aside.badaddress", {{"user", user}}), {}, {}};
    return {"", {}, {*address, person->name}, wordMail(facts)};
}

std::string MailComposer::whyDropped(const OutboxMail& mail, const MailCampaign& campaign, MailFacts& facts) {
    switch (mail.plan.kind) {
        case MailKind::Reminder:
            return whyNoReminder(mail, campaign, facts);
        case MailKind::Deadline:
            return whyNoAlert(mail, campaign, facts);
        case MailKind::Approved:
        case MailKind::Refused:
            break;
    }
    if (_clock.now() - mail.createdAt > _options.maxAge) return "too_old";
    if (!stillStands(mail.plan.kind, campaign.status)) return "decision_changed";
    facts.answers = _reader.answers(mail.plan.campaign);
    return "";
}

/// Of a mail to a validator.
std::string MailComposer::whyNoAnswerIsAwaited(const OutboxMail& mail) {
    const auto answered = _reader.hasAnswered(mail.plan.campaign, mail.plan.user.value_or(0));
    return !answered ? "no_validator" : *answered ? "answered" : "";
}

std::string MailComposer::whyNoReminder(const OutboxMail& mail, const MailCampaign& campaign, MailFacts& facts) {
    if (!campaign.isPending()) return "campaign_closed";
    if (const std::string why = whyNoAnswerIsAwaited(mail); !why.empty()) return why;
    const std::string at = now();
    if (const auto day = dayOf(campaign.deadline); day && *day < dayOf(at)) return "deadline_past";
    const auto invitation = _reader.lastInvitation(mail.plan.campaign, mail.plan.user.value_or(0));
    if (!invitation) return "link_gone";
    if (invitation->id != mail.plan.token) return "invited_anew";
    if (invitation->isUsed) return "answered";
    if (invitation->expiresAt <= at) return "link_expired";
    facts.invitation = *invitation;
    facts.link = linkFor(*invitation);
    return "";
}

std::string MailComposer::whyNoAlert(const OutboxMail& mail, const MailCampaign& campaign, MailFacts& facts) {
    if (!campaign.isPending()) return "campaign_closed";
    const std::string at = now();
    const auto day = dayOf(campaign.deadline);
    facts.today = dayOf(at).value_or(std::chrono::local_days{});
    if (!day || deadlineOccasion(mail.plan.campaign, mail.plan.user, *day) != mail.plan.occasion)
        return "deadline_moved";
    if (*day < facts.today) return "deadline_past";
    facts.deadline = *day;
    if (mail.plan.user) {
        if (const std::string why = whyNoAnswerIsAwaited(mail); !why.empty()) return why;
        const auto invitation = _reader.lastInvitation(mail.plan.campaign, *mail.plan.user);
        if (!invitation || invitation->isUsed) return "";
        facts.invitation = *invitation;
        facts.hasExpired = invitation->expiresAt <= at;
        facts.link = linkFor(*invitation);
        return "";
    }
    facts.toCreator = true;
    const auto silent = _reader.silentValidators(mail.plan.campaign);
    for (const auto user : silent)
        if (const auto person = _reader.person(user)) facts.silent.push_back(person->name);
    return silent.empty() ? "all_answered" : "";
}

std::string MailComposer::linkFor(const MailInvitation& invitation) const {
    static constexpr std::string_view kPlace = "{token}";
    std::string link = _options.link;
    const auto at = link.find(kPlace);
    if (at == std::string::npos) return link;
    std::string token;
    Poco::URI::encode(invitation.token, "/?#&=+%", token);
    return link.replace(at, kPlace.size(), token);
}

}  // namespace passerelle
