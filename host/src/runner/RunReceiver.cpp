#include "runner/RunReceiver.h"

#include "base/LogText.h"
#include "carillon/LogLine.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

constexpr std::size_t kLongestOutputLine = 4096;

}  // namespace

RunReceiver::RunReceiver(WorkerListener listener) : _listener(std::move(listener)) {}

void RunReceiver::log(Poco::Message::Priority level, Poco::Timestamp at, const std::string& text) {
    if (!_listener.onLog) return;
    const std::lock_guard lock(_mutex);  // one line at a time
    _listener.onLog(level, at, _redactor.apply(text));
}

void RunReceiver::progress(std::uint64_t done, std::uint64_t total, std::string_view what) {
    if (_listener.onProgress) _listener.onProgress(done, total, shown(std::string(what)));
    tick();
}

void RunReceiver::conceal(const std::string& secret) {
    const std::lock_guard lock(_mutex);
    _redactor.add(secret);
}

void RunReceiver::fault(const ConfigFault& fault) {
    if (_listener.onFault) _listener.onFault({shown(fault.file), fault.line, shown(fault.key), shown(fault.problem)});
}

void RunReceiver::check(const Check& check) {
    if (!_listener.onCheck) return;
    Check told{shown(check.name), check.state, shown(check.message), check.details, shown(check.recommendation)};
    for (auto& [name, value] : told.details) name = shown(std::move(name)), value = shown(std::move(value));
    _listener.onCheck(told);
}

void RunReceiver::reject(const Reject& reject) {
    if (!_listener.onReject) return;
    _listener.onReject({reject.id, reject.receivedAt, shown(reject.what), shown(reject.reason), shown(reject.detail),
                        shown(reject.run)});
}

void RunReceiver::planned(const PlannedItem& item) {
    if (_listener.onPlanned)
        _listener.onPlanned({shown(item.what), shown(item.effect), shown(item.reason), shown(item.detail)});
}

/// Whole: it is asked for to be used, and shown to nobody.
void RunReceiver::mailAccount(const MailAccount& account) {
    if (_listener.onMailAccount) _listener.onMailAccount(account);
}

void RunReceiver::plugin(const PluginDescription& plugin) {
    if (_listener.onPlugin) _listener.onPlugin(plugin);
}

void RunReceiver::report(RunReport report) {
    if (report.outcome == Outcome::Stopped) report.outcome = Outcome::Failed;  // that is for the host to say
    report.message = shown(std::move(report.message));
    for (auto& warning : report.warnings) warning = shown(std::move(warning));
    _end.report = std::move(report);
    _saidAll = true;
}

void RunReceiver::error(const std::string& text) {
    _end.error = shown(text);
    _saidAll = true;
}

void RunReceiver::done() {
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
    log(Poco::Message::PRIO_WARNING, Poco::Timestamp(), text);
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
    return visibleText(redacted(std::move(text)));
}

}  // namespace carillon
