#include "alerts/ExpectationText.h"

#include "config/ExpectationWords.h"

namespace carillon {
namespace {

std::string englishHelp(const Alert& alert) {
    const std::string& job = alert.job;
    switch (alert.expectation->kind) {
        case ExpectationKind::Slow:
            return alert.expectation->isRunning
                       ? "see 'carillon logs " + job + "' for what it does; 'carillon stop " + job + "' ends it."
                       : "see 'carillon logs " + job + "' for what took it so long.";
        case ExpectationKind::Fast:
            return "see 'carillon logs " + job + "' whether it did its work; if it did, lower job.expect.duration.";
        case ExpectationKind::NoSuccess:
            return "'carillon status " + job + "' tells what keeps it from succeeding; then 'carillon run " + job +
                   "'.";
        case ExpectationKind::Counter:
            return "see 'carillon history " + job +
                   "' since when, and look at what it works on; if that is as it should "
                   "be, change job.expect.counters." +
                   alert.expectation->counter + ".";
    }
    return {};
}

std::string frenchHelp(const Alert& alert) {
    const std::string& job = alert.job;
    switch (alert.expectation->kind) {
        case ExpectationKind::Slow:
            return alert.expectation->isRunning
                       ? "« carillon logs " + job + " » montre où elle en est ; « carillon stop " + job +
                             " » y met fin."
                       : "« carillon logs " + job + " » montre ce qui a pris du temps.";
        case ExpectationKind::Fast:
            return "voyez dans « carillon logs " + job +
                   " » si le travail a été fait ; si oui, abaissez "
                   "job.expect.duration.";
        case ExpectationKind::NoSuccess:
            return "« carillon status " + job + " » dit ce qui l'en empêche ; puis « carillon run " + job + " ».";
        case ExpectationKind::Counter:
            return "voyez dans « carillon history " + job +
                   " » depuis quand, et examinez les données traitées ; si elles "
                   "sont correctes, modifiez job.expect.counters." +
                   alert.expectation->counter + ".";
    }
    return {};
}

std::string english(const Alert& alert, const AlertPhrases& is) {
    const auto& finding = *alert.expectation;
    const std::string words = findingInWords(finding, Language::English);
    const std::string run = finding.isRunning ? "the run in progress " : "the run of " + is.when + ' ';
    const std::string row =
        alert.count > 1 ? " So it is with " + std::to_string(alert.count) + " runs in a row" + is.since + "." : "";
    if (alert.kind == AlertKind::Recovered)
        return is.name + " does what is expected again on host " + alert.host + ": " + run +
               (finding.kind == ExpectationKind::NoSuccess ? "succeeded" : words) + ". It was not as expected" +
               is.since + ". There is nothing to do.";
    const std::string help = "\nWhat to do: " + englishHelp(alert);
    switch (finding.kind) {
        case ExpectationKind::Slow:
            return is.name + " takes longer than expected on host " + alert.host + ": " + run + words + '.' + row +
                   help;
        case ExpectationKind::Fast:
            return is.name + " was suspiciously fast on host " + alert.host + ": " + run + words +
                   ". It said: " + is.message + row + help;
        case ExpectationKind::NoSuccess:
            return is.name + ' ' + words + ". Told by host " + alert.host + ". " + is.lastSuccess + help;
        case ExpectationKind::Counter:
            return is.name + " does not report what is expected on host " + alert.host + ": " + run + words +
                   ". It said: " + is.message + row + help;
    }
    return {};
}

std::string french(const Alert& alert, const AlertPhrases& is) {
    const auto& finding = *alert.expectation;
    const std::string words = findingInWords(finding, Language::French);
    const std::string run = finding.isRunning ? "l'exécution en cours " : "l'exécution du " + is.when + ' ';
    const std::string row =
        alert.count > 1 ? " C'est le cas de " + std::to_string(alert.count) + " exécutions de suite" + is.since + "."
                        : "";
    if (alert.kind == AlertKind::Recovered)
        return is.name + " répond à nouveau aux attentes sur l'hôte " + alert.host + " : " + run +
               (finding.kind == ExpectationKind::NoSuccess ? "a réussi" : words) + ". Ce n'était plus le cas" +
               is.since + ". Il n'y a rien à faire.";
    const std::string help = "\nQue faire : " + frenchHelp(alert);
    switch (finding.kind) {
        case ExpectationKind::Slow:
            return is.name + " dure plus longtemps que prévu sur l'hôte " + alert.host + " : " + run + words + '.' +
                   row + help;
        case ExpectationKind::Fast:
            return is.name + " a été anormalement rapide sur l'hôte " + alert.host + " : " + run + words +
                   ". Message : " + is.message + row + help;
        case ExpectationKind::NoSuccess:
            return is.name + ' ' + words + ". Signalé par l'hôte " + alert.host + ". " + is.lastSuccess + help;
        case ExpectationKind::Counter:
            return is.name + " n'indique pas ce qui est attendu sur l'hôte " + alert.host + " : " + run + words +
                   ". Message : " + is.message + row + help;
    }
    return {};
}

}  // namespace

std::string expectationHeadline(const Alert& alert, Language language) {
    const bool isFrench = language == Language::French;
    if (alert.kind == AlertKind::Recovered)
        return alert.job + (isFrench ? " répond à nouveau aux attentes" : " does what is expected again");
    switch (alert.expectation->kind) {
        case ExpectationKind::Slow:
            return alert.job + (isFrench ? " dure plus longtemps que prévu" : " takes longer than expected");
        case ExpectationKind::Fast:
            return alert.job + (isFrench ? " a été anormalement rapide" : " was suspiciously fast");
        case ExpectationKind::NoSuccess:
            return alert.job +
                   (isFrench ? " n'a pas réussi depuis trop longtemps" : " has had no success for too long");
        case ExpectationKind::Counter:
            return alert.job +
                   (isFrench ? " n'indique pas ce qui est attendu : " : " does not report what is expected: ") +
                   alert.expectation->counter;
    }
    return alert.job;
}

std::string expectationBody(const Alert& alert, const AlertPhrases& phrases, Language language) {
    return language == Language::French ? french(alert, phrases) : english(alert, phrases);
}

}  // namespace carillon
