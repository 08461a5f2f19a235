#include "api/ApiContext.h"

#include "access/Secrets.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <charconv>
#include <thread>

namespace carillon {
namespace {

/// More threads at once would be done no sooner. One processor is left to the runs, where there are more: a thread that
/// is woken waits some milliseconds for one that another thread computes on.
std::size_t answersAtOnce() {
    return std::max(2U, std::thread::hardware_concurrency()) - 1;
}

constexpr std::size_t kUsualLimit = 50;
constexpr std::size_t kMostOfAList = 500;

}  // namespace

std::optional<std::string> IdempotencyKeys::take(const std::string& key, std::chrono::milliseconds patience) {
    const auto now = _clock.now();
    std::unique_lock lock(_mutex);
    _changed.wait_for(lock, patience, [&] { return !isBeingAnswered(key, now); });
    if (const auto found = _entries.find(key); found != _entries.end() && now - found->second.since < kKept)
        return found->second.run;
    makeRoom(now);
    _entries[key] = {"", now};
    return std::nullopt;
}

void IdempotencyKeys::settle(const std::string& key, const std::string& run) {
    const std::lock_guard lock(_mutex);
    if (const auto found = _entries.find(key); found != _entries.end()) found->second.run = run;
    _changed.notify_all();
}

void IdempotencyKeys::release(const std::string& key) {
    const std::lock_guard lock(_mutex);
    _entries.erase(key);
    _changed.notify_all();
}

bool IdempotencyKeys::isBeingAnswered(const std::string& key, TimePoint now) const {
    const auto found = _entries.find(key);
    return found != _entries.end() && now - found->second.since < kKept && found->second.run.empty();
}

void IdempotencyKeys::makeRoom(TimePoint now) {
    if (_entries.size() < kMost) return;
    std::erase_if(_entries, [now](const auto& entry) { return now - entry.second.since >= kKept; });
    if (_entries.size() < kMost) return;
    _entries.erase(std::min_element(_entries.begin(), _entries.end(),
                                    [](const auto& a, const auto& b) { return a.second.since < b.second.since; }));
}

// One store more than turns: events look for themselves.
ApiContext::ApiContext(const ApiSources& sources)
    : host(sources.host),
      activity(sources.activity),
      progress(sources.progress),
      clock(sources.clock),
      turns(answersAtOnce()),
      stores(sources.stateDir, sources.clock, answersAtOnce() + 1),
      alerts(sources.stateDir, sources.clock),
      standings(host, stores, clock),
      keys(sources.clock) {}

ApiPlace::ApiPlace(std::atomic<int>& taken, int most) : _taken(taken) {
    if (++_taken <= most) return;
    --_taken;
    throw HttpRefusal(problem(503, "too-many-requests", sayHost("request.manywaiting")).with("Retry-After", "5"));
}

void refuseJob(const std::string& name) {
    throw HttpRefusal(problem(404, "no-job", sayHost("request.nojob", {{"job", name}})));
}

JobRef jobOf(const WebCall& call, const Configuration& configuration) {
    const std::string& name = call.argument("job");
    const auto job = configuration.find(name);
    if (!job || !call.caller.mayView(name)) refuseJob(name);
    return *job;
}

JobRef jobToActOn(const WebCall& call, const Configuration& configuration) {
    JobRef job = jobOf(call, configuration);
    if (!call.caller.mayOperate(job.name()))
        throw HttpRefusal(
            problem(403, "", sayHost("request.mayact", {{"who", call.caller.who->name}, {"job", job.name()}})));
    return job;
}

std::size_t countOf(const WebCall& call, const std::string& name, std::size_t usual) {
    if (!call.request.query.has(name)) return usual;
    const std::string& text = call.request.query.get(name);
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || end != text.data() + text.size() || count < 1 || count > kMostOfAList)
        throw HttpRefusal(
            problem(400, "", sayHost("request.count", {{"name", name}, {"given", text}, {"most", kMostOfAList}})));
    return count;
}

std::size_t limitOf(const WebCall& call) {
    return countOf(call, "limit", kUsualLimit);
}

void allowOnly(const WebCall& call, std::initializer_list<std::string_view> names) {
    std::string unknown;
    for (const auto& [name, value] : call.request.query)
        if (std::find(names.begin(), names.end(), name) == names.end())
            unknown += (unknown.empty() ? "" : ", ") + name;
        else if (value.empty())
            throw HttpRefusal(problem(400, "", sayHost("request.emptyquery", {{"name", name}})));
    if (unknown.empty()) return;
    std::string known;
    for (const auto name : names) known.append(known.empty() ? "" : ", ").append(name);
    throw HttpRefusal(problem(
        400, "",
        sayHost(known.empty() ? "request.noquery" : "request.unknownquery", {{"unknown", unknown}, {"known", known}})));
}

std::optional<std::string> cursorOf(const WebCall& call) {
    if (!call.request.query.has("cursor")) return std::nullopt;
    const std::string& text = call.request.query.get("cursor");
    std::string place;
    for (std::size_t at = 0; at + 2 <= text.size(); at += 2) {
        unsigned byte = 0;
        const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, byte, 16);
        if (error != std::errc{} || end != text.data() + at + 2) break;
        place += static_cast<char>(byte);
    }
    if (place.empty() || toHex(place) != text) throw HttpRefusal(problem(400, "", sayHost("request.cursor")));
    return place;
}

std::string encodeCursor(const std::string& place) {
    return toHex(place);
}

HttpResponse jsonAnswer(std::string body, int status) {
    HttpResponse answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

JobNames visibleJobs(const Caller& caller, const Configuration& configuration, const std::string& after,
                     std::size_t most) {
    const std::string fileAfter(fileOfJob(after));
    JobNames found;
    for (const auto& file : configuration.files) {
        if (file->name() < fileAfter) continue;
        for (std::size_t i = 0; i < file->size(); ++i) {
            std::string name = file->jobName(i);
            if (file->name() == fileAfter && name <= after) continue;
            if (!caller.mayView(name)) continue;
            if (found.names.size() == most) {
                found.last = found.names.back();
                return found;
            }
            found.names.push_back(std::move(name));
        }
    }
    return found;
}

}  // namespace carillon
