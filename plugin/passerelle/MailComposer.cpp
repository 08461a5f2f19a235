#include "MailComposer.h"

#include "MailAddress.h"

#include "Poco/URI.h"

#include <algorithm>

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
    const auto campaign = _reader.campaign(mail.plan.campaign);
    if (!campaign) return {"campaign_gone", "", "", {}};
    const std::int64_t user = mail.plan.user.value_or(campaign->creator);
    if (user == 0) return {"no_creator", "", "", {}};
    const auto person = _reader.person(user);
    if (!person) return {"user_gone", "", "", {}};
    if (!person->isActive) return {"user_inactive", "", "", {}};
    MailFacts facts;
    facts.kind = mail.plan.kind;
    facts.recipient = person->name;
    facts.title = campaign->title;
    if (const std::string why = whyDropped(mail, *campaign, facts); !why.empty()) return {why, "", "", {}};
    const auto address = usableAddress(person->email);
    if (!address)
        return {"",
                "the user " + std::to_string(user) + " has " +
                    (person->email.empty() ? "no address" : "an address that cannot be written to") +
                    "; correct it in Agora",
                "",
                {}};
    return {"", "", *address, wordMail(facts)};
}

std::string MailComposer::whyDropped(const OutboxMail& mail, const MailCampaign& campaign, MailFacts& facts) {
    const char* over = "no_longer_due";
    switch (mail.plan.kind) {
        case MailKind::Reminder:
            return reminds(mail, facts) ? "" : over;
        case MailKind::Deadline:
            return warns(mail, campaign, facts) ? "" : over;
        case MailKind::Approved:
        case MailKind::Refused:
            break;
    }
    if (_clock.now() - mail.createdAt > _options.maxAge) return "too_old";
    if (!stillStands(mail.plan.kind, campaign.status)) return over;
    facts.answers = _reader.answers(mail.plan.campaign);
    return "";
}

bool MailComposer::reminds(const OutboxMail& mail, MailFacts& facts) {
    const auto invitation = _reader.invitation(mail.plan.campaign, mail.plan.user.value_or(0), now());
    if (!invitation) return false;
    facts.invitation = *invitation;
    facts.link = linkFor(*invitation);
    return true;
}

bool MailComposer::warns(const OutboxMail& mail, const MailCampaign& campaign, MailFacts& facts) {
    const auto day = dayOf(campaign.deadline);
    facts.today = dayOf(now()).value_or(std::chrono::local_days{});
    if (!campaign.isPending() || !day || *day < facts.today ||
        deadlineOccasion(mail.plan.campaign, mail.plan.user, *day) != mail.plan.occasion)
        return false;
    facts.deadline = *day;
    const auto silent = _reader.silentValidators(mail.plan.campaign);
    if (mail.plan.user) {
        if (std::find(silent.begin(), silent.end(), *mail.plan.user) == silent.end()) return false;
        if (const auto invitation = _reader.invitation(mail.plan.campaign, *mail.plan.user, now())) {
            facts.invitation = *invitation;
            facts.link = linkFor(*invitation);
        }
        return true;
    }
    facts.toCreator = true;
    for (const auto user : silent)
        if (const auto person = _reader.person(user)) facts.silent.push_back(person->name);
    return !silent.empty();
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
