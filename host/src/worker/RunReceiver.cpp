#include "worker/RunReceiver.h"

#include "base/EachText.h"
#include "base/LogText.h"
#include "carillon/LogLine.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace carillon {
namespace {

constexpr std::size_t kLongestOutputLine = 4096;
constexpr std::size_t kMostFigures = 256;
/// Messages end up in terminals, mails and pages.
constexpr std::size_t kLongestText = 16'384;

/// Of the values of a message, and of theirs: a sentence needs few. And of the names of codes and values.
constexpr std::size_t kMostValues = 100;
constexpr std::size_t kLongestName = 100;

bool isName(std::string_view text) {
    return text.size() <= kLongestName && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
                      c == '_' || c == '-';
           });
}

/// Whether it is one that a program would make on purpose; `left` counts down.
bool isSound(const Message& message, std::size_t& left) {
    return isName(message.code) &&
           std::all_of(message.values.begin(), message.values.end(), [&left](const auto& value) {
               return left-- > 0 && isName(value.first) && isSound(value.second, left);
           });
}

/// Without its code a message is what its text says.
void makeSound(Message& message) {
    std::size_t left = kMostValues;
    if (isSound(message, left)) return;
    message.code.clear();
    message.values.clear();
}

/// Of what a task asks to be waited for.
constexpr std::chrono::seconds kLongestPause = std::chrono::days(366);

}  // namespace

RunReceiver::RunReceiver(WorkerListener listener) : _listener(std::move(listener)) {}

void RunReceiver::say(TaskMessage message) {
    if (const auto* secret = std::get_if<Secret>(&message)) {
        const std::lock_guard lock(_mutex);
        _redactor.add(secret->text);
        return;
    }
    if (auto* line = std::get_if<LogMessage>(&message)) return log(std::move(*line));
    // An account is asked for to be used, whole, and shown to nobody.
    if (!std::holds_alternative<MailAccount>(message)) std::visit([this](auto& said) { makeFit(said); }, message);
    if (auto* report = std::get_if<RunReport>(&message)) return end(std::move(*report));
    if (auto* failure = std::get_if<TaskFailure>(&message)) _end.error = std::move(failure->text), _saidAll = true;
    if (std::holds_alternative<TaskReturned>(message)) _saidAll = true;
    if (_listener.onMessage) _listener.onMessage(message);
    if (std::holds_alternative<Progress>(message)) tick();
}

template <class Said>
void RunReceiver::makeFit(Said& said) const {
    eachText(said, [this](std::string& text) { text = shown(std::move(text)); });
    eachMessage(said, makeSound);
}

void RunReceiver::log(LogMessage line) {
    if (!_listener.onMessage) return;
    line.level = std::clamp<int>(line.level, Poco::Message::PRIO_FATAL, Poco::Message::PRIO_TRACE);
    const std::lock_guard lock(_mutex);  // one line at a time
    line.text = _redactor.apply(line.text);
    _listener.onMessage(std::move(line));
}

void RunReceiver::end(RunReport report) {
    if (report.outcome == Outcome::Stopped) report.outcome = Outcome::Failed;  // that is for the host to say
    if (report.figures.size() > kMostFigures) {
        report.figures.resize(kMostFigures);
        report.warn(sayHost("run.figures", {{"most", kMostFigures}}));
    }
    if (report.warnings.size() > RunReport::kMaxWarnings) {
        report.warningsOmitted += static_cast<std::int64_t>(report.warnings.size() - RunReport::kMaxWarnings);
        report.warnings.resize(RunReport::kMaxWarnings);
    }
    const bool failed = report.outcome == Outcome::Failed;
    report.givenUp = failed && report.givenUp;
    report.retryAfter = failed && !report.givenUp
                            ? std::clamp(report.retryAfter, std::chrono::seconds(0), kLongestPause)
                            : std::chrono::seconds(0);
    _end.report = std::move(report);
    _saidAll = true;
}

void RunReceiver::printed(std::string_view piece) {
    _output += piece;
    std::size_t begin = 0;
    for (std::size_t end; (end = _output.find('\n', begin)) != std::string::npos; begin = end + 1)
        printedLine(_output.substr(begin, end - begin));
    _output.erase(0, begin);
    if (_output.size() <= 2 * kLongestOutputLine) return;
    // A line without end leaves in pieces. What stays behind is as long as a secret may be: none is cut in two unseen.
    const std::size_t leaving = placeToCut(_output.size() - kLongestOutputLine);
    printedLine(_output.substr(0, leaving));
    _output.erase(0, leaving);
}

void RunReceiver::endPrinted() {
    if (!_output.empty()) printedLine(std::exchange(_output, ""));
}

void RunReceiver::printedLine(const std::string& line) {
    const std::string said = redacted(toUtf8(line));  // as the secrets themselves came
    for (std::size_t begin = 0; begin < said.size(); begin += kLongestOutputLine) {
        std::string text = "plugin.printed text=";
        appendLogValue(text, std::string_view(said).substr(begin, kLongestOutputLine));
        note(text);
    }
}

void RunReceiver::note(const std::string& text) {
    log({Poco::Message::PRIO_WARNING, Poco::Timestamp().epochMicroseconds(), text});
}

void RunReceiver::tick() const {
    if (_listener.onTick) _listener.onTick();
}

std::size_t RunReceiver::placeToCut(std::size_t at) const {
    const std::lock_guard lock(_mutex);
    return _redactor.placeToCut(_output, at);
}

std::string RunReceiver::redacted(std::string text) const {
    const std::lock_guard lock(_mutex);
    return _redactor.apply(std::move(text));
}

/// As people may be shown it, wherever it goes.
std::string RunReceiver::shown(std::string text) const {
    std::string said = visibleText(redacted(std::move(text)));
    if (said.size() <= kLongestText) return said;
    std::size_t end = kLongestText;
    while ((said[end] & 0xc0) == 0x80) --end;  // not within a character
    return said.substr(0, end) + "…";
}

}  // namespace carillon
