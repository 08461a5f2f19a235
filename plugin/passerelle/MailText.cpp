#include "MailText.h"

#include "Validation.h"

#include "carillon/VisibleText.h"

#include "Poco/String.h"

#include <algorithm>

namespace passerelle {
namespace {

constexpr std::size_t kLongestTitle = 200;
constexpr std::size_t kLongestComment = 2'000;
constexpr const char* kSignature =
    "Ce message est envoyé automatiquement par Agora\u00a0; merci de ne pas y répondre.\n";

/// On one line, and no longer than that.
std::string lineOf(const std::string& text, std::size_t most) {
    std::string line = carillon::visibleText(text);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    line = Poco::trim(line);
    return line.size() <= most ? line : beginningOf(line, most) + "…";
}

/// « … », with the no-break spaces that belong there.
std::string inGuillemets(const std::string& text) {
    return "«\u00a0" + text + "\u00a0»";
}

std::string campaignOf(const MailFacts& facts) {
    const std::string title = lineOf(facts.title, kLongestTitle);
    return title.empty() ? "sans titre" : inGuillemets(title);
}

/// `22/11/2026` of `2026-11-22…`
std::string frenchDay(const std::string& text) {
    return text.substr(8, 2) + '/' + text.substr(5, 2) + '/' + text.substr(0, 4);
}

/// `le 22/11/2026 à 11:00`; empty where there is no such moment.
std::string frenchMoment(const std::string& text) {
    return text.size() < 16 ? "" : "le " + frenchDay(text) + " à " + text.substr(11, 5);
}

/// Each line behind a mark: what a validator wrote is not taken for what Agora says.
std::string quoted(const std::string& comment) {
    std::string text = comment;
    text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
    text = carillon::visibleText(Poco::trim(text));
    if (text.size() > kLongestComment) text = beginningOf(text, kLongestComment) + "…";
    std::string lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines += "  > " + text.substr(0, end) + '\n';
        text.erase(0, end == std::string::npos ? end : end + 1);
    }
    return lines;
}

std::string answersOf(const MailFacts& facts, bool refusedOnly) {
    std::string lines;
    for (const auto& answer : facts.answers) {
        if (refusedOnly && !answer.refused) continue;
        const std::string at = frenchMoment(answer.at);
        lines += "- " + lineOf(answer.name, kLongestTitle) + (answer.refused ? " a refusé" : " a validé") +
                 (at.empty() ? "" : " " + at) + '\n' + quoted(answer.comment);
    }
    return lines;
}

std::string approvedText(const MailFacts& facts) {
    return "La campagne " + campaignOf(facts) + " est validée\u00a0: tous ses validateurs l’ont approuvée.\n\n" +
           answersOf(facts, false) + "\nVous pouvez poursuivre dans Agora.\n";
}

std::string refusedText(const MailFacts& facts) {
    return "La campagne " + campaignOf(facts) + " est refusée.\n\n" + answersOf(facts, true) +
           "\nLe détail est dans le journal de la campagne, dans Agora.\n";
}

std::string howToAnswer(const MailFacts& facts) {
    const std::string unless = "Si vous venez de répondre, ne tenez pas compte de ce message.\n";
    if (facts.invitation.token.empty()) return unless;  // there is no link that could serve
    const std::string until = frenchMoment(facts.invitation.expiresAt);
    if (facts.hasExpired)
        return "Le lien de votre invitation a expiré" + (until.empty() ? "" : " " + until) +
               "\u00a0: pour répondre, demandez une nouvelle invitation à la personne qui gère la campagne.\n\n" +
               unless;
    std::string text = facts.link.empty() ? "Pour répondre, suivez le lien du message d’invitation.\n"
                                          : "Pour répondre\u00a0: " + facts.link + "\n";
    if (!until.empty()) text += "Ce lien est valable jusqu’au " + until.substr(3) + ".\n";
    return text + '\n' + unless;
}

std::string reminderText(const MailFacts& facts) {
    return "Votre avis sur la campagne " + campaignOf(facts) + " est demandé depuis le " +
           frenchDay(dayText(facts.invitation.invitedOn)) + ", et votre réponse n’est pas encore arrivée.\n\n" +
           howToAnswer(facts);
}

std::string distance(const MailFacts& facts) {
    const auto days = (facts.deadline - facts.today).count();
    return days <= 0 ? "aujourd’hui" : days == 1 ? "demain" : "dans " + std::to_string(days) + " jours";
}

std::string deadlineText(const MailFacts& facts) {
    const std::string first = "La date limite de la campagne " + campaignOf(facts) + " est le " +
                              frenchDay(dayText(facts.deadline)) + ", " + distance(facts) + ".\n";
    if (!facts.toCreator) return first + "Votre réponse n’est pas encore arrivée.\n\n" + howToAnswer(facts);
    std::string text = first + "Elle est encore en validation. Réponses attendues\u00a0:\n\n";
    for (const auto& name : facts.silent) text += "- " + lineOf(name, kLongestTitle) + '\n';
    return text;
}

MailWords wordsOf(const MailFacts& facts) {
    const std::string campaign = "Campagne " + campaignOf(facts);
    switch (facts.kind) {
        case MailKind::Approved:
            return {campaign + " validée", approvedText(facts)};
        case MailKind::Refused:
            return {campaign + " refusée", refusedText(facts)};
        case MailKind::Reminder:
            return {"Rappel\u00a0: votre avis sur la campagne " + campaignOf(facts), reminderText(facts)};
        case MailKind::Deadline:
            break;
    }
    return {campaign + "\u00a0: date limite le " + frenchDay(dayText(facts.deadline)), deadlineText(facts)};
}

}  // namespace

MailWords wordMail(const MailFacts& facts) {
    MailWords words = wordsOf(facts);
    const std::string name = lineOf(facts.recipient, kLongestTitle);
    words.text = "Bonjour" + (name.empty() ? "" : " " + name) + ",\n\n" + words.text + "\n" + kSignature;
    return words;
}

}  // namespace passerelle
