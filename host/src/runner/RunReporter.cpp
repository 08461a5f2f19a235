#include "runner/RunReporter.h"

#include "carillon/LogLine.h"
#include "platform/Interrupts.h"
#include "words/HostTexts.h"

#include <chrono>

namespace carillon {

namespace {

constexpr std::chrono::milliseconds kWaited{50};

}  // namespace

WorkerListener RunReporter::listener(std::function<void()> onTick) {
    WorkerListener listener;
    listener.onMessage = Hearing(
        [this](const LogMessage& line) { write(static_cast<Poco::Message::Priority>(line.level), line.at, line.text); },
        [this](const Progress& how) { progress(how.done, how.total, how.what); },
        [this](const ConfigFault& fault) { _result.faults.push_back(fault); });
    listener.onTick = std::move(onTick);
    return listener;
}

void RunReporter::claimed(const Claim& claim, TimePoint now) {
    _result.identity = claim.identity;
    _result.waited = now - claim.identity.startedAt > kWaited;
    if (_result.waited) _result.identity.startedAt = now;
}

void RunReporter::noteStart(const Claim& claim) {
    for (auto* observer : _observers) observer->runStarted(_result.identity);
    noteClaim(claim);
}

void RunReporter::noteClaim(const Claim& claim) {
    if (claim.abandoned) note(Poco::Message::PRIO_ERROR, "run.abandoned", {{"abandoned", claim.abandoned->id}});
    note(Poco::Message::PRIO_INFORMATION, "run.started", {{"trigger", std::string(nameOf(claim.identity.trigger))}});
}

void RunReporter::end(const WorkerEnd& end, TimePoint finishedAt, const std::string& stoppedBy) {
    auto& report = _result.report;
    report = end.report          ? *end.report
             : end.error.empty() ? RunReport::failed(sayHost("run.noreport"))
                                 : RunReport::failed(end.error);
    if (!stoppedBy.empty()) noteStop(stoppedBy);
    _result.finishedAt = finishedAt;
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(finishedAt - _result.identity.startedAt);
    note(report.outcome == Outcome::Failed ? Poco::Message::PRIO_ERROR : Poco::Message::PRIO_INFORMATION,
         "run.finished",
         {{"outcome", std::string(outcomeName(report.outcome))},
          {"ms", std::to_string(took.count())},
          {"message", report.message}});
}

/// Work that was done all the same stays done, and only the log tells of the wish.
void RunReporter::noteStop(const std::string& by) {
    note(Poco::Message::PRIO_NOTICE, "run.stop_asked", {{"by", by}});
    auto& report = _result.report;
    if (report.outcome != Outcome::Failed) return;
    const Message words = sayHost("run.stoppedby", {{"by", by}});
    report.outcome = Outcome::Stopped;
    report.givenUp = false;
    report.retryAfter = {};
    if (!report.message.text.starts_with(words.text))
        report.message = sayHost("run.stopped", {{"by", by}, {"message", report.message}});
}

void RunReporter::note(Poco::Message::Priority level, const std::string& event,
                       std::initializer_list<std::pair<std::string_view, std::string>> fields) {
    std::string text = event;
    for (const auto& [key, value] : fields) {
        text += ' ' + std::string(key) + '=';
        appendLogValue(text, value);
    }
    write(level, Poco::Timestamp(), text);
}

void RunReporter::write(Poco::Message::Priority level, Poco::Timestamp at, const std::string& text) {
    _log.write(_result.identity.run, level, at, text);
    if (_follower.onLogLine) _follower.onLogLine(text);
    if (level > _log.level()) return;
    for (auto* observer : _observers)
        observer->runLogged(_job, _result.identity.run, {level, at.epochMicroseconds(), text});
}

void RunReporter::progress(std::uint64_t done, std::uint64_t total, const Message& what) {
    if (_follower.onProgress) _follower.onProgress(done, total, what);
    for (auto* observer : _observers) observer->runProgressed(_job, _result.identity.run, {done, total, what});
}

std::string nameOf(const StopSignals& stops) {
    return stops.by.empty() ? nameOfSignal(stops.number) : stops.by;
}

RunEnding endingOf(const RunResult& result, FrenchTexts& french, const std::string& pluginsDir) {
    return {result.report.outcome, result.report.message, toPublicJson(result), result.finishedAt,
            french.searched(result.report.message, pluginsDir)};
}

}  // namespace carillon
