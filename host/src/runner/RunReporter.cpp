#include "runner/RunReporter.h"

#include "carillon/LogLine.h"
#include "runner/WorkerMessages.h"

#include "Poco/JSON/Array.h"

#include <chrono>

namespace carillon {

using Poco::Message;

WorkerListener RunReporter::listener(std::function<void()> onTick) {
    WorkerListener listener;
    listener.onLog = [this](Message::Priority level, Poco::Timestamp at, const std::string& text) {
        write(level, at, text);
    };
    listener.onProgress = _follower.onProgress;
    listener.onFault = [this](const ConfigFault& fault) { _result.faults.push_back(fault); };
    listener.onTick = std::move(onTick);
    return listener;
}

void RunReporter::noteBegin(const Claim& claim) {
    if (claim.abandoned) note(Message::PRIO_ERROR, "run.abandoned", {{"abandoned", claim.abandoned->id}});
    note(Message::PRIO_INFORMATION, "run.started", {{"trigger", claim.identity.trigger}});
}

void RunReporter::end(const WorkerEnd& end, TimePoint finishedAt) {
    auto& report = _result.report;
    report = end.report          ? *end.report
             : end.error.empty() ? RunReport::failed("the plugin ended without a report")
                                 : RunReport::failed(end.error);
    _result.finishedAt = finishedAt;
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(finishedAt - _result.identity.startedAt);
    note(report.outcome == Outcome::Failed ? Message::PRIO_ERROR : Message::PRIO_INFORMATION, "run.finished",
         {{"outcome", std::string(outcomeName(report.outcome))},
          {"ms", std::to_string(took.count())},
          {"message", report.message}});
}

void RunReporter::note(Message::Priority level, const std::string& event,
                       std::initializer_list<std::pair<std::string_view, std::string>> fields) {
    std::string text = event;
    for (const auto& [key, value] : fields) {
        text += ' ' + std::string(key) + '=';
        appendLogValue(text, value);
    }
    write(level, Poco::Timestamp(), text);
}

void RunReporter::write(Message::Priority level, Poco::Timestamp at, const std::string& text) {
    _log.write(_result.identity.run, level, at, text);
    if (_follower.onLogLine) _follower.onLogLine(text);
}

Poco::JSON::Object::Ptr reportJson(const RunResult& result) {
    const auto json = toJson(result.report);
    Poco::JSON::Object::Ptr all = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    all->set("job", result.identity.job);
    all->set("run", result.identity.run);
    all->set("trigger", result.identity.trigger);
    all->set("outcome", std::string(outcomeName(result.report.outcome)));
    all->set("message", result.report.message);
    all->set("scheduled_at", toRfc3339(result.identity.scheduledAt));
    all->set("started_at", toRfc3339(result.identity.startedAt));
    all->set("finished_at", toRfc3339(result.finishedAt));
    all->set("attempt", result.identity.attempt);
    all->set("host", result.identity.host);
    all->set("counters", json->get("counters"));
    all->set("warnings", json->get("warnings"));
    if (result.report.warningsOmitted > 0) all->set("warnings_omitted", result.report.warningsOmitted);
    return all;
}

RunEnding endingOf(const RunResult& result) {
    return {result.report.outcome, result.report.message, toLine(*reportJson(result)), result.finishedAt};
}

}  // namespace carillon
