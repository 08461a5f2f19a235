#include "api/LiveRoutes.h"

#include "api/Api.h"
#include "base/JsonWriter.h"
#include "http/HttpResponse.h"
#include "logs/LogLineParser.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto kBetweenPages = 200ms;
/// So many lines at each look: what more there is comes with the next ones, or is overtaken.
constexpr std::size_t kLinesAtOnce = 1'000;

/// Who comes with a page that was made a moment ago gets the lines since then.
const Poco::Timespan kMoment(5, 0);

/// Nobody knows how many, or is to know.
const std::string kUnknown = "null";

/// `missed`: a number, or kUnknown.
std::string gapEvent(const std::string& missed, const std::string& id = {}) {
    return liveEvent("gap", R"({"missed":)" + missed + "}", id);
}

Poco::Message::Priority levelOf(const WebCall& call) {
    const std::string text = call.request.query.get("level", "");
    if (text.empty()) return Poco::Message::PRIO_TRACE;
    const auto* const level = std::find(kLogLevels.begin(), kLogLevels.end(), text);
    if (level == kLogLevels.end()) throw HttpRefusal(problem(400, "", sayHost("request.level", {{"given", text}})));
    return static_cast<Poco::Message::Priority>(Poco::Message::PRIO_FATAL + (level - kLogLevels.begin()));
}

}  // namespace

void Live::runEnded(const RunIdentity& identity, const RunReport& report, TimePoint) {
    _progress.ended(identity.run);
    _jobs.ended(identity.job, identity.run, outcomeName(report.outcome), report.message);
}

void Live::runLogged(const std::string& job, const std::string& run, const LogMessage& line) {
    _log.add(
        std::make_shared<LiveLine>(job, run, static_cast<Poco::Message::Priority>(line.level), line.at, line.text));
}

void Live::runProgressed(const std::string& job, const std::string& run, const Progress& how) {
    _progress.progressed(job, run, how);
    _jobs.progressed(job, run, how);
}

class LiveRoutes::JobEvents final : public LiveEvents {
public:
    JobEvents(LiveRoutes& routes, const std::string& job) : _routes(routes), _watch(routes._live.jobs(), job) {}

    std::string take() override {
        _routes.look(std::exchange(_isFirst, false));
        const auto news = _watch.take();
        std::string text;
        if (!news.progress.empty()) text += liveEvent("progress", news.progress);
        if (news.missed > 0) text += gapEvent(std::to_string(news.missed));
        for (const auto& ended : news.ended) text += liveEvent("ended", ended);
        if (!news.state.empty()) text += liveEvent("state", news.state);
        return text;
    }

private:
    LiveRoutes& _routes;
    LiveJobs::Watch _watch;
    bool _isFirst = true;
};

class LiveRoutes::LogEvents final : public LiveEvents {
public:
    /// `job`: empty: all that the caller may view.
    LogEvents(const LiveLog& log, Caller caller, std::string job, Poco::Message::Priority level,
              const std::string& lastId)
        : _log(log), _asker(std::move(caller)), _job(std::move(job)), _level(level) {
        const auto after = _log.numberOf(lastId);
        if (after)
            _next = *after;
        else if (lastId.empty())
            _next = _log.since(Poco::Timestamp() - kMoment, kLinesAtOnce);
        _told = _next;
        _isOfAnother = !lastId.empty() && !after;
    }

    std::string take() override {
        std::string text;
        // What was between the last line of an earlier host and this host's first one is not kept.
        if (std::exchange(_isOfAnother, false)) text += gapEvent(kUnknown, _log.idOf(0));
        const auto piece = _log.read(_next, kLinesAtOnce);
        // How many there were in all would tell of jobs that are not for these eyes.
        const std::string missed = _asker.isLimited() ? kUnknown : std::to_string(piece.missed);
        if (piece.missed > 0) text += gapEvent(missed, _log.idOf(piece.first));
        _next = piece.first;
        for (const auto& line : piece.lines) {
            ++_next;
            if (!isWanted(*line)) continue;
            text += liveEvent("line", line->json(), _log.idOf(_next));
            _told = _next;
        }
        return text;
    }

    // With what was read meanwhile and was not for this client, so that it need not be read again; but for who may not
    // learn that there was something.
    std::string beat() override { return ": alive\nid: " + _log.idOf(_asker.isLimited() ? _told : _next) + "\n\n"; }

private:
    bool isWanted(const LiveLine& line) const {
        if (line.level() > _level) return false;
        return _job.empty() ? _asker.mayView(line.job()) : line.job() == _job;
    }

    const LiveLog& _log;
    const Caller _asker;
    const std::string _job;
    const Poco::Message::Priority _level;
    std::uint64_t _next = 0;
    std::uint64_t _told = 0;  // the last of its lines
    bool _isOfAnother = false;
};

void LiveRoutes::addRoutes(Router& router) {
    router.add("GET", "/live/jobs/{job}", Need::Viewer, [this](const WebCall& call) { return job(call); });
    router.add("GET", "/live/log", Need::Viewer, [this](const WebCall& call) { return log(call); });
}

HttpResponse LiveRoutes::job(const WebCall& call) {
    const std::string name = jobOf(call, *_context.host.configuration()).name();
    return liveAnswer(std::make_shared<JobEvents>(*this, name),
                      [this, caller = call.caller, name] { return mayGoOn(caller, name); });
}

HttpResponse LiveRoutes::log(const WebCall& call) {
    const std::string name = call.request.query.get("job", "");
    if (!name.empty() && (!call.caller.mayView(name) || !_context.host.configuration()->find(name))) refuseJob(name);
    return liveAnswer(std::make_shared<LogEvents>(_live.log(), call.caller, name, levelOf(call),
                                                  call.request.header("Last-Event-ID")),
                      [this, caller = call.caller, name] { return mayGoOn(caller, name); });
}

bool LiveRoutes::mayGoOn(const Caller& caller, const std::string& job) const {
    return _access.stillStands(caller) && (job.empty() || _context.host.configuration()->find(job));
}

/// One client's thread looks for those of all, and the others find what it has found: the scheduler is asked a few
/// times a second, however many watch.
void LiveRoutes::look(bool atOnce) {
    std::unique_lock lock(_lookMutex, std::defer_lock);
    if (atOnce)
        lock.lock();
    else if (!lock.try_lock())
        return;
    const auto now = Steady::now();
    if (!atOnce && now < _lookAt) return;
    _lookAt = now + kBetweenPages;
    try {
        describeDue(now);
    } catch (const Poco::Exception&) {  // the store fails, or the host ends: it stays as it was told
    }
}

void LiveRoutes::describeDue(Steady::time_point now) {
    const auto configuration = _context.host.configuration();
    for (const auto& state : _context.host.jobStates(_live.jobs().watched())) {
        const auto ref = configuration->find(state.job);
        if (ref && _live.jobs().isDue(state, now)) _live.jobs().describe(state.job, jobJson(_context, *ref, state));
    }
}

}  // namespace carillon
