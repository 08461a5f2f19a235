#include "alerts/AlertText.h"

#include "carillon/VisibleText.h"
#include "config/ExpectationWords.h"
#include "schedule/LocalTime.h"
#include "shared/EmbeddedText.h"
#include "words/MessageWords.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace carillon {

namespace alert_texts {
extern const std::vector<EmbeddedText> files;  // en, fr
}

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

/// The run where there is one; of what was put aside the list; of the host all of it.
std::string pageOf(const Alert& alert, const std::string& page) {
    if (alert.kind == AlertKind::Rejects) return page + "/jobs/" + alert.job + "/rejects";
    if (alert.kind == AlertKind::Host) return page + "/";
    return alert.run.empty() ? page + "/jobs/" + alert.job : page + "/runs/" + alert.run;
}

/// Under which the texts have it: the kind; what is over and is no failure has a key of its own.
std::string keyOf(const Alert& alert) {
    if (alert.kind == AlertKind::Recovered && alert.expectation) return "met";
    if (alert.kind == AlertKind::Host && alert.count == 0) return "hostover";
    return std::string(nameOf(alert.kind));
}

/// `{job}` and the like in the places of help.…; empty: there is nothing to do.
std::string helpOf(const Alert& alert) {
    const std::string& why = alert.message.text;
    if (alert.kind == AlertKind::Recovered || keyOf(alert) == "hostover") return "";
    if (alert.kind == AlertKind::Slow && alert.expectation && alert.expectation->isRunning) return "help.running";
    if (alert.kind != AlertKind::Missed) return "help." + keyOf(alert);
    if (why == kLateOverlap || why == kLateQueue) return "help.blocked";
    return why == kLateFaulty || why == kLateChanged ? "help." + why : "help.missed";
}

/// All that a text may have a place for, but what it says in sentences of its own.
Message::Values namesOf(const Alert& alert) {
    return {{"job", alert.job},
            {"host", alert.host},
            {"n", alert.count},
            {"counter", alert.expectation ? alert.expectation->counter : std::string()}};
}

/// One alert on its way into words.
class AlertWording {
public:
    AlertWording(const Alert& alert, const AlertReading& reading)
        : _alert(alert), _reading(reading), _texts(alertTexts(reading.language)) {}

    std::string body() const {
        Message::Values values = namesOf(_alert);
        values.emplace_back("name", nameOf(_alert));
        values.emplace_back("before", _alert.before);
        values.emplace_back("when", when(_alert.at));
        values.emplace_back("from", when(_alert.since.value_or(_alert.at)));
        values.emplace_back("due", when(_alert.since.value_or(_alert.at)));
        values.emplace_back("why", why());
        values.emplace_back("message", sentenceOf(inWords(_alert.message, _reading.language, _reading.plugins)));
        values.emplace_back("success", _alert.lastSuccess ? say("success.last", {{"when", when(*_alert.lastSuccess)}})
                                                          : say("success.none"));
        if (_alert.expectation) addFinding(values);
        std::string text = inWords(say(keyOf(_alert), values), _texts);
        if (_alert.expectation && _alert.kind != AlertKind::Recovered && _alert.count > 1)
            text += ' ' + inWords(say("inarow", values), _texts);
        if (const std::string help = helpOf(_alert); !help.empty())
            text += '\n' + line("todo", "help", say(help, values));
        if (!_reading.page.empty()) text += '\n' + line("page", "address", pageOf(_alert, _reading.page));
        return text;
    }

private:
    Message when(TimePoint at) const {
        const std::string local = toLocalRfc3339(std::chrono::floor<std::chrono::seconds>(at), _reading.zone);
        return say("when", {{"year", local.substr(0, 4)},
                            {"month", local.substr(5, 2)},
                            {"day", local.substr(8, 2)},
                            {"time", local.substr(11, 5)}});
    }

    /// The first one for a name that there is not, as a host of another version may have written it.
    Message why() const {
        const std::string key = "why." + _alert.message.text;
        return say(_texts.find(key) != nullptr ? key : "why." + std::string(kLateWaits));
    }

    void addFinding(Message::Values& values) const {
        const auto& finding = *_alert.expectation;
        const bool succeeded = finding.kind == ExpectationKind::NoSuccess && _alert.kind == AlertKind::Recovered;
        values.emplace_back("run",
                            finding.isRunning ? say("run.current") : say("run.ended", {{"when", when(_alert.at)}}));
        values.emplace_back("found",
                            succeeded ? say("met.success") : Message(findingInWords(finding, _reading.language)));
    }

    std::string line(const char* key, const char* name, Message value) const {
        return inWords(say(key, {{name, std::move(value)}}), _texts);
    }

    const Alert& _alert;
    const AlertReading& _reading;
    const Texts& _texts;
};

std::string subjectOf(const Message& headline, const Texts& texts) {
    return inWords(say("subject", {{"headline", headline}}), texts);
}

}  // namespace

const Texts& alertTexts(Language language) {
    static const Texts english(Language::English, alert_texts::files.at(0).text);
    static const Texts french(Language::French, alert_texts::files.at(1).text);
    return language == Language::French ? french : english;
}

std::string alertHeadline(const Alert& alert, Language language) {
    return inWords(say("headline." + keyOf(alert), namesOf(alert)), alertTexts(language));
}

AlertMessage wordAlerts(std::string id, std::vector<Alert> alerts, const AlertReading& reading) {
    const Texts& texts = alertTexts(reading.language);
    AlertMessage message{std::move(id), {}, {}, std::move(alerts)};
    const auto& all = message.alerts;
    message.subject = subjectOf(
        all.size() == 1 ? Message(alertHeadline(all.front(), reading.language)) : say("several", {{"n", all.size()}}),
        texts);
    for (const Alert& alert : all) message.text += AlertWording(alert, reading).body() + "\n\n";
    message.text += inWords(say("zone", {{"zone", reading.zone.name()}}), texts);
    return message;
}

AlertMessage wordTest(std::string id, const std::string& host, Language language) {
    const Texts& texts = alertTexts(language);
    return {
        std::move(id), subjectOf(say("test.subject"), texts), inWords(say("test.text", {{"host", host}}), texts), {}};
}

}  // namespace carillon
