#include "alerts/AlertText.h"

#include "alerts/ExpectationText.h"
#include "carillon/VisibleText.h"
#include "schedule/LocalTime.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

namespace carillon {
namespace {

/// A message of a run may be long; the history has all of it.
constexpr std::size_t kMostMessage = 1'000;

/// On one line, whole characters, ended like a sentence.
std::string sentenceOf(const std::string& message) {
    std::string text = visibleText(message);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    if (text.size() > kMostMessage) {
        std::size_t end = kMostMessage;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
        return text.substr(0, end) + "…";
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    if (!text.empty() && std::string_view(".!?").find(text.back()) == std::string_view::npos) text += '.';
    return text;
}

std::string nameOf(const Alert& alert) {
    const bool isNamed = !alert.title.empty() && alert.title != alert.job;
    return isNamed ? alert.job + " (" + visibleText(alert.title) + ")" : alert.job;
}

constexpr std::string_view kSeeStatus =
    "'carillon status' tells what keeps the host from firing, 'carillon ledger {job}' what became of each time.";
constexpr std::string_view kVoirStatus =
    "« carillon status » dit ce qui empêche l'hôte de démarrer les traitements, « carillon ledger {job} » ce qu'il est "
    "advenu de chaque échéance.";
constexpr std::string_view kEndTheRun =
    "'carillon stop {job}' ends the run that goes on; with job.timeout it would end by itself.";
constexpr std::string_view kArreter =
    "« carillon stop {job} » met fin à l'exécution qui dure ; avec job.timeout, elle finirait d'elle-même.";

/// Why nothing ran, by its name in Alert::message, and what helps; `{job}` stands for the job.
struct LateReason {
    std::string_view name;
    std::string_view english;
    std::string_view french;
    std::string_view englishHelp = kSeeStatus;
    std::string_view frenchHelp = kVoirStatus;
};

constexpr LateReason kLateReasons[] = {
    {kLateWaits, "it has not begun yet", "il n'a pas encore commencé"},
    {kLateUnseen, "the time passed while nothing could fire", "l'heure est passée alors que rien ne pouvait démarrer"},
    {kLateBegun, "it began only later", "il n'a commencé que plus tard"},
    {kLateOverlap, "the run before it goes on", "l'exécution précédente dure encore", kEndTheRun, kArreter},
    {kLateQueue, "too many of its times wait already", "trop de ses échéances attendent déjà", kEndTheRun, kArreter},
    {kLateFaulty, "its configuration has faults", "sa configuration contient des erreurs",
     "'carillon validate' names the faults; mend them, then 'carillon reload'.",
     "« carillon validate » nomme les erreurs ; corrigez-les, puis « carillon reload »."},
    {kLateChanged, "its schedule was changed when that time had come",
     "sa planification a été modifiée alors que l'heure était venue",
     "nothing, if that was meant; else 'carillon run {job}' makes up for it.",
     "rien, si c'était voulu ; sinon « carillon run {job} » rattrape cette échéance."}};

/// The first one for a name that there is not, as a host of another version may have written it.
const LateReason& reasonOf(const Alert& alert) {
    const auto reason = std::find_if(std::begin(kLateReasons), std::end(kLateReasons),
                                     [&alert](const LateReason& one) { return one.name == alert.message; });
    return reason == std::end(kLateReasons) ? kLateReasons[0] : *reason;
}

std::string filledIn(std::string_view text, const std::string& job) {
    std::string filled(text);
    for (auto at = filled.find("{job}"); at != std::string::npos; at = filled.find("{job}", at + job.size()))
        filled.replace(at, 5, job);
    return filled;
}

/// The run where there is one; of what was put aside the list; of the host all of it.
std::string pageOf(const Alert& alert, const std::string& page) {
    if (alert.kind == AlertKind::Rejects) return page + "/jobs/" + alert.job + "/rejects";
    if (alert.kind == AlertKind::Host) return page + "/";
    return alert.run.empty() ? page + "/jobs/" + alert.job : page + "/runs/" + alert.run;
}

/// What the languages differ in.
class Wording {
public:
    explicit Wording(const TimeZone& zone) : _zone(zone) {}
    Wording(const Wording&) = delete;
    Wording& operator=(const Wording&) = delete;
    virtual ~Wording() = default;

    /// A few words after the job's name, or around it.
    virtual std::string headline(const Alert& alert) const = 0;
    virtual std::string several(std::size_t count) const = 0;
    virtual std::string body(const Alert& alert) const = 0;
    virtual std::string link(const std::string& address) const = 0;
    /// Under all of it.
    virtual std::string zoneLine() const = 0;

protected:
    /// `2026-11-27`, `17:36`.
    std::pair<std::string, std::string> dayAndTime(TimePoint at) const {
        const std::string local = toLocalRfc3339(std::chrono::floor<std::chrono::seconds>(at), _zone);
        return {local.substr(0, 10), local.substr(11, 5)};
    }

    const TimeZone& zone() const { return _zone; }

private:
    const TimeZone& _zone;
};

class English final : public Wording {
public:
    using Wording::Wording;

    std::string headline(const Alert& alert) const override {
        if (isOfExpectation(alert)) return expectationHeadline(alert, Language::English);
        switch (alert.kind) {
            case AlertKind::Failed:
                return alert.job + " failed";
            case AlertKind::Recovered:
                return alert.job + " works again";
            case AlertKind::Missed:
                return alert.job + " did not run when it should have";
            case AlertKind::Rejects:
                return alert.job + " put " + items(alert.count) + " aside";
            case AlertKind::Backlog:
                return "the backlog of " + alert.job + " grows";
            case AlertKind::Host:
                return "host " + alert.host + (alert.count > 0 ? " needs attention" : " works again");
            default:  // those of expectations, which have one
                break;
        }
        return alert.job;
    }
    std::string several(std::size_t count) const override { return std::to_string(count) + " alerts"; }
    std::string link(const std::string& address) const override { return "Page: " + address; }
    std::string zoneLine() const override { return "All times are those of " + zone().name() + "."; }

    std::string body(const Alert& alert) const override {
        if (isOfExpectation(alert)) return expectationBody(alert, phrases(alert), Language::English);
        switch (alert.kind) {
            case AlertKind::Failed:
                return failed(alert);
            case AlertKind::Recovered:
                return nameOf(alert) + " works again on host " + alert.host + ": the run of " + when(alert.at) +
                       " succeeded. It had failed " + times(alert.count) + since(alert) + ". There is nothing to do.";
            case AlertKind::Missed:
                return missed(alert);
            case AlertKind::Rejects:
                return nameOf(alert) + " put " + items(alert.count) + " aside on host " + alert.host + ", " +
                       when(alert.at) + ": " + sentenceOf(alert.message) + "\nWhat to do: 'carillon rejects " +
                       alert.job + "' lists them with the reason; mend the cause, then 'carillon replay " + alert.job +
                       " --all'.";
            case AlertKind::Backlog:
                return "The backlog of " + nameOf(alert) + " grows: the run of " + when(alert.at) + " on host " +
                       alert.host + " left " + items(alert.count) + ", and there were " + std::to_string(alert.before) +
                       " before it began to grow" + since(alert) + ".\nWhat to do: see with 'carillon history " +
                       alert.job +
                       "' whether its runs end well, and let it run more often, with job.schedule or "
                       "job.busy_schedule.";
            case AlertKind::Host:
                return ofHost(alert);
            default:
                break;
        }
        return {};
    }

private:
    AlertPhrases phrases(const Alert& alert) const {
        return {nameOf(alert), when(alert.at), since(alert), lastSuccess(alert), sentenceOf(alert.message)};
    }
    std::string ofHost(const Alert& alert) const {
        if (alert.count == 0)
            return "Host " + alert.host + ", " + when(alert.at) + ": " + sentenceOf(alert.message) + " It had failed" +
                   since(alert) + ". There is nothing to do: what was due meanwhile is in 'carillon ledger'.";
        return "Host " + alert.host + " needs attention" + since(alert) + ": " + sentenceOf(alert.message) +
               "\nWhat to do: mend it; then it goes on by itself. 'carillon status' there tells how it stands.";
    }
    static std::string items(std::int64_t count) { return std::to_string(count) + (count == 1 ? " item" : " items"); }
    static std::string times(std::int64_t count) {
        return count == 1 ? "once" : std::to_string(count) + " times in a row";
    }
    std::string when(TimePoint at) const {
        const auto [day, time] = dayAndTime(at);
        return day + " " + time;
    }
    std::string since(const Alert& alert) const { return alert.since ? ", since " + when(*alert.since) : ""; }
    std::string lastSuccess(const Alert& alert) const {
        return alert.lastSuccess ? "Its last success was on " + when(*alert.lastSuccess) + "."
                                 : "It has no success in its history.";
    }

    std::string failed(const Alert& alert) const {
        return nameOf(alert) + " failed on host " + alert.host + ", " + when(alert.at) + ": " +
               sentenceOf(alert.message) + " It has failed " + times(alert.count) + since(alert) + ". " +
               lastSuccess(alert) + "\nWhat to do: see 'carillon logs " + alert.job + "' and 'carillon check " +
               alert.job + "', mend the cause, then 'carillon run " + alert.job + "'.";
    }
    std::string missed(const Alert& alert) const {
        const LateReason& reason = reasonOf(alert);
        const std::string slots =
            alert.count > 1 ? " (" + std::to_string(alert.count) + " times since then)" : std::string();
        return nameOf(alert) + " did not run when it should have: it was due on " +
               when(alert.since.value_or(alert.at)) + slots + ". Told by host " + alert.host + ": " +
               std::string(reason.english) + ". " + lastSuccess(alert) +
               "\nWhat to do: " + filledIn(reason.englishHelp, alert.job);
    }
};

class French final : public Wording {
public:
    using Wording::Wording;

    std::string headline(const Alert& alert) const override {
        if (isOfExpectation(alert)) return expectationHeadline(alert, Language::French);
        switch (alert.kind) {
            case AlertKind::Failed:
                return alert.job + " a échoué";
            case AlertKind::Recovered:
                return alert.job + " fonctionne à nouveau";
            case AlertKind::Missed:
                return alert.job + " n'a pas tourné à l'heure prévue";
            case AlertKind::Rejects:
                return alert.job + " a mis " + items(alert.count) + " de côté";
            case AlertKind::Backlog:
                return "le retard de " + alert.job + " augmente";
            case AlertKind::Host:
                return "l'hôte " + alert.host + (alert.count > 0 ? " demande attention" : " fonctionne à nouveau");
            default:  // those of expectations, which have one
                break;
        }
        return alert.job;
    }
    std::string several(std::size_t count) const override { return std::to_string(count) + " alertes"; }
    std::string link(const std::string& address) const override { return "Page : " + address; }
    std::string zoneLine() const override { return "Toutes les heures sont celles du fuseau " + zone().name() + "."; }

    std::string body(const Alert& alert) const override {
        if (isOfExpectation(alert)) return expectationBody(alert, phrases(alert), Language::French);
        switch (alert.kind) {
            case AlertKind::Failed:
                return failed(alert);
            case AlertKind::Recovered:
                return nameOf(alert) + " fonctionne à nouveau sur l'hôte " + alert.host + " : l'exécution du " +
                       when(alert.at) + " a réussi. Le traitement avait échoué " + times(alert.count) + since(alert) +
                       ". Il n'y a rien à faire.";
            case AlertKind::Missed:
                return missed(alert);
            case AlertKind::Rejects:
                return nameOf(alert) + " a mis " + items(alert.count) + " de côté sur l'hôte " + alert.host + ", le " +
                       when(alert.at) + " : " + sentenceOf(alert.message) + "\nQue faire : « carillon rejects " +
                       alert.job + " » en donne la liste et la raison ; corrigez la cause, puis « carillon replay " +
                       alert.job + " --all ».";
            case AlertKind::Backlog:
                return "Le retard de " + nameOf(alert) + " augmente : l'exécution du " + when(alert.at) +
                       " sur l'hôte " + alert.host + " a laissé " + items(alert.count) + ", contre " +
                       std::to_string(alert.before) + " avant l'augmentation" + since(alert) +
                       ".\nQue faire : voyez avec « carillon history " + alert.job +
                       " » si les exécutions finissent bien, et rendez-les plus fréquentes (job.schedule ou "
                       "job.busy_schedule).";
            case AlertKind::Host:
                return ofHost(alert);
            default:
                break;
        }
        return {};
    }

private:
    AlertPhrases phrases(const Alert& alert) const {
        return {nameOf(alert), when(alert.at), since(alert), lastSuccess(alert), sentenceOf(alert.message)};
    }
    std::string ofHost(const Alert& alert) const {
        if (alert.count == 0)
            return "Hôte " + alert.host + ", le " + when(alert.at) + " : " + sentenceOf(alert.message) +
                   " La panne durait" + since(alert) +
                   ". Il n'y a rien à faire : « carillon ledger » montre ce qu'il est advenu des échéances.";
        return "L'hôte " + alert.host + " demande attention" + since(alert) + " : " + sentenceOf(alert.message) +
               "\nQue faire : corrigez la cause, et l'hôte reprend de lui-même ; « carillon status » dit où il en est.";
    }
    static std::string items(std::int64_t count) {
        return std::to_string(count) + (count == 1 ? " élément" : " éléments");
    }
    static std::string times(std::int64_t count) {
        return count == 1 ? "une fois" : std::to_string(count) + " fois de suite";
    }
    /// `27/11/2026 à 17:36`.
    std::string when(TimePoint at) const {
        const auto [day, time] = dayAndTime(at);
        return day.substr(8, 2) + "/" + day.substr(5, 2) + "/" + day.substr(0, 4) + " à " + time;
    }
    std::string since(const Alert& alert) const { return alert.since ? ", depuis le " + when(*alert.since) : ""; }
    std::string lastSuccess(const Alert& alert) const {
        return alert.lastSuccess ? "Dernier succès : le " + when(*alert.lastSuccess) + "."
                                 : "Aucun succès dans son historique.";
    }

    std::string failed(const Alert& alert) const {
        return nameOf(alert) + " a échoué sur l'hôte " + alert.host + ", le " + when(alert.at) + " : " +
               sentenceOf(alert.message) + " Le traitement a échoué " + times(alert.count) + since(alert) + ". " +
               lastSuccess(alert) + "\nQue faire : voyez « carillon logs " + alert.job + " » et « carillon check " +
               alert.job + " », corrigez la cause, puis « carillon run " + alert.job + " ».";
    }
    std::string missed(const Alert& alert) const {
        const LateReason& reason = reasonOf(alert);
        const std::string slots =
            alert.count > 1 ? " (" + std::to_string(alert.count) + " fois depuis)" : std::string();
        return nameOf(alert) + " n'a pas tourné à l'heure prévue : le traitement était dû le " +
               when(alert.since.value_or(alert.at)) + slots + ". Signalé par l'hôte " + alert.host + " : " +
               std::string(reason.french) + ". " + lastSuccess(alert) +
               "\nQue faire : " + filledIn(reason.frenchHelp, alert.job);
    }
};

template <typename Action>
auto withWording(AlertSettings::Language language, const TimeZone& zone, Action action) {
    return language == AlertSettings::Language::French ? action(French(zone)) : action(English(zone));
}

}  // namespace

AlertMessage wordAlerts(std::string id, std::vector<Alert> alerts, AlertSettings::Language language,
                        const TimeZone& zone, const std::string& page) {
    return withWording(language, zone, [&](const Wording& words) {
        AlertMessage message{std::move(id), {}, {}, std::move(alerts)};
        const auto& all = message.alerts;
        message.subject = "[carillon] ";
        if (all.size() == 1)
            message.subject += words.headline(all.front());
        else
            message.subject += words.several(all.size());
        for (const Alert& alert : all) {
            message.text += (message.text.empty() ? "" : "\n\n") + words.body(alert);
            if (!page.empty()) message.text += '\n' + words.link(pageOf(alert, page));
        }
        message.text += "\n\n" + words.zoneLine();
        return message;
    });
}

AlertMessage wordTest(std::string id, const std::string& host, AlertSettings::Language language) {
    if (language == AlertSettings::Language::French)
        return {std::move(id),
                "[carillon] message d'essai",
                "Ceci est un essai des alertes de l'hôte " + host + ". Il n'y a rien à faire.",
                {}};
    return {std::move(id),
            "[carillon] test message",
            "This is a test of the alerts of host " + host + ". There is nothing to do.",
            {}};
}

}  // namespace carillon
